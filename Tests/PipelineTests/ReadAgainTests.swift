import Control
import Core
import Files
import Foundation
import Glibc
import Records
import Report
import Sandbox
import State
import TestSupport
import Testing
import Transform

@testable import Extract
@testable import Pipeline
@testable import Workbench

/// A source that is read a second time, or that changes while a run begins: the compiler and the run must agree about it.
@Suite struct ReadAgainTests {
  private static func pipeline(_ source: String) -> String {
    "pipeline: p\nsource: \(source)\nmappings: [contacts.yaml]\ndestinations: {f: {csv: {path: out.csv}}}\n"
  }

  private static func mapping(reading field: String) -> String {
    """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: id}
    fields: {id: id, extra: \(field)}
    """
  }

  /// Cuts the log of a finished run after the fact that has `text`, as if its process had died there.
  private static func cut(_ report: RunEngine.Report, after text: String, in project: Project) throws {
    let facts = try #require(project.file("facts.ndjson", of: report)).split(separator: "\n")
    let last = try #require(facts.firstIndex { $0.contains(text) })
    try project.folder.write(
      ".waybill/runs/\(report.summary.run)/facts.ndjson", facts[...last].map { "\($0)\n" }.joined())
    _ = try StateFolder(path: "\(project.folder.path)/.waybill").openRuns().reopen(report.summary.run)
  }

  // MARK: Fields that only later records have

  /// Six contacts as GHL exports them. Only the last has `vip`.
  private static let contacts = (1...6).map {
    #"{"id":"c\#($0)","firstName":"Ada","email":"a@b.example"\#($0 == 6 ? #","vip":"yes""# : "")}"#
  }

  static let sources = [
    (source: "{ndjson: {contact: in/a.ndjson}}", file: "in/a.ndjson", content: contacts.joined(separator: "\n")),
    (source: "{json: {contact: in/a.json}}", file: "in/a.json", content: "[\(contacts.joined(separator: ","))]"),
  ]

  @Test(arguments: sources) func `a limited run knows the fields of all records, even when it is resumed or repeated`(
    _ item: (source: String, file: String, content: String)
  ) async throws {
    let project = try Project(pipeline: Self.pipeline(item.source), mapping: Self.mapping(reading: "vip"))
    try project.folder.write(item.file, item.content)
    let first = try await project.run { ($0.source.limit, $0.publishesPartial) = (2, true) }
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    let snapshot = try #require(first.summary.snapshot)
    let again = try await project.run { ($0.source.snapshot, $0.publishesPartial) = (snapshot, true) }
    #expect(again.exitCode == .done, "\(again.summary.messages)")
    #expect(project.folder.read("out.csv") == "id,extra\nc1,\nc2,\n")
    // Later changes to the file do not matter.
    try project.folder.write(item.file, "")
    let other = try await project.run { ($0.source.limit, $0.source.snapshot) = (1, snapshot) }
    #expect(other.exitCode == .done, "\(other.summary.messages)")
  }

  @Test(arguments: sources) func `a limited run is resumed with the fields of all records`(
    _ item: (source: String, file: String, content: String)
  ) async throws {
    let project = try Project(pipeline: Self.pipeline(item.source), mapping: Self.mapping(reading: "vip"))
    try project.folder.write(item.file, item.content)
    let first = try await project.run { $0.source.limit = 2 }
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    try Self.cut(first, after: #""snapshot":"#, in: project)
    let last = try await project.run { ($0.source.limit, $0.resume) = (2, first.summary.run) }
    #expect(last.exitCode == .done, "\(last.summary.messages)")
  }

  @Test func `a preview of a limited snapshot knows the fields of all records`() async throws {
    let (source, file, content) = Self.sources[0]
    let project = try Project(pipeline: Self.pipeline(source), mapping: Self.mapping(reading: "vip"))
    try project.folder.write(file, content)
    let id = try #require(try await project.run { $0.source.limit = 2 }.summary.snapshot)
    let reader = SnapshotReader(root: project.options.source.state.snapshots)
    let records = try #require(try reader.snapshot(id, location: SnapshotImport.location).records(of: "contact"))
    var options = TransformJob.Options(mapping: "\(project.folder.path)/contacts.yaml", input: records.name)
    options.records = records
    let result = await PreviewSession(.init(options)).refresh()
    #expect(result.failure == nil && !result.diagnostics.hasErrors, "\(result.diagnostics.all.map(\.message))")
    #expect(result.counts.written == 2)
  }

  @Test func `a manifest without the names of members still describes its records`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{ndjson: {contact: in/a.ndjson}}"), mapping: Self.mapping(reading: "vip"))
    try project.folder.write("in/a.ndjson", Self.contacts.joined(separator: "\n"))
    let snapshot = try #require(try await project.run().summary.snapshot)
    let path = ".waybill/snapshots/\(snapshot)/files/manifest.json"
    let manifest = try #require(project.folder.read(path))
    #expect(
      try JSONReader.read(manifest)["entities"]?["contact"]?["members"]
        == .array(["id", "firstName", "email", "vip"].map { .string($0) }))
    try project.folder.write(path, manifest.replacing("\"members\":", with: "\"ignored\":"))
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.exitCode == .done, "\(again.summary.messages)")
  }

  @Test func `a manifest does not list the names of an object with an entry for each record`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{json: {contact: in/a.json}}"), mapping: Self.mapping(reading: "vip"))
    let entries = (0...SnapshotImport.mostMembers).map { #""k\#($0)":1"# }.joined(separator: ",")
    try project.folder.write("in/a.json", #"{"id":"1","vip":"yes",\#(entries)}"#)
    let first = try await project.run()
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    let snapshot = try #require(first.summary.snapshot)
    let manifest = try JSONReader.read(
      try #require(project.folder.read(".waybill/snapshots/\(snapshot)/files/manifest.json")))
    #expect(manifest["entities"]?["contact"]?["members"] == .null)
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.exitCode == .done, "\(again.summary.messages)")
    #expect(project.folder.read("out.csv") == "id,extra\n1,yes\n")
  }

  // MARK: The latest snapshot

  @Test func `the snapshot that the mappings were compiled against is read, even if a newer one has appeared`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{csv: {contact: in/a.csv}}"), mapping: Self.mapping(reading: "name"))
    try project.folder.write("in/a.csv", "id,name\n1,Ada\n")
    let first = try #require(try await project.run().summary.snapshot)
    let files = try project.document()
    try project.folder.write("waybill.yaml", Self.pipeline("{snapshot: latest}"))
    for (document, snapshot) in [(try project.document(), nil), (files, "latest")] {
      var options = project.options.source
      options.snapshot = snapshot
      var diagnostics = Diagnostics()
      let compilation = try await PipelineCompilation.compile(document, options: options, diagnostics: &diagnostics)
      try project.folder.write("in/b.csv", "id,other\n2,Zoe\n")
      let copied = try SnapshotImport(root: options.state.snapshots).run([
        .init(entity: "contact", path: "\(project.folder.path)/in/b.csv", format: .csv)
      ])
      let read = await SourceStage(document: document, options: options, observer: SilentObserver()).read(compilation)
      #expect(read.failure == nil)
      #expect(read.snapshot?.id == first)
      try FileManager.default.removeItem(atPath: "\(options.state.snapshots)/\(copied.id)")
    }
  }

  // MARK: Pipes

  /// Gives `content` to the first reader of a pipe, and nothing to later ones.
  private static func fill(_ path: String, with content: String) {
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = Array(content.utf8)
    Thread.detachNewThread {
      var isFirst = true
      while case let file = open(path, O_WRONLY), file >= 0 {
        if isFirst { _ = write(file, bytes, bytes.count) }
        isFirst = false
        close(file)
      }
    }
  }

  static let pipes = [
    (source: "{csv: {contact: in/pipe}}", content: "id;name|z\n1;Ada|x\n2;Zoe|y\n"),
    (source: "{ndjson: {contact: in/pipe}}", content: #"{"id":"1"}"# + "\n" + #"{"id":"2","name|z":"Zoe|y"}"# + "\n"),
    (source: "{json: {contact: in/pipe}}", content: #"[{"id":"1"},{"id":"2"}]"#),
  ]

  @Test(arguments: pipes) func `a pipe is opened once, by the run, and read like a file`(
    _ item: (source: String, content: String)
  ) async throws {
    for limit in [nil, 1] {
      let project = try Project(pipeline: Self.pipeline(item.source), mapping: Self.mapping(reading: "id"))
      let path = "\(project.folder.path)/in/pipe"
      let document = try project.document()
      Self.fill(path, with: item.content)
      #expect(!PipelineCompilation.compile(document).diagnostics.hasErrors)
      #expect(await PlanEngine(document, options: project.options.source).run().plan?.files.map(\.records) == [nil])
      let first = try await project.run { ($0.source.limit, $0.publishesPartial) = (limit, true) }
      #expect(first.exitCode == .done, "\(first.summary.messages)")
      let rows = limit == nil ? "id,extra\n1,1\n2,2\n" : "id,extra\n1,1\n"
      #expect(project.folder.read("out.csv") == rows)
      // The copy can be read again.
      try Self.cut(first, after: #""snapshot":"#, in: project)
      let last = try await project.run {
        ($0.source.limit, $0.publishesPartial, $0.resume) = (limit, true, first.summary.run)
      }
      #expect(last.exitCode == .done, "\(last.summary.messages)")
      #expect(project.folder.read("out.csv") == rows)
    }
  }

  @Test func `a pipe that lacks a column ends the run instead of giving empty values`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{csv: {contact: in/pipe}}"), mapping: Self.mapping(reading: "other"))
    Self.fill("\(project.folder.path)/in/pipe", with: "id,name\n1,Ada\n")
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile, "\(report.summary.messages)")
    #expect(report.summary.messages.first?.contains("no column 'other'") == true, "\(report.summary.messages)")
    #expect(project.folder.read("out.csv") == nil)
  }

  // MARK: What was found while compiling

  @Test func `a note about a source file is kept when the run is resumed`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{json: {contact: in/a.json}}"), mapping: Self.mapping(reading: "name"))
    try project.folder.write("in/a.json", #"{"id":"1","name":"Ada","list":[{"id":"2"}]}"#)
    let first = try await project.run()
    #expect(first.summary.notes.map { $0.contains("is one object with a list") } == [true], "\(first.summary.notes)")
    for fact in [#""compiled":"#, #""snapshot":"#, #""judged":"#] {
      try Self.cut(first, after: fact, in: project)
      let last = try await project.run { $0.resume = first.summary.run }
      #expect(last.summary.notes == first.summary.notes, "\(fact)")
    }
  }

  @Test func `errors that only the definitions of custom fields reveal are in the summary`() async throws {
    let project = try Project(
      pipeline: """
        pipeline: p
        source:
          ghl:
            location: ${WAYBILL_SANDBOX_LOCATION}
            base_url: ${WAYBILL_SANDBOX_URL}
            auth: {token: {env: WAYBILL_SANDBOX_TOKEN}}
            businesses: all
        mappings: [contacts.yaml]
        destinations: {f: {csv: {path: out.csv}}}
        """, mapping: Self.mapping(reading: "custom.job_titel"))
    try await SandboxServer.withServer(SandboxOptions(contacts: 20, businesses: 2, limitScale: 1000)) { address, _ in
      let environment = SandboxRunTests.environment(address, project.folder)
      var options = project.options
      options.source.environment = environment
      options.source.limit = 5
      let report = await RunEngine(try project.document(environment), options: options).run()
      #expect(report.exitCode == .wrongFile, "\(report.summary.messages)")
      #expect(report.diagnostics.hasErrors)
      let messages = report.summary.diagnostics.compactMap { $0["message"]?.stringValue }
      #expect(messages.count == 1 && messages.first?.contains("job_titel") == true, "\(messages)")
      let summary = try JSONReader.read(try #require(project.file("summary.json", of: report)))
      #expect(summary["diagnostics"]?.arrayValue?.count == 1)
    }
  }
}
