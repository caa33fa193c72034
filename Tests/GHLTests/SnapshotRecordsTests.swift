import Core
import Extract
import Foundation
import Records
import TestSupport
import Testing

/// What a snapshot hands out for an entity.
@Suite struct SnapshotRecordsTests {
  /// Enough records for several batches.
  private static let count = 30_000

  /// A snapshot of one file of contacts.
  private func snapshot(_ folder: TemporaryFolder, _ fileExtension: String, header: String, _ line: (Int) -> String) throws
    -> Snapshot
  {
    try folder.write("in.\(fileExtension)", header + (1...Self.count).map { line($0) + "\n" }.joined())
    return try SnapshotImport(root: "\(folder.path)/snapshots").run([
      .init(
        entity: "contact", path: "\(folder.path)/in.\(fileExtension)",
        format: SourceFormats.standard.named(fileExtension) ?? .ndjson)
    ])
  }

  private func check(_ snapshot: Snapshot, _ expected: [RecordSourceConformance.Record]) throws {
    let records = try #require(snapshot.records(of: "contact"))
    let shape = RecordSourceConformance.Shape(piece: 1, batchSize: 1)
    #expect(
      try RecordSourceConformance("snapshot", expected: expected, shapes: [shape]) { _ in try records.open() }.violations() == [])
    // From every cursor, in a source that is opened there.
    var source = try records.open()
    let batch = RecordBatch()
    var batches = 0
    repeat {
      let cursor = source.cursor
      let rest = Array(expected.dropFirst(cursor.records))
      var resumed = try records.open(at: cursor)
      #expect(resumed.cursor == cursor)
      let found = RecordBatch()
      var read: [RecordSourceConformance.Record] = []
      while try resumed.fill(found) {
        read += found.items.map { .init(line: $0.line, text: String(decoding: found.bytes[$0.start..<$0.end], as: UTF8.self)) }
      }
      #expect(read == rest, "from \(cursor)")
      #expect(resumed.cursor.records == expected.count)
      batches += 1
    } while try source.fill(batch)
    #expect(batches > 2)
  }

  @Test func `lines of a snapshot can be read, and resumed at any cursor`() throws {
    let folder = TemporaryFolder()
    let snapshot = try snapshot(folder, "ndjson", header: "") { #"{"id":"contact \#($0)"}"# }
    try check(snapshot, (1...Self.count).map { .init(line: $0, text: #"{"id":"contact \#($0)"}"#) })
  }

  @Test func `rows of a snapshot can be read, and resumed at any cursor`() throws {
    let folder = TemporaryFolder()
    let snapshot = try snapshot(folder, "csv", header: "id,name\n") { "contact \($0),n" }
    try check(snapshot, (1...Self.count).map { .init(line: $0 + 1, text: #"{"id":"contact \#($0)","name":"n"}"#) })
    #expect(try snapshot.records(of: "contact")?.header()?.columns == ["id", "name"])
  }

  @Test func `an entity that was not fetched has no records`() throws {
    let folder = TemporaryFolder()
    let snapshot = try snapshot(folder, "ndjson", header: "") { #"{"id":\#($0)}"# }
    #expect(snapshot.records(of: "task")?.name == nil)
    let records = try #require(snapshot.records(of: "contact"))
    #expect(records.name == "\(snapshot.folder)/contact.ndjson" && records.files == [records.name])
    #expect(try records.header() == nil)
  }

  @Test func `records that were cut off are not mistaken for the end`() throws {
    let folder = TemporaryFolder()
    for (fileExtension, header) in [("ndjson", ""), ("csv", "id\n")] {
      let snapshot = try snapshot(folder, fileExtension, header: header) { "\($0)" }
      let records = try #require(snapshot.records(of: "contact"))
      var source = try records.open()
      let batch = RecordBatch()
      while try source.fill(batch) {}
      let end = source.cursor
      try Data("id\n1\n2\n".utf8).write(to: URL(fileURLWithPath: records.name))
      let failure = #expect(throws: OperationFailure.self) {
        var resumed = try records.open(at: end)
        while try resumed.fill(batch) {}
      }
      let message = try #require(failure).description
      #expect(failure?.code == .inputMissing)
      #expect(message.contains("already read up to byte") || message.contains("were read from it before"), "\(message)")
      try FileManager.default.removeItem(atPath: snapshot.folder)
    }
  }
}
