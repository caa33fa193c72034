import Core
import Extract
import Foundation
import PipelineFile
import Records
import Report
import TestSupport
import Testing

@testable import Pipeline

/// How the files of a pipeline's source are read: stated in the pipeline, recorded in the snapshot.
@Suite struct FileReadingRunTests {
  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: id}
    fields: {id: id, name: name}
    """

  static func pipeline(_ source: String) -> String {
    "pipeline: p\nsource: \(source)\nmappings: [contacts.yaml]\ndestinations: {f: {csv: {path: out.csv}}}\n"
  }

  @Test func `a file is a path, or a map of its path and how it is read`() throws {
    let source = """

        csv:
          contact: {path: "${DIR}/a.csv", delimiter: "${MARK:-;}", skip_lines: "${SKIP}", quotes: strict, encoding: latin1}
          task: b.csv
      """
    let (document, diagnostics) = PipelineDocument.read(
      file: "project/waybill.yaml", text: Self.pipeline(source), environment: ["DIR": "in", "SKIP": "3"])
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    guard case .files(.csv, let files) = try #require(document).source else {
      Issue.record("no files")
      return
    }
    #expect(files.map(\.path) == ["project/in/a.csv", "project/b.csv"])
    var expected = FileReading()
    expected.delimiter = UInt8(ascii: ";")
    expected.skipLines = 3
    expected.quotes = .strict
    expected.encoding = "latin1"
    #expect(files.map(\.reading) == [expected, FileReading()])
  }

  @Test(arguments: [
    ("{csv: {contact: {delimiter: tab}}}", "2:25 missing-keyword"),
    ("{csv: {contact: {path: a.csv, delimiter: ab}}}", "2:50 bad-argument"),
    ("{csv: {contact: {path: a.csv, delimiter: 1}}}", "2:50 wrong-kind"),
    ("{csv: {contact: {path: a.csv, delimitr: tab}}}", "2:39 unknown-key"),
    ("{csv: {contact: {path: a.csv, skip_lines: -1}}}", "2:51 wrong-kind"),
    ("{csv: {contact: {path: a.csv, skip_lines: '${N:-x}'}}}", "2:51 wrong-kind"),
    ("{csv: {contact: {path: a.csv, quotes: loose}}}", "2:47 unknown-word"),
    ("{csv: {contact: {path: a.csv, records: /contacts}}}", "2:39 unknown-key"),
    ("{ndjson: {contact: {path: a.ndjson, delimiter: tab}}}", "2:45 unknown-key"),
    ("{csv: {contact: {path: [a.csv]}}}", "2:32 wrong-kind"),
    ("{csv: {contact: [a.csv]}}", "2:25 wrong-kind"),
    ("{csv: {contact: {path: '${NOWHERE}'}}}", "2:33 environment-missing"),
  ])
  func `each mistake in the map has its place`(_ source: String, expected: String) {
    let (document, diagnostics) = PipelineDocument.read(file: "it.yaml", text: Self.pipeline(source), environment: [:])
    #expect(document == nil)
    #expect(diagnostics.sorted.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue)" } == [expected])
  }

  @Test func `a key for another format is refused as such, not as misspelled`() throws {
    let (_, diagnostics) = PipelineDocument.read(
      file: "it.yaml", text: Self.pipeline("{ndjson: {contact: {path: a.ndjson, delimiter: tab}}}"), environment: [:])
    #expect(diagnostics.all.map(\.message) == ["source.ndjson.contact has no key 'delimiter': it does not apply to ndjson"])
  }

  @Test func `a snapshot is read as the pipeline says, also by a run on it later`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{csv: {contact: {path: in/a.csv, delimiter: \"^\"}}}"), mapping: Self.mapping)
    try project.folder.write("in/a.csv", "id^name\n1^Ada, Countess\n2^\"Zoë^\"\n")
    let first = try await project.run()
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    let expected = "id,name\n1,\"Ada, Countess\"\n2,Zoë^\n"
    #expect(project.folder.read("out.csv") == expected)
    let snapshot = try #require(first.summary.snapshot)
    let manifest = try #require(project.folder.read(".waybill/snapshots/\(snapshot)/files/manifest.json"))
    let json = try JSONReader.read(manifest)
    #expect(json["version"] == .number(3))
    #expect(json["entities"]?["contact"]?["reading"] == .object([.init("delimiter", .string("^"))]))
    // The snapshot states it; the pipeline of the second run does not.
    try project.folder.write("waybill.yaml", Self.pipeline("{snapshot: latest}"))
    try project.folder.write("out.csv", "")
    let again = try await project.run()
    #expect(again.exitCode == .done, "\(again.summary.messages)")
    #expect(project.folder.read("out.csv") == expected)
  }

  static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

  static let sources: [(source: String, file: String, bytes: [UInt8])] = [
    ("{csv: {contact: in/a.csv}}", "in/a.csv", utf16("\u{FEFF}id,name\r\n1,Ada\r\n2,Zoë\r\n")),
    (
      "{csv: {contact: {path: in/a.csv, encoding: windows-1252}}}", "in/a.csv", Array("id,name\n1,Ada\n2,Zo".utf8) + [0xEB, 0x0A]
    ),
    (
      "{ndjson: {contact: in/a.ndjson}}", "in/a.ndjson",
      utf16("{\"id\":\"1\",\"name\":\"Ada\"}\n{\"id\":\"2\",\"name\":\"Zoë\"}\n")
    ),
    ("{json: {contact: in/a.json}}", "in/a.json", Array(#"[{"id":"1","name":"Ada"},{"id":"2","name":"Zoë"}]"#.utf8)),
    (
      "{json: {contact: {path: in/a.json, records: /data/list}}}", "in/a.json",
      Array(#"{"data":{"list":[{"id":"1","name":"Ada"},{"id":"2","name":"Zoë"}],"n":2}}"#.utf8)
    ),
  ]

  @Test(arguments: sources)
  func `any encoding and any place of the records goes through a run, a limit, and a run on the snapshot`(
    _ item: (source: String, file: String, bytes: [UInt8])
  ) async throws {
    let project = try Project(pipeline: Self.pipeline(item.source), mapping: Self.mapping)
    try Data(item.bytes).write(to: URL(filePath: "\(project.folder.path)/\(item.file)"))
    let whole = try await project.run()
    #expect(whole.exitCode == .done, "\(whole.summary.messages)")
    #expect(project.folder.read("out.csv") == "id,name\n1,Ada\n2,Zoë\n")
    try Agreement.check(whole, in: project)
    let limited = try await project.run {
      $0.source.limit = 1
      $0.publishesPartial = true
    }
    #expect(limited.exitCode == .done, "\(limited.summary.messages)")
    #expect(project.folder.read("out.csv") == "id,name\n1,Ada\n")
    let snapshot = try #require(limited.summary.snapshot)
    let again = try await project.run {
      $0.source.snapshot = snapshot
      $0.publishesPartial = true
    }
    #expect(again.exitCode == .done, "\(again.summary.messages)")
    #expect(project.folder.read("out.csv") == "id,name\n1,Ada\n")
  }

  @Test func `an unknown encoding is refused with the known one, before anything is read`() throws {
    let (document, diagnostics) = PipelineDocument.read(
      file: "it.yaml", text: Self.pipeline("{csv: {contact: {path: a.csv, encoding: ansi}}}"), environment: [:])
    #expect(document == nil)
    #expect(
      diagnostics.all.map(\.message) == [
        "source.csv.contact.encoding: 'ansi' is not a known encoding: did you mean 'windows-1252'?"
      ])
  }

  @Test func `a manifest whose reading this version does not know is damaged, not misread`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{csv: {contact: {path: in/a.csv, delimiter: \"^\"}}}"), mapping: Self.mapping)
    try project.folder.write("in/a.csv", "id^name\n1^Ada\n")
    let snapshot = try #require(try await project.run().summary.snapshot)
    let path = ".waybill/snapshots/\(snapshot)/files/manifest.json"
    let manifest = try #require(project.folder.read(path))
    try project.folder.write(path, manifest.replacing("\"delimiter\": \"^\"", with: "\"sheet\": \"one\""))
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.exitCode == .inputMissing)
    #expect(again.summary.messages.first?.contains("it is not a snapshot manifest") == true, "\(again.summary.messages)")
  }

  @Test func `rows of empty cells are records in a snapshot of version 2, as they were when it was made`() async throws {
    let project = try Project(pipeline: Self.pipeline("{csv: {contact: in/a.csv}}"), mapping: Self.mapping)
    try project.folder.write("in/a.csv", "id,name\n1,Ada\n,\n2,Bo\n")
    let first = try await project.run()
    #expect(first.summary.entities.first?.read == 2)
    let snapshot = try #require(first.summary.snapshot)
    let path = ".waybill/snapshots/\(snapshot)/files/manifest.json"
    var manifest = try #require(project.folder.read(path))
    let dialect = try #require(try JSONReader.read(manifest)["entities"]?["contact"]?["dialect"])
    #expect(CSVDialect(dialect)?.delimiter == UInt8(ascii: ","))
    manifest = manifest.replacing("\"version\": 3", with: "\"version\": 2").replacing("\"count\": 2", with: "\"count\": 3")
      .replacing("\"expected\": 2", with: "\"expected\": 3").replacing("\"dialect\":", with: "\"ignored\":")
    try project.folder.write(path, manifest)
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.exitCode == .recordsFailed, "\(again.summary.messages)")
    #expect(again.summary.entities.first?.read == 3)
    #expect(again.summary.entities.first?.notes == [])
    #expect(again.summary.unaccounted == 0)
  }
}
