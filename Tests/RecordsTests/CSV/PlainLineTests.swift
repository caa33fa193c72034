import CLibCSV
import Core
import Testing

@testable import Records

/// Lines that are read without libcsv give what libcsv makes of them.
@Suite struct PlainLineTests {
  private struct Row: Equatable {
    var line: Int
    var cells: [[UInt8]?]
    var problem: CSVRow.Problem?
    var suspect: Int?
    var text: String?
    var warnings: RecordWarnings
  }

  private struct Reading: Equatable {
    var rows: [Row] = []
    var header: [String]?
    var headerFailure: CSVHeader.Failure?
    var failure: CSVReader.Failure?
  }

  private func read(_ bytes: [UInt8], _ options: CSVReader.Options, chunk: Int, usesParserAlone: Bool) -> Reading {
    var reader = CSVReader(options: options, usesParserAlone: usesParserAlone)
    var reading = Reading()
    func collect(_ reader: borrowing CSVReader) {
      for index in 0..<reader.rowCount {
        let row = reader.row(at: index)
        let cells = (0..<row.count).map { row.isNull($0) ? nil : Array(row[$0].buffer) }
        reading.rows.append(
          Row(
            line: row.line, cells: cells, problem: row.problem, suspect: row.resynchronizedFrom, text: row.problemText,
            warnings: row.problem == nil ? row.warnings : []))
      }
    }
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + chunk)
      reader.feed(bytes.span.extracting(start..<end))
      collect(reader)
      start = end
    }
    reader.finish()
    collect(reader)
    reading.header = reader.header?.names
    reading.headerFailure = reader.headerFailure
    reading.failure = reader.failure
    return reading
  }

  private func check(_ bytes: [UInt8], _ options: CSVReader.Options, chunks: [Int], _ comment: Comment) {
    let expected = read(bytes, options, chunk: .max, usesParserAlone: true)
    for chunk in chunks {
      #expect(read(bytes, options, chunk: chunk, usesParserAlone: false) == expected, comment)
    }
  }

  /// Mostly plain lines, with everything that ends a run of them.
  private struct Generator {
    var state: UInt64

    mutating func number(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }

    mutating func text(_ delimiter: String) -> [UInt8] {
      let odd: [[UInt8]] = [
        [0x22], [0x0D], [0], [0x1F], [0x7F], [0xC2, 0x85], [0xC2, 0xA0], [0xC2], [0xEF, 0xBB, 0xBF], [0xEF, 0xBC, 0xA1], [0xEF],
        [0xFF], [0xE2, 0x82], Array("\"a\"".utf8), Array("\"a\(delimiter)\n\"\"b\"".utf8), Array("\"open".utf8),
        Array(delimiter.utf8), [0x0A], [0x0D, 0x0A], Array("\"\"".utf8),
      ]
      let usual = ["", "", "a", " ", "\t", "é", "日本", "some text", "id", " b ", String(repeating: "x", count: 70), "name"]
      return number(below: 40) == 0 ? odd[number(below: odd.count)] : Array(usual[number(below: usual.count)].utf8)
    }

    mutating func file(_ delimiter: String, columns: Int) -> [UInt8] {
      let lineBreak: [UInt8] = number(below: 2) == 0 ? [0x0A] : [0x0D, 0x0A]
      let names = (0..<columns).map { $0 == 0 ? "id" : "name\($0)" }
      var bytes = Array(names.joined(separator: delimiter).utf8) + lineBreak
      for _ in 0..<number(below: 12) {
        let count = number(below: 12) == 0 ? number(below: columns + 3) : columns
        var line: [UInt8] = []
        for column in 0..<count { line += (column > 0 ? Array(delimiter.utf8) : []) + text(delimiter) }
        if number(below: 20) == 0 { line = Array(names.joined(separator: delimiter).utf8) }
        bytes += line + lineBreak
      }
      if number(below: 2) == 0 { bytes.removeLast(lineBreak.count) }
      return bytes
    }
  }

  @Test func `any file gives the same rows with and without plain lines`() {
    var generator = Generator(state: 3)
    for round in 0..<3_000 {
      let delimiter = [",", ";", "\t", "|"][round % 4]
      let bytes = generator.file(delimiter, columns: 1 + generator.number(below: 4))
      var options = CSVReader.Options(delimiter: Array(delimiter.utf8)[0], hasHeader: round % 3 > 0)
      if round % 5 == 0 { options.maximumRowBytes = 60 }
      check(bytes, options, chunks: [.max, 1 + generator.number(below: 90)], "round \(round): \(bytes)")
    }
  }

  @Test func `a line break, a quote or half a character may be anywhere in a block`() {
    let endings: [String] = ["\n", "\r\n", "\r", ",\n", ",\r\n", "\"\n", "\u{0}\n", "é\n", "\u{85}\n", "\u{A0}\n", "\u{FEFF}\n"]
    for length in 0..<140 {
      for ending in endings {
        let text = "id,a\n1,\(String(repeating: "x", count: length))\(ending)2,b\n3,\n"
        check(Array(text.utf8), .init(), chunks: [.max, 64, length + 6, length + 7], "\(length) \(ending.debugDescription)")
      }
    }
  }

  @Test func `runs end at the limit of what is searched at once`() {
    let short = (0..<30_000).map { "\($0),x" }.joined(separator: "\n")
    let long = "1,\(String(repeating: "y", count: 70_000))\n2,b\n\(String(repeating: ",", count: 70_000))\n3,c\n"
    for text in ["id,a\n\(short)\n\(long)", "id,a\n\(long)\(short)"] {
      check(Array(text.utf8), .init(), chunks: [.max, 65_536, 70_001], "\(text.prefix(20))")
      check(Array(text.utf8), .init(hasHeader: false), chunks: [.max, 65_536], "\(text.prefix(20))")
      check(Array(text.utf8), .init(maximumRowBytes: 69_999), chunks: [.max, 65_536], "\(text.prefix(20))")
    }
  }

  @Test func `most lines of a usual file are plain`() throws {
    var collector = CSVRowCollector(CSVReader.Options(hasHeader: false, maximumRowBytes: 1_000))
    let text = Array("1,é,\r\n\r\n2,,b\n3,\u{A0},c\n 4,b,c\n5,b,c\n".utf8)
    let rule = waybill_csv_rule(delimiter: 0x2C, columns: 3, header_size: 99, row_limit: 1_000)
    var taken = (bytes: 0, lines: 0)
    text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      taken = collector.takePlainLines(base, count: bytes.count, line: 2, rule)
    }
    // The line that begins with a space may be blank, which is not decided here.
    #expect(taken.bytes == 21 && taken.lines == 4)
    #expect(collector.rows.count == 3)
    #expect((0..<3).map { collector.rows.base[$0].line } == [2, 4, 5])
  }
}
