import Control
import Core
import Extract
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs with destinations that take records one by one.
@Suite struct IncrementalRunTests {
  static let tasks = """
    mapping: 1
    name: tasks
    source: {entity: task, key: id}
    target: {entity: task, key: taskId}
    fields: {taskId: id}
    """

  /// Two mappings into `files`, `app` and `crm`; tests say what the last two are.
  static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson, task: in/tasks.ndjson}}
    mappings: [contacts.yaml, tasks.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
      app: {csv: {path: "app/{mapping}.csv"}}
      crm: {csv: {path: "crm/{mapping}.csv"}}
    """

  private let project: Project

  init() throws {
    let contacts = (1...5).map { #"{"id":"c\#($0)","firstName":"Ann \#($0)","email":"ann\#($0)@example.com"}"# + "\n" }.joined()
    project = try Project(pipeline: Self.pipeline, input: contacts)
    try project.folder.write("tasks.yaml", Self.tasks)
    try project.folder.write("in/tasks.ndjson", (1...3).map { #"{"id":"t\#($0)"}"# + "\n" }.joined())
  }

  private func run(
    _ destinations: [ScriptedDestination], to names: [String]? = nil, _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    try await project.run { options in
      options.destinations = names
      options.makeDestination = { document in
        destinations.first { $0.name.isExactly(document.name) }
      }
      change(&options)
    }
  }

  private func outcomes(_ report: RunEngine.Report, _ destination: String) throws -> [String: JSONValue] {
    let text = try #require(project.file("outcomes.ndjson", of: report))
    let lines = try text.split(separator: "\n").map { try JSONReader.read(String($0)) }
      .filter { $0["destination"] == .string(destination) }
    return Dictionary(uniqueKeysWithValues: lines.map { ($0["record"]?.stringValue ?? "", $0) })
  }

  private func counts(_ report: RunEngine.Report, _ mapping: String, _ destination: String) -> OutcomeCounts? {
    report.summary.entities.first { $0.name == mapping }?.destinations.first { $0.name == destination }?.counts
  }

  /// `MAPPING.rejects.csv` of a destination, without its header: the first six cells of each row.
  private func rejects(_ report: RunEngine.Report, _ path: String) throws -> [[String]] {
    Agreement.rows(of: try #require(project.file("\(path).rejects.csv", of: report))).dropFirst().map { Array($0.prefix(6)) }
  }

  // MARK: Outcomes

  @Test func `a refused field is explained in the ledger, the outcomes and the rejects`() async throws {
    let app = ScriptedDestination("app") { _, key in
      switch key {
      case "c2":
        .refuse(
          LoadProblem(
            .destinationRefused, column: 2, record: "", line: 0, detail: "is taken", status: 422, trace: "t-2", attempt: 3))
      case "c3": .leave(LoadProblem(.resultUnknown, severity: .warning, record: "", line: 0))
      case "c4": .takeWithout(column: 1)
      default: .take
      }
    }
    let report = try await run([app], to: ["files", "app"])
    #expect(report.exitCode == .recordsFailed && report.summary.status == .partial && !report.canResume)
    #expect(
      report.summary.messages == ["1 record of 'contacts' at 'app' failed", "1 record of 'contacts' at 'app' is pending"])
    try Agreement.check(report, in: project)
    let refused = "'email': 'app' refused the value with status 422: is taken"
    let unknown = "the record was sent, but its result is not known: the next run asks 'app' before it sends anything else"
    let outcomes = try outcomes(report, "app")
    #expect(
      outcomes["c2"]?.text
        == #"{"mapping":"contacts","record":"c2","destination":"app","outcome":"failed","line":2,"code":"destination-refused","#
        + #""field":"email","reason":"\#(refused)"}"#)
    #expect(outcomes["c3"]?["reason"] == .string(unknown) && outcomes["c3"]?["code"] == .string("result-unknown"))
    #expect(outcomes["c4"]?["outcome"] == .string("created") && outcomes["c4"]?["code"] == nil)
    #expect(
      try rejects(report, "app/contacts") == [
        ["c2", "failed", "2", "destination-refused", "email", refused], ["c3", "pending", "3", "result-unknown", "", unknown],
      ])
    #expect(try rejects(report, "files/contacts") == [])
    let ledger = try #require(project.file("ledger.ndjson", of: report)).split(separator: "\n").map {
      try JSONReader.read(String($0))
    }
    let line = try #require(ledger.first { $0["code"] == .string("destination-refused") })
    #expect(line["rule"]?["line"] == .number(8) && line["http"]?["status"] == .number(422) && line["attempt"] == .number(3))
    #expect(ledger.count { $0["code"] == .string("not-applied") } == 1)
  }

  @Test func `where a record has several lines, the first error counts`() async throws {
    let problems = [
      (ProblemCode.notApplied, Severity.warning), (.notSent, .warning), (.alreadyExists, .error), (.destinationRefused, .error),
    ]
    .map { LoadProblem($0.0, severity: $0.1, record: "", line: 0) }
    let app = ScriptedDestination("app") { _, _ in .refuseFor(problems) }
    let report = try await run([app], to: ["app"]) { $0.source.mappings = ["contacts"] }
    #expect(try outcomes(report, "app").values.map { $0["code"] } == Array(repeating: .string("already-exists"), count: 5))
    #expect(report.summary.entities.first?.codes["not-applied"] == 5)
    try Agreement.check(report, in: project)
  }

  @Test func `more problems than are kept in memory are all reported`() async throws {
    let count = 12_000
    try project.folder.write(
      "in/contacts.ndjson", (0..<count).map { #"{"id":"c\#($0)","firstName":"Ann"}"# + "\n" }.joined())
    let refusal = LoadProblem(.destinationRefused, record: "", line: 0, detail: "no")
    let (app, crm) = (
      ScriptedDestination("app") { _, _ in .refuse(refusal) }, ScriptedDestination("crm") { _, _ in .refuse(refusal) }
    )
    let report = try await run([app, crm], to: ["app", "crm"]) { $0.source.mappings = ["contacts"] }
    #expect(counts(report, "contacts", "app")?[.failed] == count && counts(report, "contacts", "crm")?[.failed] == count)
    #expect(report.summary.entities.first?.codes["destination-refused"] == 2 * count)
    try Agreement.check(report, in: project)
  }

  // MARK: Stopped and broken destinations

  @Test(arguments: [
    (OperationFailure.Code.circuitOpen, ExitCode.circuitOpen, RunStatus.failed), (.notAuthorised, .notAuthorised, .failed),
    (.unreachable, .unreachable, .failed), (.askedToWait, .tryLater, .interrupted),
  ])
  func `a stopped destination holds back no other, and is resumed`(
    _ code: OperationFailure.Code, _ exitCode: ExitCode, _ status: RunStatus
  ) async throws {
    let isBroken = Locked(true)
    let app = ScriptedDestination("app") { _, key in
      key == "c3" && isBroken.withLock { $0 } ? .stop(OperationFailure(code, "it gave up")) : .take
    }
    let crm = ScriptedDestination("crm")
    let report = try await run([app, crm])
    #expect(report.exitCode == exitCode && report.summary.status == status && report.canResume)
    #expect(report.summary.messages == ["'app' did not take all records of 'contacts', 'tasks': it gave up"])
    #expect(app.keys == ["contacts c1", "contacts c2"] && app.begun == ["contacts", "tasks"])
    #expect(crm.keys.count == 8)
    #expect(counts(report, "contacts", "app")?[.created] == 2 && counts(report, "contacts", "app")?[.pending] == 3)
    #expect(counts(report, "tasks", "app")?[.pending] == 3 && counts(report, "tasks", "crm")?[.created] == 3)
    #expect(try outcomes(report, "app")["t1"]?["reason"] == .string("the record was not sent to 'app': it gave up"))
    try Agreement.check(report, in: project)

    isBroken.withLock { $0 = false }
    app.restart()
    let resumed = try await run([app, crm]) { $0.resume = report.summary.run }
    #expect(resumed.exitCode == .done, "\(resumed.summary.messages)")
    #expect(app.keys.count == 8 && crm.begun == ["contacts", "tasks"], "only what was stopped is loaded again")
    #expect(counts(resumed, "contacts", "app")?[.unchanged] == 2 && counts(resumed, "contacts", "app")?[.created] == 3)
    #expect(!resumed.canResume)
    try Agreement.check(resumed, in: project)
    // The ledger still says what happened in the first attempt.
    #expect(resumed.summary.entities.map { $0.codes["not-sent"] } == [3, 3])
  }

  @Test(
    arguments: [
      (OperationFailure.Code.askedToWait, ExitCode.tryLater, RunStatus.interrupted, 7_200 as Int?),
      (.circuitOpen, .circuitOpen, .failed, nil), (.notAuthorised, .notAuthorised, .failed, nil),
      (.unreachable, .unreachable, .failed, nil),
    ], [false, true])
  func `a failed record does not hide that a destination was stopped`(
    _ stop: (code: OperationFailure.Code, exitCode: ExitCode, status: RunStatus, seconds: Int?), _ isElsewhere: Bool
  ) async throws {
    let refusal = LoadProblem(.destinationRefused, record: "", line: 0, detail: "no", status: 422)
    let failure = OperationFailure(stop.code, "it gave up", retryAfterSeconds: stop.seconds)
    let isStopping = Locked(true)
    let app = ScriptedDestination("app") { _, key in
      if key == "c3", isStopping.withLock({ $0 }) { return .stop(failure) }
      return key == "c1" && !isElsewhere ? .refuse(refusal) : .take
    }
    let crm = ScriptedDestination("crm") { _, key in key == "c1" && isElsewhere ? .refuse(refusal) : .take }
    let report = try await run([app, crm])
    #expect(report.exitCode == stop.exitCode && report.summary.status == stop.status && report.canResume)
    #expect(report.summary.retryAfterSeconds == stop.seconds)
    #expect(
      report.summary.messages == [
        "'app' did not take all records of 'contacts', 'tasks': it gave up",
        "1 record of 'contacts' at '\(isElsewhere ? "crm" : "app")' failed",
      ])
    isStopping.withLock { $0 = false }
    app.restart()
    let resumed = try await run([app, crm]) { $0.resume = report.summary.run }
    #expect(resumed.exitCode == .recordsFailed, "the rest is loaded: \(resumed.summary.messages)")
  }

  @Test(arguments: [
    (OperationFailure.Code.circuitOpen, ExitCode.circuitOpen), (.notAuthorised, .notAuthorised), (.unreachable, .unreachable),
  ])
  func `of two destinations that were stopped, the worse one counts`(_ other: OperationFailure.Code, _ exitCode: ExitCode)
    async throws
  {
    let app = ScriptedDestination("app") { _, _ in .stop(OperationFailure(.askedToWait, "later", retryAfterSeconds: 600)) }
    let crm = ScriptedDestination("crm") { _, _ in .stop(OperationFailure(other, "it gave up")) }
    let report = try await run([app, crm])
    #expect(report.exitCode == exitCode && report.summary.retryAfterSeconds == nil)
    #expect(report.summary.messages.count == 2)
  }

  @Test func `a broken session ends the run, but not the other destination's part`() async throws {
    let isBroken = Locked(true)
    let app = ScriptedDestination("app") { _, key in
      if key == "c2" { return .leave(LoadProblem(.resultUnknown, severity: .warning, record: "", line: 0)) }
      return key == "c3" && isBroken.withLock { $0 } ? .throw(OperationFailure(.unreachable, "no route")) : .take
    }
    let crm = ScriptedDestination("crm")
    let report = try await run([app, crm])
    #expect(report.exitCode == .unreachable && report.summary.messages == ["no route"] && report.canResume)
    #expect(crm.keys.count == 5 && crm.begun == ["contacts"], "tasks were not begun")
    #expect(counts(report, "contacts", "crm")?[.created] == 5 && counts(report, "contacts", "app")?[.pending] == 4)
    let outcomes = try outcomes(report, "app")
    #expect(outcomes["c4"]?["reason"] == .string("not sent: no route") && outcomes["c2"]?["code"] == .string("result-unknown"))
    #expect(outcomes["t1"]?["reason"] == .string("not sent: no route"))
    try Agreement.check(report, in: project)

    isBroken.withLock { $0 = false }
    let resumed = try await run([app, crm]) { $0.resume = report.summary.run }
    #expect(crm.begun == ["contacts", "tasks"] && app.begun == ["contacts", "contacts", "tasks"])
    #expect(resumed.exitCode == .recordsFailed, "one is still pending")
    // The line of the first attempt is before the end of what `crm` had completed, so it stays.
    #expect(resumed.summary.entities.first?.codes["result-unknown"] == 2)
    try Agreement.check(resumed, in: project)
  }

  @Test(.timeLimit(.minutes(2))) func `a slow destination does not hold back another`() async throws {
    let (lastTaken, signal) = AsyncStream.makeStream(of: Void.self)
    let app = ScriptedDestination("app") { _, key in
      key == "c1" ? .wait { for await _ in lastTaken { break } } : .take
    }
    let crm = ScriptedDestination("crm") { _, key in key == "c5" ? .wait { signal.yield() } : .take }
    let report = try await run([app, crm], to: ["app", "crm"])
    #expect(report.exitCode == .done && app.keys == crm.keys)
    try Agreement.check(report, in: project)
  }

  @Test(.timeLimit(.minutes(2))) func `what was reported before an interruption is kept, and the rest is resumed`() async throws {
    let (reached, signal) = AsyncStream.makeStream(of: Void.self)
    let isFirst = Locked(true)
    let app = ScriptedDestination("app") { _, key in
      guard key == "c3",
        isFirst.withLock({ value in
          defer { value = false }; return value
        })
      else { return .take }
      return .wait {
        signal.yield()
        try? await Task.sleep(for: .seconds(600))
      }
    }
    let running = Task { try await run([app], to: ["files", "app"]) }
    for await _ in reached { break }
    running.cancel()
    let report = try await running.value
    #expect(report.exitCode == .tryLater && report.summary.status == .interrupted && report.canResume)
    #expect(counts(report, "contacts", "app")?[.created] == 2 && counts(report, "contacts", "app")?[.pending] == 3)
    #expect(try outcomes(report, "app")["c4"]?["reason"] == .string("not sent: interrupted"))
    #expect(counts(report, "contacts", "files")?[.written] == 5)
    try Agreement.check(report, in: project)
    let resumed = try await run([app]) { $0.resume = report.summary.run }
    #expect(resumed.exitCode == .done && app.keys.count == 8)
    #expect(counts(resumed, "contacts", "app")?[.unchanged] == 2)
    try Agreement.check(resumed, in: project)
  }

  @Test func `a newer run that has sent records keeps an older one from being resumed`() async throws {
    let stops = Locked(true)
    let app = ScriptedDestination("app") { _, key in
      key == "c3" && stops.withLock { $0 } ? .stop(OperationFailure(.circuitOpen, "it gave up")) : .take
    }
    let first = try await run([app], to: ["app"])
    #expect(first.exitCode == .circuitOpen)
    stops.withLock { $0 = false }
    app.restart()
    #expect(try await run([app], to: ["app"]).exitCode == .done)
    let resumed = try await run([app]) { $0.resume = first.summary.run }
    #expect(resumed.exitCode == .usage)
    #expect(resumed.summary.messages.first?.contains("is newer") == true, "\(resumed.summary.messages)")
  }

  // MARK: Narrowed and dry runs

  @Test func `a narrowed run sends as usual and replaces no file`() async throws {
    let app = ScriptedDestination("app")
    let report = try await run([app], to: ["files", "app"]) { $0.source.limit = 2 }
    #expect(report.exitCode == .done && !report.canResume)
    #expect(app.keys == ["contacts c1", "contacts c2", "tasks t1", "tasks t2"])
    #expect(counts(report, "contacts", "app")?[.created] == 2 && counts(report, "contacts", "files")?[.pending] == 2)
    #expect(try outcomes(report, "files")["c1"]?["reason"] == .string("not published: the run was narrowed (at most 2 records)"))
    #expect(report.published == [] && report.kept.count == 2 && project.folder.names(in: "out") == [])
    try Agreement.check(report, in: project)
    let store = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try store.run(report.summary.run)?.isWhole == false)
    #expect(try store.lastWritten("contacts", pipeline: "test", location: "files") == nil)
    let all = try await run([app], to: ["files", "app"]) { options in
      options.source.limit = 2
      options.publishesPartial = true
    }
    #expect(counts(all, "contacts", "app")?[.unchanged] == 2 && counts(all, "contacts", "files")?[.written] == 2)
    try Agreement.check(all, in: project)
  }

  @Test(arguments: [false, true]) func `a dry run sends nothing`(_ isNarrowed: Bool) async throws {
    let app = ScriptedDestination("app")
    let report = try await run([app], to: ["files", "app"]) { options in
      options.isDryRun = true
      options.source.limit = isNarrowed ? 2 : nil
    }
    #expect(report.exitCode == .done && app.begun == [] && app.keys == [])
    #expect(try outcomes(report, "app")["c1"]?["reason"] == .string("not sent: a dry run"))
    #expect(try outcomes(report, "files")["c1"]?["reason"] == .string("not published: a dry run"))
    try Agreement.check(report, in: project)
  }

  @Test func `a failed gate sends nothing`() async throws {
    try project.folder.write("waybill.yaml", Self.pipeline + "\ngates: {read: {min: 100}}\n")
    let app = ScriptedDestination("app")
    let report = try await run([app], to: ["files", "app"])
    #expect(report.exitCode == .gateFailed && app.begun == [] && !report.canResume)
    #expect(try outcomes(report, "app")["c1"]?["reason"]?.stringValue?.hasPrefix("not sent: gate read") == true)
    try Agreement.check(report, in: project)
  }

  @Test func `the next run compares with everything that was let through`() async throws {
    let app = ScriptedDestination("app") { _, key in
      key == "c1" ? .take : .refuse(LoadProblem(.destinationRefused, record: "", line: 0))
    }
    let first = try await run([app], to: ["app"])
    #expect(first.exitCode == .recordsFailed)
    let second = try await run([app], to: ["app"])
    let last = second.summary.gates.compactMap(\.last)
    #expect(last.map(\.count) == [5, 3], "not only what the destination accepted: \(second.summary.gates.map(\.text))")
  }
}
