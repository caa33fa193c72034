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
    [0x20], [0x09], [0xEF], [0xBB], [0xBF], [0xEF, 0xBB, 0xBF], [0xC3, 0xA9], [0x2C, 0x22], [0x22, 0x2C], [0x0A, 0x22],
  ]

  private static func file(_ generator: inout Generator) -> [UInt8] {
    (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
  }

  private static func isValid(_ row: PlainCSVReader.Row) -> Bool {
    row.cells.allSatisfy { cell in cell.map { String(validating: $0, as: UTF8.self) != nil } ?? true }
  }

  @Test(arguments: [FileReading.Quotes.lenient, .strict])
  func `every line belongs to one row or is blank, and any split gives the same rows`(quotes: FileReading.Quotes) {
    var generator = Generator(state: UInt64(Self.setting("WAYBILL_CSV_SEED", 1)))
    for number in 0..<Self.setting("WAYBILL_CSV_FILES", 3_000) {
      let bytes = Self.file(&generator)
      let plain = PlainCSVReader(bytes, isStrict: quotes == .strict)
      var owners = Array(repeating: 0, count: plain.lineCount + 1)
      for line in plain.blankLines { owners[line] += 1 }
      for row in plain.rows { for line in row.lines { owners[line] += 1 } }
      #expect(
        owners.dropFirst().allSatisfy { $0 == 1 }, "file \(number): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      for chunk in [1, 2, 3, 7, max(1, bytes.count)] {
        let found = Self.read(bytes, chunk: chunk, quotes)
        let expected = plain.rows.map { row -> String in
          let from = row.from.map { " from \($0)" } ?? ""
          if let fault = row.fault { return "\(row.lines.lowerBound): quote \(fault)\(from)" }
          guard Self.isValid(row) else { return "\(row.lines.lowerBound): invalid\(from)" }
          let bare = row.bareQuote.map { " bare \($0)" } ?? ""
          return "\(row.lines.lowerBound): \(row.cells)\(bare)\(from)"
        }
        guard found != expected else { continue }
        Issue.record(
          "file \(number), chunks of \(chunk): \(String(decoding: bytes, as: UTF8.self).debugDescription)\n\(found)\n\(expected)")
        return
      }
    }
  }

  private static func read(_ bytes: [UInt8], chunk: Int, _ quotes: FileReading.Quotes) -> [String] {
    var options = CSVReader.Options(hasHeader: false)
    options.quotes = quotes
    var reader = CSVReader(options: options)
    var rows: [String] = []
    func collect(_ reader: borrowing CSVReader) {
      for index in 0..<reader.rowCount {
        let row = reader.row(at: index)
        let from = row.resynchronizedFrom.map { " from \($0)" } ?? ""
        let cells = (0..<row.count).map { row.isNull($0) ? nil : Array(row[$0].buffer) }
        switch row.problem {
        case nil:
          rows.append("\(row.line): \(cells)\(row.bareQuoteCell.map { _ in " bare \(row.bareQuoteLine)" } ?? "")\(from)")
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

  private static func isBlank(_ cell: [UInt8]?) -> Bool { cell?.allSatisfy { $0 == 0x20 || $0 == 0x09 } ?? true }

  /// What becomes of a row under a header of two columns; nil: it counts as a blank line.
  ///
  /// - Parameter isLong: whether the first readable row has empty cells after the last column; set by this function.
  private static func verdict(_ row: PlainCSVReader.Row, _ isLong: inout Bool?) -> String? {
    if row.fault == nil, isValid(row), !row.cells.allSatisfy(isBlank) { isLong = isLong ?? (row.cells.count > 2) }
    let code: ProblemCode? =
      if row.fault != nil {
        .invalidCSV
      } else if !isValid(row) {
        .invalidUTF8
      } else if row.cells.allSatisfy(isBlank) {
        nil
      } else if row.cells.count < 2 || !row.cells.dropFirst(2).allSatisfy(isBlank) || row.cells.count > 2 && isLong != true {
        .raggedRow
      } else if row.cells[0] == Array("id".utf8), row.cells[1] == Array("note".utf8) {
        .repeatedHeader
      } else {
        row.from != nil ? .csvResynchronized : .csvBareQuote
      }
    guard let code else { return nil }
    guard code == .csvBareQuote else { return "\(row.lines.lowerBound) \(code.slug)" }
    return "\(row.lines.lowerBound) \(row.bareQuote == nil ? "" : code.slug)"
  }

  @Test func `a source returns one item per row, in batches of any size`() throws {
    var generator = Generator(state: UInt64(Self.setting("WAYBILL_CSV_SEED", 1)) ^ 0xC5)
    var reading = RecordReading()
    reading.columns = ["id", "note"].map { .init(name: $0, place: SourcePlace(file: "m.yaml", line: 1, column: 1)) }
    for number in 0..<Self.setting("WAYBILL_CSV_FILES", 3_000) / 6 {
      let again = number % 5 == 0 ? Array("\n\u{FEFF}id,note\n".utf8) + Self.file(&generator) : []
      let bytes = Array("id,note\n".utf8) + Self.file(&generator) + again
      let plain = PlainCSVReader(bytes)
      var isLong: Bool?
      let expected = plain.rows.dropFirst().compactMap { Self.verdict($0, &isLong) }
      for (piece, batchSize) in [(1, 1), (5, 40), (1_000, 1_000)] {
        let input = MemoryInput(bytes, pieceSize: piece)
        var source = CSVSource(input, path: "x.csv", batchSize: batchSize, reading: reading)
        let batch = RecordBatch(capacity: 64)
        var found: [String] = []
        while try source.fill(batch) {
          for item in batch.items {
            let isBare = item.warnings.contains(.csvBareQuote) && item.fault == nil
            found.append("\(item.line) \(item.fault?.slug ?? (isBare ? ProblemCode.csvBareQuote.slug : ""))")
            let isExplained = item.fault.map { $0 == .invalidUTF8 || batch.note(of: item, about: $0) != nil } ?? true
            #expect(isExplained)
          }
        }
        #expect(found == expected, "file \(number): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        let empty = source.notes.first { $0.code == .emptyRows }?.count ?? 0
        #expect(empty == plain.rows.count - 1 - expected.count, "file \(number)")
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
