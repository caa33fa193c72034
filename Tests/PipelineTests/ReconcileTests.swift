import Control
import Core
import Extract
import Foundation
import Load
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// `waybill reconcile`: what runs have loaded, compared with what is there.
@Suite struct ReconcileTests {
  private static func reconcile(
    _ project: Project, _ change: (inout ReconcileEngine.Options) -> Void = { _ in }
  ) async throws -> ReconcileReport {
    var options = ReconcileEngine.Options(source: project.options.source)
    change(&options)
    return try await ReconcileEngine(try project.document(), options: options, observer: SilentObserver()).run()
  }

  private static func failure(
    _ project: Project, _ change: (inout ReconcileEngine.Options) -> Void = { _ in }
  ) async -> OperationFailure? {
    do {
      _ = try await reconcile(project, change)
      return nil
    } catch {
      return OperationFailure(error)
    }
  }

  private static let pipeline = Project.pipeline.replacing(
    "  tree:", with: "  base: {sqlite: {path: out/app.sqlite, table: people, mode: upsert}}\n  tree:")

  @Test func `files and tables that nobody has touched are equal`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: NarrowedRunTests.input)
    let run = try await project.run()
    let report = try await Self.reconcile(project)
    #expect(report.run == run.summary.run && report.isEqual && report.exitCode == .done && report.overlaid == [])
    #expect(report.parts.map { "\($0.destination) \($0.counts.readBy)" } == ["base table", "files file", "tree file"])
    #expect(report.parts.allSatisfy { $0.counts.loaded == run.summary.entities[0].destinations[0].counts[.written] })
    #expect(report.file == nil && report.count == 0)
    #expect(project.file("differences.ndjson", of: run) == nil)
    #expect(try JSONReader.read(try #require(project.file("reconcile.json", of: run))) == report.json)
    #expect(!project.folder.names(in: ".waybill/runs/\(run.summary.run)").contains { $0.hasSuffix(".part") })
  }

  @Test func `differences are in a file, masked, until they are gone`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    let run = try await project.run()
    let csv = try #require(project.folder.read("out/contacts.csv"))
    try project.folder.write(
      "out/contacts.csv", csv.replacing("ada@example.com", with: "eva@example.com").replacing("London", with: ""))
    try SQLiteContent.execute("\(project.folder.path)/out/app.sqlite", "DELETE FROM people WHERE contactId = 'c2'")
    let report = try await Self.reconcile(project)
    #expect(!report.isEqual && report.exitCode == .gateFailed && report.count == 3)
    let path = try #require(report.file)
    #expect(path.hasSuffix("/\(run.summary.run)/differences.ndjson"))
    let text = try #require(project.file("differences.ndjson", of: run))
    let lines = text.split(separator: "\n").map(String.init)
    let head = #"{"run":"\#(run.summary.run)","destination":"#
    #expect(
      lines == [
        head + #""base","mapping":"contacts","key":"c2","what":"missing"}"#,
        head
          + #""files","mapping":"contacts","key":"c1","what":"different","field":"email","loaded":"xxx@xxxxxxx.xxx","stored":"xxx@xxxxxxx.xxx"}"#,
        head
          + #""files","mapping":"contacts","key":"c1","what":"different","field":"address.city","loaded":"Xxxxxx","stored":null}"#,
      ])
    #expect(project.folder.mode(of: ".waybill/runs/\(run.summary.run)/differences.ndjson") == 0o600)
    #expect(!text.contains("London") && !text.contains("example"))
    try project.folder.write("out/contacts.csv", csv)
    let one = try await Self.reconcile(project) { $0.source.destinations = ["files"] }
    #expect(one.isEqual && one.parts.count == 1)
    #expect(project.file("differences.ndjson", of: run) == nil)
    let output = "\(project.folder.path)/found.ndjson"
    #expect(try await Self.reconcile(project) { $0.output = output }.file == output)
    #expect(project.folder.read("found.ndjson")?.split(separator: "\n").count == 1)
  }

  @Test func `later narrowed runs are taken into account`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: NarrowedRunTests.input)
    let whole = try await project.run()
    let changed = NarrowedRunTests.input.replacing("Ada", with: "Eva")
    try project.folder.write("in/contacts.ndjson", changed)
    let narrowed = try await project.run {
      $0.source.limit = 1
      $0.publishesPartial = true
    }
    #expect(narrowed.exitCode == .done)
    let report = try await Self.reconcile(project)
    #expect(report.run == whole.summary.run && report.isEqual)
    #expect(report.overlaid == [narrowed.summary.run])
    // The file is the one of the narrowed run, which has replaced it.
    let loaded = Dictionary(uniqueKeysWithValues: report.parts.map { ($0.destination, $0.counts.loaded) })
    #expect(loaded["files"] == 1 && loaded["tree"] == 1 && loaded["base"] ?? 0 > 1)
    let named = try await Self.reconcile(project) { $0.run = whole.summary.run }
    #expect(named.parts.map(\.destination) == ["base"] && named.exitCode == .usage)
    #expect(
      named.failures.count == 2
        && named.failures.allSatisfy {
          $0.failure.description.contains("was replaced by run \(narrowed.summary.run): reconcile that run")
        })
    #expect(try await Self.reconcile(project) { $0.run = "latest" }.run == narrowed.summary.run)
  }

  @Test func `each part is compared with the newest run that has loaded all of it`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    let whole = try await project.run()
    let chosen = try await project.run { $0.source.destinations = ["files"] }
    #expect(chosen.exitCode == .done)
    let json = try #require(project.folder.read("out/contacts.json"))
    try project.folder.write("out/contacts.json", json.replacing("Ada", with: "Eva"))
    let report = try await Self.reconcile(project)
    #expect(report.run == chosen.summary.run && report.overlaid == [whole.summary.run] && report.missing.isEmpty)
    #expect(report.parts.map(\.runs) == [[whole.summary.run], [chosen.summary.run], [whole.summary.run]])
    #expect(report.parts.map(\.counts.different) == [0, 0, 1])
    // Each line names the run that its part was compared with.
    #expect(report.differences.map { $0["run"] } == [.string(whole.summary.run)])
    #expect(try await Self.reconcile(project) { $0.source.destinations = ["tree"] }.run == chosen.summary.run)
  }

  @Test func `a part that no run has loaded is named`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    _ = try await project.run { $0.source.destinations = ["files"] }
    let report = try await Self.reconcile(project)
    #expect(report.isEqual && !report.isComplete && report.parts.map(\.destination) == ["files"])
    #expect(report.missing.map { $0.destination }.sorted() == ["base", "tree"])
    #expect(report.json["not_loaded"]?.arrayValue?.count == 2)
  }

  @Test func `a later run that was interrupted while it published is named`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: NarrowedRunTests.input)
    let whole = try await project.run()
    let later = try await project.run {
      $0.source.limit = 1
      $0.publishesPartial = true
    }
    // It is killed before it can say what it has published.
    let facts = ".waybill/runs/\(later.summary.run)/facts.ndjson"
    let lines = try #require(project.folder.read(facts)).split(separator: "\n")
    let kept = lines.prefix { !$0.contains("\"loaded\"") }
    #expect(kept.count < lines.count)
    try project.folder.write(facts, kept.map { $0 + "\n" }.joined())
    let failure = await Self.failure(project)
    #expect(failure?.code == .usage && failure?.description.contains("run --resume \(later.summary.run)") == true)
    let named = await Self.failure(project) { $0.run = whole.summary.run }
    #expect(named?.description.contains("run \(later.summary.run) was interrupted") == true)
  }

  @Test func `a file whose path has the run is not replaced by a later run`() async throws {
    let pipeline = Project.pipeline.replacing("out/{mapping}.csv", with: "out/{run}-{mapping}.csv")
    let project = try Project(pipeline: pipeline, input: NarrowedRunTests.input)
    let whole = try await project.run()
    let later = try await project.run {
      $0.source.limit = 1
      $0.publishesPartial = true
    }
    #expect(later.exitCode == .done)
    let report = try await Self.reconcile(project) { $0.source.destinations = ["files"] }
    #expect(report.isEqual && report.parts.map(\.runs) == [[whole.summary.run]])
  }

  @Test func `the report replaces nothing that a destination has`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    _ = try await project.run()
    for name in ["out/contacts.csv", "out/app.sqlite", "out/../out/contacts.json"] {
      let failure = await Self.failure(project) {
        $0.output = "\(project.folder.path)/\(name)"
        $0.source.destinations = ["files"]
      }
      #expect(failure?.code == .usage && failure?.description.contains("--output would overwrite the output of") == true)
    }
    // What somebody may need, even beside the destinations.
    try project.folder.write("out/empty.ndjson", "")
    for (name, text) in [("notes.txt", "mine"), ("other.ndjson", #"{"run":"r","key":"c1"}"# + "\n"), ("out/old.csv", "id\n1\n")] {
      try project.folder.write(name, text)
      let failure = await Self.failure(project) { $0.output = "\(project.folder.path)/\(name)" }
      #expect(failure?.code == .usage && failure?.description.contains("is not a list of differences") == true)
      #expect(project.folder.read(name) == text)
    }
    let csv = try #require(project.folder.read("out/contacts.csv"))
    try project.folder.write("out/contacts.csv", csv.replacing("London", with: "Paris"))
    for _ in 0..<2 {
      let report = try await Self.reconcile(project) { $0.output = "\(project.folder.path)/out/empty.ndjson" }
      #expect(report.count == 1)
    }
    try project.folder.write("out/contacts.csv", csv)
    #expect(try await Self.reconcile(project).isEqual)
    let reading = await Self.failure(project) { $0.reading = .list }
    #expect(reading?.code == .usage && reading?.description.contains("--by requires an `http` destination") == true)
  }

  @Test func `a part that cannot be read does not hide the others`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    let run = try await project.run()
    let csv = try #require(project.folder.read("out/contacts.csv"))
    try project.folder.write("out/contacts.csv", "")
    try SQLiteContent.execute("\(project.folder.path)/out/app.sqlite", "DELETE FROM people WHERE contactId = 'c2'")
    let empty = try await Self.reconcile(project)
    #expect(empty.parts.map(\.destination) == ["base", "tree"] && empty.failures.map(\.destination) == ["files"])
    #expect(!empty.isEqual && empty.count == 1 && empty.exitCode == .wrongFile)
    #expect(try JSONReader.read(try #require(project.file("reconcile.json", of: run))) == empty.json)
    #expect(empty.json["failed"]?.arrayValue?[0]["destination"] == .string("files"))
    try project.folder.write("out/contacts.csv", csv)
    let tree = try #require(project.folder.read("out/contacts.json"))
    try project.folder.write("out/contacts.json", String(tree.dropLast(20)))
    let cut = try await Self.reconcile(project)
    #expect(cut.failures.map(\.destination) == ["tree"] && cut.count == 1)
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/out/contacts.json")
    #expect(try await Self.reconcile(project).exitCode == .inputMissing)
    // Alone, it is the command that fails.
    #expect(await Self.failure(project) { $0.source.destinations = ["tree"] }?.exitCode == .inputMissing)
  }

  @Test func `values are as private as the strictest mapping has them that loaded them`() async throws {
    let input = NarrowedRunTests.input.replacing("\"firstName\"", with: "\"source\":\"web\",\"firstName\"")
    let project = try Project(pipeline: Self.pipeline, input: input)
    _ = try await project.run()
    try project.folder.write("contacts.yaml", Project.mapping + "\npii: {source: never}\n")
    _ = try await project.run {
      $0.source.limit = 1
      $0.publishesPartial = true
    }
    try SQLiteContent.execute(
      "\(project.folder.path)/out/app.sqlite", "UPDATE people SET source = 'spring' WHERE contactId = 'c4'")
    let report = try await Self.reconcile(project) { $0.source.destinations = ["base"] }
    #expect(report.overlaid.count == 1 && report.differences.map { $0["stored"] } == [.string("<hidden>")])
    #expect(report.differences.map { $0["loaded"] } == [.string("<hidden>")])
  }

  @Test func `one record can be compared`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    _ = try await project.run()
    try SQLiteContent.execute("\(project.folder.path)/out/app.sqlite", "DELETE FROM people")
    let report = try await Self.reconcile(project) {
      $0.record = "c2"
      $0.source.destinations = ["base"]
    }
    #expect(report.differences.map { $0["key"] } == [.string("c2")])
    let unknown = await Self.failure(project) { $0.record = "c99" }
    #expect(unknown?.code == .inputMissing && unknown?.description.contains("no record with the key 'c99'") == true)
  }

  @Test func `a run that cannot be compared says why`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: NarrowedRunTests.input)
    #expect(await Self.failure(project)?.description.contains("there are no runs in") == true)
    let dry = try await project.run { $0.isDryRun = true }
    #expect(await Self.failure(project)?.description.contains("no run of pipeline 'test' has loaded everything yet") == true)
    #expect(await Self.failure(project) { $0.run = dry.summary.run }?.description.contains("has loaded nothing") == true)
    let first = try await project.run()
    for (change, text) in [
      ({ $0.run = "20000101" }, "there is no run '20000101'"), ({ $0.source.mappings = ["contact"] }, "did you mean 'contacts'?"),
      ({ $0.source.destinations = ["file"] }, "did you mean 'files'?"),
    ] as [((inout ReconcileEngine.Options) -> Void, String)] {
      let failure = await Self.failure(project, change)
      #expect(failure?.description.contains(text) == true, "\(String(describing: failure))")
    }
    _ = try await project.run()
    let gone = await Self.failure(project) { $0.run = first.summary.run }
    #expect(gone?.code == .inputMissing)
    #expect(gone?.description.contains("what run \(first.summary.run) loaded is no longer kept") == true)
    try project.folder.write("waybill.yaml", Self.pipeline.replacing("  tree:", with: "  other:"))
    let renamed = try await Self.reconcile(project)
    #expect(renamed.parts.count == 2 && renamed.exitCode == .usage)
    #expect(renamed.failures.map(\.failure.description).first?.contains("'tree', which the pipeline no longer has") == true)
    try project.folder.write("waybill.yaml", Self.pipeline)
    let last = try await project.run()
    let staged = "\(project.folder.path)/.waybill/runs/\(last.summary.run)/staging/contacts.ndjson.gz"
    let bytes = try Data(contentsOf: URL(filePath: staged))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: staged))
    #expect(await Self.failure(project)?.exitCode == .inputMissing)
    try FileManager.default.removeItem(atPath: staged)
    #expect(await Self.failure(project)?.exitCode == .inputMissing)
  }

  // MARK: An API

  private static let people = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    fields: {contactId: id, name: name, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static let app = """
    pipeline: app
    source: {ndjson: {person: people.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          idempotency: {header: Idempotency-Key}
          responses: {preset: problem+json}
          mappings:
            contacts:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              list: {request: "GET /contacts?page={page}", items: items}
              remote_id: id
    """

  @Test func `records of an API are read back over a real connection`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      let folder = TemporaryFolder()
      try folder.write("waybill.yaml", Self.app)
      try folder.write("contacts.yaml", Self.people)
      func write(_ name: String) throws {
        let lines = (0..<20).map { #"{"id":"c\#($0)","name":"\#($0 == 7 ? name : "Ann") \#($0)"}"# + "\n" }
        try folder.write("people.ndjson", lines.joined())
      }
      let environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
      func source(_ state: String) -> SourceOptions {
        SourceOptions(state: StateFolder(path: "\(folder.path)/\(state)"), environment: environment)
      }
      let (loaded, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      #expect(!diagnostics.hasErrors)
      let document = try #require(loaded)
      try write("Ann")
      #expect(await RunEngine(document, options: .init(source: source("one"))).run().exitCode == .done)
      let options = ReconcileEngine.Options(source: source("one"))
      let equal = try await ReconcileEngine(document, options: options, observer: SilentObserver()).run()
      #expect(equal.isEqual && equal.parts[0].counts.loaded == 20 && equal.parts[0].counts.stored == 20)
      // Another state stands for somebody else.
      try write("Eva")
      #expect(await RunEngine(document, options: .init(source: source("two"))).run().exitCode == .done)
      let changed = try await ReconcileEngine(document, options: options, observer: SilentObserver()).run()
      #expect(changed.exitCode == .gateFailed && changed.count == 1)
      #expect(changed.differences[0]["key"] == .string("c7") && changed.differences[0]["field"] == .string("name"))
      for (key, count) in [("c7", 1), ("c8", 0)] {
        var single = options
        single.record = key
        let one = try await ReconcileEngine(document, options: single, observer: SilentObserver()).run()
        #expect(one.count == count && one.parts[0].counts.loaded == 1 && one.parts[0].counts.readBy == "key")
      }
      // A later run dies before it can say what has arrived.
      var narrowed = RunEngine.Options(source: source("one"))
      narrowed.source.limit = 8
      narrowed.publishesPartial = true
      let later = await RunEngine(document, options: narrowed).run()
      #expect(later.exitCode == .done)
      let facts = "one/runs/\(later.summary.run)/facts.ndjson"
      let lines = try #require(folder.read(facts)).split(separator: "\n")
      try folder.write(facts, lines.prefix { !$0.contains("\"loaded\"") }.map { $0 + "\n" }.joined())
      let open = try await ReconcileEngine(document, options: options, observer: SilentObserver()).run()
      #expect(open.parts[0].interruption?.contains("waybill run --resume \(later.summary.run)") == true)
      #expect(open.isEqual && !open.isComplete && open.parts[0].counts.loadedSince == 1, "\(open.json.text)")
    }
  }
}
