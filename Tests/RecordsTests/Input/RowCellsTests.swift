import Core
import Files
import TestSupport
import Testing

@testable import Records

/// Rows as cells are the rows that JSON has.
@Suite struct RowCellsTests {
  private struct Found: Equatable {
    var text: String
    var line: Int
    var fault: ProblemCode?
    var warnings: RecordWarnings
    var notes: [String]
  }

  private func all(_ source: some RecordSource) throws -> [Found] {
    var source = source
    var found: [Found] = []
    let batch = RecordBatch(capacity: 64)
    while try source.fill(batch) {
      for item in batch.items {
        let text = String(decoding: batch.bytes[item.start..<item.end], as: UTF8.self)
        found.append(
          Found(
            text: text, line: item.line, fault: item.fault, warnings: item.warnings, notes: batch.notes(of: item).map(\.text)))
      }
    }
    return found
  }

  private func source(_ text: String, piece: Int = .max, batchSize: Int = 256 * 1024) -> CSVSource {
    var reading = RecordReading()
    reading.onBadQuote = .recover
    reading.maximumRecordBytes = 300
    return CSVSource(
      MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.csv", batchSize: batchSize, reading: reading)
  }

  private static let files: [String] = [
    "id\na\n", "id,a\n1,\n2,\"\"\n,3\n", "\u{FEFF}id,é\r\n1,ü\r\n\r\n2,\"a,\"\"b\"\"\r\nc\"\r\n",
    "id,\"a\"\"b\",\"c\nd\"\n1,\\,\u{1}\n2,\"\t\",x\n", "id,a\n1\n2,3,4\n5,6\n", "id,a\n1,\"open\n2,b\n3,c\n4,\"d\"e\n5,f\n",
    "id,a\n1,\(String(repeating: "x", count: 400))\n2,b\n", "id,a\n\n\n", "id,a\n1,b\"c\n2,d\n",
  ]

  @Test(arguments: files, [1, 7, 1000]) func `cells give the text, line, fault and note that JSON gives`(file: String, piece: Int)
    throws
  {
    let expected = try all(source(file))
    #expect(try all(RowsAsCells(source(file, piece: piece))) == expected)
    #expect(try all(RowsAsCells(source(file, piece: piece, batchSize: 1))) == expected)
    #expect(try all(RowsAsCells(source(file, piece: piece)) { _ in nil }) == expected)
  }

  @Test func `columns that nobody reads are not in the batch, but their rows are checked`() throws {
    let text = Array("id,a,b\n1,x,\"y\"\n2,\u{FF}".utf8.dropLast(2)) + [0xFF] + Array(",z\n3,x\n4,,\"\"\n".utf8)
    var source = CSVSource(MemoryInput(text), path: "x.csv")
    let batch = RecordBatch(capacity: 64)
    batch.rowRequest = RowRequest { names in [2, -1, 0, 2].map { $0 < names.count ? $0 : -1 } }
    #expect(try source.fill(batch))
    let rows = try #require(batch.rows)
    #expect(rows.names == ["id", "a", "b"] && rows.columns == [2, -1, 0, 2])
    #expect(batch.items.map(\.fault) == [nil, .invalidUTF8, .raggedRow, nil])
    let slots = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 4)
    defer { slots.deallocate() }
    slots.initialize(repeating: .null)
    var found: [[String]] = []
    for item in batch.items where item.fault == nil {
      RowCells.load(rows, batch.base + item.start, into: slots)
      found.append(slots.map { "\($0.kind) \($0.text.string)" })
    }
    #expect(found == [["string y", "missing ", "string 1", "string y"], ["string ", "missing ", "string 4", "string "]])
    // Four marks and the texts that they name.
    #expect(batch.items.map { $0.end - $0.start } == [35, 0, 0, 33])
  }

  @Test func `an item can be copied to another batch`() throws {
    var source = CSVSource(MemoryInput(Array("id,a\n1,\n2,é\n".utf8)), path: "x.csv")
    let (batch, copy) = (RecordBatch(capacity: 64), RecordBatch(capacity: 64))
    batch.rowRequest = RowRequest { Array($0.indices) }
    #expect(try source.fill(batch))
    copy.copy(batch.items[1], of: batch)
    var arena = ByteArena(capacity: 64)
    arena.begin()
    RowCells.appendJSON(try #require(copy.rows), copy.base + copy.items[0].start, into: &arena)
    #expect(arena.finish().string == #"{"id":"2","a":"é"}"#)
    copy.removeAll()
    #expect(copy.rows == nil)
  }
}
