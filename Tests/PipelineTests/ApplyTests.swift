import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Sandbox

/// Dry runs that are applied: they do exactly what was predicted, or stop at the first difference.
@Suite struct ApplyTests {
  private static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    fields: {contactId: id, name: name, email: mail, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static let pipeline = """
    pipeline: app
    source: {ndjson: {person: people.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "OUT/out/{mapping}.csv"}}
      table: {sqlite: {path: "OUT/out/all.sqlite", mode: replace}}
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          idempotency: {header: Idempotency-Key}
          responses: {preset: problem+json}
          rate: {concurrent: 1}
          mappings:
            contacts:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              list: {request: "GET /contacts?page={page}", items: items}
              remote_id: id
    """

  private struct Bench: Sendable {
    let folder = TemporaryFolder()
    let environment: [String: String]
    let sandbox: Sandbox

    init(_ address: SandboxAddress, _ sandbox: Sandbox) throws {
      environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
      self.sandbox = sandbox
      try folder.write("contacts.yaml", ApplyTests.mapping)
      try folder.write("waybill.yaml", ApplyTests.pipeline.replacing("OUT", with: folder.path))
    }

    func write(_ names: [String?]) throws {
      let lines = names.enumerated().compactMap { index, name in
        name.map { #"{"id":"c\#(index)","name":"\#($0)","mail":"c\#(index)@example.com"}"# + "\n" }
      }
      try folder.write("people.ndjson", lines.joined())
    }

    func run(
      _ observer: any RunObserver = SilentObserver(), _ change: (inout RunEngine.Options) -> Void = { _ in }
    ) async throws -> RunEngine.Report {
      let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      #expect(diagnostics.all.filter { $0.severity == .error }.map { diagnostics.text(of: $0) } == [])
      var options = RunEngine.Options(
        source: SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment))
      change(&options)
      return await RunEngine(try #require(document), options: options, observer: observer).run()
    }

    func dryRun(_ isCompared: Bool) async throws -> String {
      let report = try await run {
        $0.isDryRun = true
        $0.comparesDestination = isCompared
      }
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      return report.summary.run
    }

    func apply(_ id: String, observer: any RunObserver = SilentObserver()) async throws -> RunEngine.Report {
      try await run(observer) { $0.apply = id }
    }

    /// What Your App has, `c1 Ann`.
    var content: [String] {
      sandbox.app.store[.contacts].sorted.compactMap { record in
        let json = try? JSONReader.read([UInt8(ascii: "{")] + record.fields + [UInt8(ascii: "}")])
        return "\(record.key) \(json?["name"]?.stringValue ?? "")"
      }
    }

    /// Somebody else changes a record.
    func edit(_ key: Name, name: String) throws {
      try sandbox.app.state.withLock { state throws in
        let (place, record) = try #require(state.store.record(.contacts, key: key))
        let fields = String(decoding: record.fields, as: UTF8.self)
        let json = try JSONReader.read("{\(fields)}")
        let members = (json.objectValue ?? []).map { $0.name == "name" ? JSONValue.Member("name", .string(name)) : $0 }
        let body = AppRecordBody(
          key: key, parentKey: nil, fields: Array(JSONValue.object(members).text.utf8.dropFirst().dropLast()))
        _ = try state.store.replace(.contacts, at: place, body, now: 1)
      }
    }

    func counts(_ report: RunEngine.Report, _ destination: String) -> OutcomeCounts {
      report.summary.entities.first?.destinations.first { $0.name == destination }?.counts ?? OutcomeCounts()
    }

    /// The IDs of all runs.
    var runs: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/.waybill/runs")) ?? []
    }

    var files: String { (folder.read("out/contacts.csv") ?? "") }
  }

  private func withBench(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1_000_000)) { address, sandbox in
      let bench = try Bench(address, sandbox)
      try bench.write(["Ann", "Bob", "Cy", "Di", "Eve", nil])
      #expect(try await bench.run().exitCode == .done)
      try bench.write(["Ann", "Bert", "Cy", "Dora", "Eva", "Flo"])
      try await body(bench)
    }
  }

  @Test(arguments: [false, true]) func `what was predicted is done, under the same ID`(isCompared: Bool) async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(isCompared)
      // The source changes: what was staged is applied nevertheless.
      try bench.write(["Other"])
      let report = try await bench.apply(String(id.prefix(20)))
      #expect(report.exitCode == .done && report.summary.run == id, "\(report.summary.messages)")
      #expect(bench.content == ["c0 Ann", "c1 Bert", "c2 Cy", "c3 Dora", "c4 Eva", "c5 Flo"])
      let app = bench.counts(report, "app")
      #expect(app[.unchanged] == 2 && app[.updated] == 3 && app[.created] == 1)
      #expect(bench.counts(report, "table")[.updated] == 3 && bench.files.contains("Flo"))
      #expect(report.summary.forecast.isEmpty)
      let again = try await bench.apply(id)
      #expect(again.exitCode == .usage && again.summary.messages.first?.contains("was already applied") == true)
      // The next run knows everything.
      try bench.write(["Ann", "Bert", "Cy", "Dora", "Eva", "Flo"])
      #expect(bench.counts(try await bench.run(), "app")[.unchanged] == 6)
    }
  }

  @Test(arguments: [false, true]) func `it stops at the record that somebody else has changed`(isCompared: Bool) async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(isCompared)
      try bench.edit("c3", name: "Zoe")
      let report = try await bench.apply(id)
      #expect(report.exitCode == .gateFailed && report.summary.status == .failed, "\(report.summary.messages)")
      let message = report.summary.messages.first ?? ""
      #expect(message.contains("run \(id) stops at 'contacts' c3 ('app')"), "\(message)")
      #expect(bench.content.contains("c3 Zoe") && !bench.content.contains("c4 Eva"))
      if isCompared {
        // The comparison comes first: nothing was written anywhere.
        #expect(bench.content.contains("c1 Bob") && !bench.files.contains("Bert"))
      } else {
        #expect(message.contains("'name' was changed there"))
        // Files and tables come first; of the other records, those under way at that moment may be there.
        #expect(bench.files.contains("Bert") && bench.counts(report, "app")[.pending] > 0)
      }
      #expect(report.canResume)
      // Once it is as it was, the rest is done.
      try bench.edit("c3", name: "Di")
      let rest = try await bench.apply(id)
      #expect(rest.exitCode == .done, "\(rest.summary.messages)")
      #expect(bench.content == ["c0 Ann", "c1 Bert", "c2 Cy", "c3 Dora", "c4 Eva", "c5 Flo"])
    }
  }

  /// Copies everything at each of the `KillPoints`, as a killed process would leave it.
  private final class Copying: RunObserver {
    struct Copy: Sendable {
      let event: Int
      let app: AppState
    }

    private let bench: Bench
    private let first: Int
    private let seen = Locked(0)
    private let copied = Locked<[Copy]>([])

    init(_ bench: Bench, from first: Int) {
      self.bench = bench
      self.first = first
    }

    var copies: [Copy] { copied.withLock { $0 } }

    func receive(_ event: RunEvent) {
      let number = seen.withLock { seen in
        seen += 1
        return seen
      }
      guard KillPoints.contains(number, from: first) else { return }
      // Nothing arrives meanwhile: a process that dies has recorded what it sends before it sends it.
      bench.sandbox.app.state.withLock { state in
        let path = bench.folder.path
        for name in [".waybill", "out"] {
          try? FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(number)-\(name)")
        }
        // A published file is known by its inode, and never written again.
        try? FileManager.default.removeItem(atPath: "\(path)/\(number)-out/contacts.csv")
        try? FileManager.default.linkItem(atPath: "\(path)/out/contacts.csv", toPath: "\(path)/\(number)-out/contacts.csv")
        let kept = state
        copied.withLock { $0.append(Copy(event: number, app: kept)) }
      }
    }

    /// Makes everything as it was, once for each copy.
    func restore(_ copy: Copy) throws {
      let path = bench.folder.path
      for name in [".waybill", "out"] {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        try FileManager.default.moveItem(atPath: "\(path)/\(copy.event)-\(name)", toPath: "\(path)/\(name)")
      }
      bench.sandbox.app.state.withLock { $0 = copy.app }
    }
  }

  @Test(.ends(withinMinutes: 10), arguments: [false, true])
  func `an apply that is killed at any event is finished by the next one`(isCompared: Bool) async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(isCompared)
      let observer = Copying(bench, from: isCompared ? 2 : 1)
      #expect(try await bench.apply(id, observer: observer).exitCode == .done)
      #expect(observer.copies.count > 6)
      for copy in observer.copies {
        try observer.restore(copy)
        let report = try await bench.apply(id)
        let wasOver = report.exitCode == .usage && report.summary.messages.first?.contains("already applied") == true
        #expect(report.exitCode == .done || wasOver, "event \(copy.event): \(report.summary.messages)")
        #expect(bench.content == ["c0 Ann", "c1 Bert", "c2 Cy", "c3 Dora", "c4 Eva", "c5 Flo"], "event \(copy.event)")
        #expect(bench.files.contains("Bert") && bench.files.contains("Flo"), "event \(copy.event)")
      }
    }
  }

  @Test func `a record that is created by somebody else is not overwritten`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      try bench.sandbox.app.state.withLock { state throws in
        let fields = #""contactId":"c5","name":"Theirs","status":"active","createdAt":"2026-01-01T00:00:00Z""#
        _ = try state.store.create(
          .contacts, AppRecordBody(key: "c5", parentKey: nil, fields: Array(fields.utf8)), parent: nil, now: 1)
      }
      let report = try await bench.apply(id)
      #expect(report.exitCode == .gateFailed)
      #expect(report.summary.messages.first?.contains("c5 ('app'): it was created there") == true, "\(report.summary.messages)")
      #expect(bench.content.contains("c5 Theirs"))
    }
  }

  @Test func `a database that has changed stops it before anything is written`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      try SQLiteContent.execute("\(bench.folder.path)/out/all.sqlite", "UPDATE contacts SET name = 'Zoe' WHERE contactId = 'c2'")
      let report = try await bench.apply(id)
      #expect(report.exitCode == .gateFailed)
      #expect(report.summary.messages.first?.contains("'contacts' c2 ('table')") == true, "\(report.summary.messages)")
      #expect(bench.content.contains("c1 Bob") && !bench.files.contains("Bert"))
    }
  }

  @Test func `a file that somebody has edited stops it before anything is written`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      let edited = bench.files.replacing("Ann", with: "Zoe")
      try bench.folder.write("out/contacts.csv", edited)
      let report = try await bench.apply(id)
      #expect(report.exitCode == .gateFailed && bench.files == edited)
      #expect(report.summary.messages.first?.contains("('files')") == true, "\(report.summary.messages)")
      #expect(bench.content.contains("c1 Bob"))
    }
  }

  @Test func `a mapping or a pipeline file that has changed cannot be applied`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      try bench.folder.write("contacts.yaml", Self.mapping.replacing("email: mail", with: "email: {from: mail, do: [upper]}"))
      let report = try await bench.apply(id)
      #expect(report.exitCode == .wrongFile && bench.content.contains("c1 Bob"), "\(report.summary.messages)")
    }
  }

  @Test func `only a complete dry run of this pipeline that is up to date is applied`() async throws {
    try await withBench { bench in
      let real = try await bench.run { $0.destinations = ["files"] }.summary.run
      func refused(_ id: String, _ code: ExitCode, _ text: String) async throws {
        let report = try await bench.apply(id)
        #expect(report.exitCode == code && report.summary.messages.first?.contains(text) == true, "\(report.summary.messages)")
      }
      try await refused(real, .usage, "is not a dry run")
      try await refused("2099", .inputMissing, "there is no run '2099'")
      try await refused("latest", .inputMissing, "there is no dry run")
      let dry = try await bench.dryRun(false)
      let later = try await bench.run { $0.destinations = ["files"] }.summary.run
      try await refused(dry, .usage, "run \(later) of the same pipeline is newer and has published")
      let newest = try await bench.dryRun(false)
      let report = try await bench.apply("latest")
      #expect(report.exitCode == .done && report.summary.run == newest)
    }
  }

  // MARK: Files

  /// Two mappings into files alone.
  private func withFiles(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
    try await withBench { bench in
      let pipeline = Self.pipeline.replacing("[contacts.yaml]", with: "[contacts.yaml, others.yaml]")
      let files = pipeline.split(separator: "\n").prefix { !$0.contains("app:") || $0.hasPrefix("pipeline") }.joined(
        separator: "\n")
      try bench.folder.write("waybill.yaml", files.replacing("OUT", with: bench.folder.path))
      try bench.folder.write("others.yaml", Self.mapping.replacing("name: contacts", with: "name: others"))
      #expect(try await bench.run().exitCode == .done)
      try bench.write(["Ann", "Bill", "Cy", "Dora", "Eva", "Flo"])
      try await body(bench)
    }
  }

  @Test func `the file of a second mapping that somebody has edited stops it`() async throws {
    try await withFiles { bench in
      let id = try await bench.dryRun(false)
      let first = bench.files
      let edited = (bench.folder.read("out/others.csv") ?? "").replacing("Ann", with: "Zoe")
      try bench.folder.write("out/others.csv", edited)
      for _ in 0..<2 {
        let report = try await bench.apply(id)
        #expect(report.exitCode == .gateFailed && bench.files == first && bench.folder.read("out/others.csv") == edited)
        let message = report.summary.messages.first ?? ""
        #expect(message.contains("stops at 'others' ('files'): the file has changed"), "\(message)")
      }
    }
  }

  /// Edits a file when a part is about to be prepared.
  private struct Editing: RunObserver {
    let bench: Bench
    let began = Locked(0)

    func receive(_ event: RunEvent) {
      guard case .stageBegan(.load, let what, _) = event, what == "files others" else { return }
      // First, it is predicted.
      let count = began.withLock { count in
        count += 1
        return count
      }
      if count == 2 { try? bench.folder.write("out/others.csv", "edited") }
    }
  }

  @Test func `a file that somebody edits after the comparison is not replaced`() async throws {
    try await withFiles { bench in
      let id = try await bench.dryRun(false)
      let report = try await bench.apply(id, observer: Editing(bench: bench))
      #expect(report.exitCode == .gateFailed && bench.folder.read("out/others.csv") == "edited")
      let message = report.summary.messages.first ?? ""
      #expect(message.contains("stops at 'others' ('files')") && message.contains("it was left as it is"), "\(message)")
      // The others have been published, and it does not go on as long as the file is another one.
      #expect(bench.files.contains("Bill"))
      #expect(try await bench.apply(id).exitCode == .gateFailed)
      #expect(bench.folder.read("out/others.csv") == "edited")
    }
  }

  @Test func `what earlier runs have staged may be removed before it is applied`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      for run in bench.runs where run != id {
        try? FileManager.default.removeItem(atPath: "\(bench.folder.path)/.waybill/runs/\(run)/staging")
      }
      let report = try await bench.apply(id)
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(bench.content.contains("c1 Bert") && bench.files.contains("Bert"))
    }
  }

  // MARK: Other runs

  @Test func `a run that was published since stops an apply that was stopped`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      try bench.edit("c3", name: "Zoe")
      #expect(try await bench.apply(id).exitCode == .gateFailed)
      try bench.write(["Newer", "Bert", "Cy", "Dora", "Eva", "Flo"])
      let later = try await bench.run { $0.destinations = ["files"] }
      #expect(later.exitCode == .done, "\(later.summary.messages)")
      let report = try await bench.apply(id)
      #expect(report.exitCode == .usage && bench.files.contains("Newer"))
      let message = report.summary.messages.first ?? ""
      #expect(message.contains("run \(later.summary.run) of the same pipeline is newer and has published"), "\(message)")
    }
  }

  @Test func `a later dry run that was killed has published nothing`() async throws {
    try await withBench { bench in
      let id = try await bench.dryRun(false)
      let killed = try await bench.dryRun(false)
      let path = ".waybill/runs/\(killed)/facts.ndjson"
      let facts = try #require(bench.folder.read(path)).split(separator: "\n")
      let kept = facts.prefix { !$0.contains(#""predicted""#) }
      #expect(!kept.isEmpty && kept.count < facts.count)
      try bench.folder.write(path, kept.joined(separator: "\n") + "\n")
      let report = try await bench.apply(id)
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(bench.content.contains("c1 Bert"))
    }
  }
}
