import Core
import Files
import Foundation
import Testing

@testable import Records

/// Every line of a file belongs to exactly one row, the header or a blank line, whatever the bytes: `CSVReader` against
/// `PlainCSVReader`. `WAYBILL_CSV_SEED` and `WAYBILL_CSV_FILES` select other files, and more of them (`scripts/soak csv`).
@Suite struct CSVLineTests {
  private static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  private static let pieces: [[UInt8]] = [
    [0x22], [0x22], [0x22], [0x22, 0x22], [0x2C], [0x2C], [0x0A], [0x0A], [0x0D], [0x0D, 0x0A], [0x61], [0x62, 0x63],
    [0x20], [0xEF], [0xBB], [0xBF], [0xEF, 0xBB, 0xBF], [0xC3, 0xA9], [0x2C, 0x22], [0x22, 0x2C], [0x0A, 0x22],
  ]

  private static func file(_ generator: inout Generator) -> [UInt8] {
    (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
  }

  private static func isValid(_ row: PlainCSVReader.Row) -> Bool {
    row.cells.allSatisfy { cell in cell.map { String(validating: $0, as: UTF8.self) != nil } ?? true }
  }

  @Test func `every line belongs to one row or is blank, and any split gives the same rows`() {
    var generator = Generator(state: UInt64(Self.setting("WAYBILL_CSV_SEED", 1)))
    for number in 0..<Self.setting("WAYBILL_CSV_FILES", 3_000) {
      let bytes = Self.file(&generator)
      let plain = PlainCSVReader(bytes)
      var owners = Array(repeating: 0, count: plain.lineCount + 1)
      for line in plain.blankLines { owners[line] += 1 }
      for row in plain.rows { for line in row.lines { owners[line] += 1 } }
      #expect(
        owners.dropFirst().allSatisfy { $0 == 1 }, "file \(number): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      for chunk in [1, 2, 3, 7, max(1, bytes.count)] {
        let found = Self.read(bytes, chunk: chunk)
        let expected = plain.rows.map { row -> String in
          let from = row.from.map { " from \($0)" } ?? ""
          if let fault = row.fault { return "\(row.lines.lowerBound): quote \(fault)\(from)" }
          return "\(row.lines.lowerBound): \(Self.isValid(row) ? "\(row.cells)" : "invalid")\(from)"
        }
        guard found != expected else { continue }
        Issue.record(
          "file \(number), chunks of \(chunk): \(String(decoding: bytes, as: UTF8.self).debugDescription)\n\(found)\n\(expected)")
        return
      }
    }
  }

  private static func read(_ bytes: [UInt8], chunk: Int) -> [String] {
    var reader = CSVReader(options: .init(hasHeader: false))
    var rows: [String] = []
    func collect(_ reader: borrowing CSVReader) {
      for index in 0..<reader.rowCount {
        let row = reader.row(at: index)
        let from = row.resynchronizedFrom.map { " from \($0)" } ?? ""
        let cells = (0..<row.count).map { row.isNull($0) ? nil : Array(row[$0].buffer) }
        switch row.problem {
        case nil: rows.append("\(row.line): \(cells)\(from)")
        case .invalidUTF8?: rows.append("\(row.line): invalid\(from)")
        default: rows.append("\(row.line): quote \([row.mark.quoteLine, row.mark.swallowed])\(from)")
        }
      }
    }
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      reader.feed(Array(bytes[start..<min(bytes.count, start + chunk)]).span)
      collect(reader)
    }
    reader.finish()
    collect(reader)
    return rows
  }

  @Test func `a source returns one item per row, in batches of any size`() throws {
    var generator = Generator(state: UInt64(Self.setting("WAYBILL_CSV_SEED", 1)) ^ 0xC5)
    for number in 0..<Self.setting("WAYBILL_CSV_FILES", 3_000) / 6 {
      let bytes = Array("id,note\n".utf8) + Self.file(&generator)
      let plain = PlainCSVReader(bytes)
      let expected = plain.rows.dropFirst().map { row -> String in
        let code: ProblemCode? =
          row.fault != nil
          ? .invalidCSV
          : !Self.isValid(row) ? .invalidUTF8 : row.cells.count != 2 ? .raggedRow : row.from != nil ? .csvResynchronized : nil
        return "\(row.lines.lowerBound) \(code?.slug ?? "")"
      }
      for (piece, batchSize) in [(1, 1), (5, 40), (1_000, 1_000)] {
        let input = MemoryInput(bytes, pieceSize: piece)
        var source = CSVSource(input, path: "x.csv", batchSize: batchSize)
        let batch = RecordBatch(capacity: 64)
        var found: [String] = []
        while try source.fill(batch) {
          for item in batch.items {
            found.append("\(item.line) \(item.fault?.slug ?? "")")
            let isExplained = item.fault == nil || item.fault == .invalidUTF8 || batch.note(of: item) != nil
            #expect(isExplained)
          }
        }
        #expect(found == expected, "file \(number)")
      }
    }
  }
}

private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
