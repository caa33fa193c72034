import Core
import Extract
import Files
import PipelineFile
import Records
import Report
import TestSupport
import Testing

@testable import Pipeline

// A source that the product does not have, all of it in this file: lines of `key=value`, with `;` between them. An empty value
// is null. This is what adding one to the product takes, apart from its line in `SourceFormats.standard`.

extension SourceFormat {
  static let pairs = SourceFormat(
    "pairs", extensions: ["pairs"], inPipelines: "Lines of key=value per entity: {contact: PATH}.", traits: .hasTextsOnly
  ) { input, _, reading in PairsSource(input, maximumRecord: reading.maximumRecordBytes) }
}

/// Each line as one JSON object.
private struct PairsSource: RecordSource {
  private var lines: NDJSONSource
  private let scratch = RecordBatch()

  init(_ input: any ByteInput, maximumRecord: Int, batchSize: Int = 256 * 1024) {
    lines = NDJSONSource(input, batchSize: batchSize, maximumRecord: maximumRecord)
  }

  var cursor: RecordCursor { lines.cursor }

  mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    guard try lines.fill(scratch) else { return false }
    for var item in scratch.items {
      let text = String(decoding: scratch.bytes[item.start..<item.end], as: UTF8.self)
      let members = text.split(separator: ";").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count < 2 || parts[1].isEmpty ? JSONValue.null : .string(parts[1])
        return JSONValue.Member(parts.first ?? "", value)
      }
      let record = Array(JSONValue.object(members).text.utf8)
      item.start = batch.count
      batch.reserve(batch.count + record.count + 1)
      for byte in record + [0x0A] {
        batch.base[batch.count] = byte
        batch.count += 1
      }
      item.end = batch.count - 1
      batch.items.append(item)
    }
    return true
  }
}

/// Adding a source is one file, and one line that registers it.
@Suite struct AddedSourceTests {
  /// The one line.
  static let formats = SourceFormats.standard.adding(.pairs)

  static let input = "id=1;name=Ada\nid=2;name=\n\nname=nobody\n"

  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: id}
    fields:
      id: id
      name: {from: name, do: [upper]}
    """

  private func project() throws -> (Project, PipelineDocument) {
    let pipeline = Project.pipeline.replacing(
      "{ndjson: {contact: in/contacts.ndjson}}", with: "{pairs: {contact: in/contacts.pairs}}")
    let project = try Project(pipeline: pipeline, mapping: Self.mapping)
    try project.folder.write("in/contacts.pairs", Self.input)
    let (document, diagnostics) = PipelineDocument.load(
      path: "\(project.folder.path)/waybill.yaml", environment: [:], formats: Self.formats)
    return (project, try #require(document, "\(diagnostics.all)"))
  }

  @Test func `a source that is added honors the contract of the seam`() throws {
    let expected: [RecordSourceConformance.Record] = [
      .init(line: 1, text: #"{"id":"1","name":"Ada"}"#), .init(line: 2, text: #"{"id":"2","name":null}"#),
      .init(line: 4, text: #"{"name":"nobody"}"#),
    ]
    let suite = RecordSourceConformance("pairs", expected: expected) { shape in
      PairsSource(MemoryInput(Array(Self.input.utf8), pieceSize: shape.piece), maximumRecord: 1_000, batchSize: shape.batchSize)
    }
    #expect(try suite.violations() == [])
  }

  @Test func `a pipeline can name it, and its records are copied into a snapshot and read from there`() async throws {
    let (project, document) = try project()
    guard case .files(.pairs, let files) = document.source else {
      Issue.record("\(document.source)")
      return
    }
    #expect(files.map(\.entity) == ["contact"])
    let snapshot = try SnapshotImport(root: "\(project.folder.path)/.waybill/snapshots").run([
      .init(entity: "contact", path: files[0].path, format: .pairs)
    ])
    #expect(snapshot.manifest.entities["contact"]?.count == 3)
    let reader = SnapshotReader(root: "\(project.folder.path)/.waybill/snapshots", formats: document.formats)
    var source = try #require(try reader.open(snapshot.folder).records(of: "contact")).open()
    let batch = RecordBatch()
    var lines: [Int] = []
    while try source.fill(batch) { lines += batch.items.map(\.line) }
    #expect(lines == [1, 2, 4])
  }

  @Test func `a run reads it from start to end`() async throws {
    let (project, document) = try project()
    let report = await RunEngine(document, options: project.options).run()
    #expect(project.folder.read("out/contacts.csv") == "id,name\n1,ADA\n2,\n", "\(report.summary.messages)")
    #expect(project.file("ledger.ndjson", of: report)?.contains("contact.pairs") == true)
    // Again, from the snapshot of the first run.
    var options = project.options
    options.source.snapshot = report.summary.snapshot
    let again = await RunEngine(document, options: options).run()
    #expect(again.exitCode == report.exitCode, "\(again.summary.messages)")
  }

  @Test func `without its line, the key is unknown`() throws {
    let (project, _) = try project()
    let (document, diagnostics) = PipelineDocument.load(path: "\(project.folder.path)/waybill.yaml", environment: [:])
    #expect(document == nil && diagnostics.all.contains { $0.code == .unknownKey && $0.message.contains("pairs") })
  }
}
