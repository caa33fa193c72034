import Control
import Core
import Extract
import Foundation
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs that were stopped anywhere, and continue from their facts.
@Suite struct ResumeTests {
  /// Two destinations that escape formulas, so that both add lines to the ledger.
  private static let pipeline = Project.pipeline.replacing("[contacts.yaml]", with: "[contacts.yaml, people.yaml]")
    .replacing("  tree:", with: "  more: {csv: {path: \"out/more/{mapping}.csv\"}}\n  tree:")
  private static let input = (0..<90).map { number in
    number % 7 == 0 ? #"{"id":"c\#(number)","firstName":""}"# : #"{"id":"c\#(number)","firstName":"Ada","source":"=\#(number)"}"#
  }.joined(separator: "\n")

  private static func project() throws -> Project {
    let project = try Project(pipeline: pipeline.replacing("max: 3", with: "max: 900"), input: input)
    try project.folder.write("people.yaml", Project.mapping.replacing("name: contacts", with: "name: people"))
    return project
  }

  private static let outputs = [
    "contacts.csv", "contacts.json", "people.csv", "people.json", "more/contacts.csv", "more/people.csv",
  ]

  /// Everything that a run results in, without times and IDs.
  private static func results(_ report: RunEngine.Report, _ project: Project) throws -> [String] {
    var texts = outputs.map { project.folder.read("out/\($0)") ?? "missing" }
    let state = try StateFolder(path: "\(project.folder.path)/.waybill").openRuns()
    let record = try #require(try state.run(report.summary.run))
    texts.append("\(record.location ?? "none") \(record.isWhole ?? false) \(record.narrowed ?? "none")")
    var summary = report.summary
    (summary.run, summary.snapshot, summary.started, summary.finished, summary.durations) = ("", "", "", "", [])
    texts.append(summary.json.text)
    for name in ["outcomes.ndjson", "ledger.ndjson"] {
      let text = try #require(project.file(name, of: report))
      texts.append(
        text.replacing(report.summary.run, with: "ID").replacing(report.summary.snapshot ?? "?", with: "SNAPSHOT")
          .replacing(project.folder.path, with: "").replacing(/"time":"[^"]*"/, with: ""))
    }
    return texts
  }

  /// Cancels the task at the n-th event of a run's stages.
  private final class Interrupting: RunObserver {
    private let left: Locked<Int>

    init(after count: Int) { left = Locked(count) }

    func receive(_ event: RunEvent) {
      switch event {
      case .stageBegan, .stageAdvanced, .stageEnded: count()
      default: break
      }
    }

    private func count() {
      let isDue = left.withLock { left in
        left -= 1
        return left == 0
      }
      if isDue { withUnsafeCurrentTask { $0?.cancel() } }
    }
  }

  private static func run(_ project: Project, after count: Int, resuming id: String? = nil) async throws -> RunEngine.Report {
    let document = try project.document()
    var options = project.options
    options.resume = id
    let final = options
    return await Task { await RunEngine(document, options: final, observer: Interrupting(after: count)).run() }.value
  }

  @Test func `a run that is interrupted again and again ends like one that is not`() async throws {
    let undisturbed = try Self.project()
    let whole = try Self.results(try await undisturbed.run(), undisturbed)
    var stops = 0
    for start in 1... {
      let project = try Self.project()
      let first = try await Self.run(project, after: start)
      guard first.exitCode == .tryLater else {
        #expect(first.exitCode == .done)
        break
      }
      stops += 1
      try Agreement.check(first, in: project)
      #expect(first.canResume)
      // Interrupted once more on the way, then not.
      let second = try await Self.run(project, after: 1 + start % 4, resuming: first.summary.run)
      #expect(second.summary.run == first.summary.run)
      let last = second.exitCode == .done ? second : try await project.run { $0.resume = first.summary.run }
      #expect(last.exitCode == .done, "\(start): \(last.summary.messages)")
      #expect(last.summary.run == first.summary.run && last.summary.started == first.summary.started)
      #expect(try Self.results(last, project) == whole, "\(start)")
      try Agreement.check(last, in: project)
      #expect(!last.canResume)
    }
    #expect(stops > 10)
  }

  /// A process that is killed leaves the facts, and whatever the step under way has written.
  @Test func `a run whose process died continues from its facts`() async throws {
    let undisturbed = try Self.project()
    let report = try await undisturbed.run()
    let whole = try Self.results(report, undisturbed)
    let lines = try #require(undisturbed.file("facts.ndjson", of: report)).split(separator: "\n", omittingEmptySubsequences: true)
    // The last fact is the verdict.
    for count in 0..<lines.count {
      let project = try Self.project()
      let first = try await project.run()
      let (id, folder) = (first.summary.run, ".waybill/runs/\(first.summary.run)")
      let facts = try #require(project.file("facts.ndjson", of: first)).split(separator: "\n")
      // Half a fact, and lines of the ledger that no fact counts.
      try project.folder.write("\(folder)/facts.ndjson", facts[..<count].map { $0 + "\n" }.joined() + #"{"fact":{"st"#)
      let ledger = try #require(project.file("ledger.ndjson", of: first))
      try FileManager.default.removeItem(atPath: "\(project.folder.path)/\(folder)/ledger.ndjson")
      try project.folder.write("\(folder)/ledger.ndjson.part", ledger + "{\"half")
      try Self.unpack(project.folder, folder)
      let state = try StateFolder(path: "\(project.folder.path)/.waybill").openRuns()
      _ = try state.reopen(id)
      let last = try await project.run { $0.resume = id }
      #expect(last.exitCode == .done, "\(count): \(last.summary.messages)")
      #expect(last.summary.run == id)
      #expect(try Self.results(last, project) == whole, "\(count)")
      try Agreement.check(last, in: project)
    }
  }

  /// A killed run has not compressed what it staged.
  private static func unpack(_ root: TemporaryFolder, _ folder: String) throws {
    let names = ["staging", "files", "lines", "more", "tree"].flatMap { place in
      root.names(in: "\(folder)/\(place)").map { "\(place)/\($0)" }
    }
    for name in names where name.hasSuffix(".gz") {
      let path = "\(root.path)/\(folder)/\(name)"
      try Data(StagingTests.unpacked(path)).write(to: URL(filePath: String(path.dropLast(".gz".count))))
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test func `what was published before a stop is not published again`() async throws {
    let project = try Self.project()
    let first = try await project.run()
    let (id, folder) = (first.summary.run, ".waybill/runs/\(first.summary.run)")
    let facts = try #require(project.file("facts.ndjson", of: first)).split(separator: "\n")
    let published = try #require(facts.firstIndex { $0.contains(#""loaded":"#) })
    try project.folder.write("\(folder)/facts.ndjson", facts[...published].map { $0 + "\n" }.joined())
    try Self.unpack(project.folder, folder)
    try project.folder.write("out/contacts.csv", "changed by hand\n")
    let last = try await project.run { $0.resume = id }
    #expect(last.exitCode == .done, "\(last.summary.messages)")
    #expect(project.folder.read("out/contacts.csv") == "changed by hand\n")
    #expect(last.published.count == 6)
    #expect(last.summary.entities.first?.codes == first.summary.entities.first?.codes)
    try Agreement.check(last, in: project)
  }

  /// The summary again has what only the source knows, although this process has not read the source.
  @Test func `a run from the API that is killed before its accounts has the same summary when resumed`() async throws {
    let folder = TemporaryFolder()
    try await SandboxServer.withServer(SandboxOptions(contacts: 40, businesses: 2, limitScale: 1000)) { address, _ in
      let environment = SandboxRunTests.environment(address, folder)
      let document = try SandboxRunTests.document(environment)
      var options = RunEngine.Options(
        source: SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment))
      let first = await RunEngine(document, options: options).run()
      #expect(first.exitCode == .done, "\(first.summary.messages)")
      let place = ".waybill/runs/\(first.summary.run)"
      let facts = try #require(folder.read("\(place)/facts.ndjson")).split(separator: "\n")
      let end = try #require(facts.firstIndex { $0.contains(#""accounted":"#) })
      try folder.write("\(place)/facts.ndjson", facts[..<end].map { $0 + "\n" }.joined())
      try Self.unpack(folder, place)
      let runs = try options.source.state.openRuns()
      let before = try #require(try runs.run(first.summary.run))
      options.resume = first.summary.run
      let last = await RunEngine(document, options: options).run()
      #expect(last.exitCode == .done, "\(last.summary.messages)")
      #expect(last.summary.entities == first.summary.entities)
      #expect(last.summary.requests == first.summary.requests)
      #expect(last.summary.leftOut == first.summary.leftOut)
      #expect(last.summary.outsideBusinesses == first.summary.outsideBusinesses)
      let after = try #require(try runs.run(first.summary.run))
      #expect((after.location, after.isWhole, after.narrowed) == (before.location, before.isWhole, before.narrowed))
    }
  }

  static let variants: [(name: String, change: @Sendable (inout RunEngine.Options) -> Void)] = [
    ("a dry run", { $0.isDryRun = true }),
    ("a narrowed run", { $0.source.limit = 40 }),
    ("a narrowed run that publishes", { ($0.source.limit, $0.publishesPartial) = (40, true) }),
    ("some mappings", { $0.source.mappings = ["people"] }),
    ("some destinations", { $0.destinations = ["tree"] }),
    ("an accepted gate", { $0.acceptedGates = ["rejected"] }),
    ("a lenient run", { $0.isLenient = true }),
  ]

  /// The log is cut before each of the last facts: publishing, accounts, verdict.
  @Test(arguments: 0..<7) func `a run with options, killed late, ends the same way when resumed`(_ index: Int) async throws {
    for missing in 1...4 {
      let project = try Self.project()
      let first = try await project.run(Self.variants[index].change)
      let whole = try Self.results(first, project)
      let place = ".waybill/runs/\(first.summary.run)"
      let facts = try #require(project.file("facts.ndjson", of: first)).split(separator: "\n")
      try project.folder.write("\(place)/facts.ndjson", facts.dropLast(missing).map { $0 + "\n" }.joined())
      try Self.unpack(project.folder, place)
      let last = try await project.run { $0.resume = first.summary.run }
      #expect(last.exitCode == first.exitCode, "\(Self.variants[index].name) \(missing): \(last.summary.messages)")
      #expect(try Self.results(last, project) == whole, "\(Self.variants[index].name) \(missing)")
      try Agreement.check(last, in: project)
    }
  }

  // MARK: Refusals

  @Test func `a run that is over, unknown or outdated, or whose files have changed, is not resumed`() async throws {
    let project = try Self.project()
    let unknown = try await project.run { $0.resume = "20200101" }
    #expect(unknown.exitCode == .inputMissing && unknown.summary.messages.first?.hasPrefix("there is no run '20200101'") == true)
    let stopped = try await Self.run(project, after: 6)
    #expect(stopped.exitCode == .tryLater)
    let before = try #require(project.file("summary.json", of: stopped))
    try project.folder.write("people.yaml", Project.mapping.replacing("name: contacts", with: "name: people") + "\n")
    let changed = try await project.run { $0.resume = stopped.summary.run }
    #expect(changed.exitCode == .wrongFile)
    #expect(changed.summary.messages.first?.hasPrefix("people.yaml has changed since run ") == true)
    try project.folder.write("people.yaml", Project.mapping.replacing("name: contacts", with: "name: people"))
    let pipeline = try #require(project.folder.read("waybill.yaml"))
    try project.folder.write("waybill.yaml", pipeline.replacing("out/{mapping}.csv", with: "out/{mapping}.other"))
    let moved = try await project.run { $0.resume = stopped.summary.run }
    #expect(moved.exitCode == .wrongFile)
    #expect(moved.summary.messages.first?.hasPrefix("the pipeline file ") == true, "\(moved.summary.messages)")
    try project.folder.write("waybill.yaml", pipeline)
    let done = try await project.run { $0.resume = stopped.summary.run }
    #expect(done.exitCode == .done, "\(done.summary.messages)")
    #expect(before != project.file("summary.json", of: done))
    let over = try await project.run { $0.resume = stopped.summary.run }
    #expect(over.exitCode == .usage && over.summary.messages.first?.contains("is over (done)") == true)
    #expect(project.file("summary.json", of: done)?.contains("\"done\"") == true)

    let old = try await Self.run(project, after: 6)
    let newer = try await project.run { $0.source.mappings = ["people"] }
    #expect(newer.exitCode == .done)
    let stale = try await project.run { $0.resume = old.summary.run }
    #expect(stale.exitCode == .usage)
    #expect(stale.summary.messages.first?.contains("is newer and has published") == true)
    // A complete run removes what the old one staged.
    #expect(try await project.run().exitCode == .done)
    let gone = try await project.run { $0.resume = old.summary.run }
    #expect(gone.exitCode == .inputMissing && gone.summary.messages.first?.contains("cannot be resumed") == true)
  }

  @Test func `a gate that failed is final, and a resumed run keeps its options`() async throws {
    let project = try Self.project()
    try project.folder.write("waybill.yaml", Self.pipeline.replacing("max: 3", with: "max: 9"))
    let failed = try await project.run()
    #expect(failed.exitCode == .gateFailed && !failed.canResume)
    #expect(try await project.run { $0.resume = failed.summary.run }.exitCode == .usage)
    let document = try project.document()
    var options = project.options
    options.acceptedGates = ["rejected"]
    options.source.limit = 40
    let final = options
    let stopped = await Task { await RunEngine(document, options: final, observer: Interrupting(after: 6)).run() }.value
    #expect(stopped.exitCode == .tryLater)
    let last = try await project.run { $0.resume = stopped.summary.run }
    #expect(last.exitCode == .done, "\(last.summary.messages)")
    #expect(last.summary.narrowing?.limit == 40 && last.summary.acceptedGates == ["rejected"])
    #expect(last.published.isEmpty && last.kept.count == 6)
    try Agreement.check(last, in: project)
  }
}
