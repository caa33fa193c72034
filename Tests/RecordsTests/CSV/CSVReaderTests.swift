import Core
import Testing

@testable import Records

/// A row as tests compare it: its cells (nil for an unquoted empty one), or why it cannot be taken.
private struct Row: Equatable, CustomStringConvertible {
  var line: Int
  var cells: [String?]
  var problem: CSVRow.Problem?
  var description: String { "\(line): \(cells) \(problem.map { "\($0)" } ?? "")" }

  init(_ line: Int, _ cells: [String?], _ problem: CSVRow.Problem? = nil) {
    self.line = line
    self.cells = cells
    self.problem = problem
  }
}

private struct Reading: Equatable {
  var rows: [Row] = []
  var header: [String]?
  var failure: CSVHeader.Failure?
}

private func read(_ bytes: [UInt8], options: CSVReader.Options, chunk: Int) -> Reading {
  var reader = CSVReader(options: options)
  var reading = Reading()
  func collect(_ reader: borrowing CSVReader) {
    for index in 0..<reader.rowCount {
      let row = reader.row(at: index)
      let cells = (0..<row.count).map { row.isNull($0) ? nil : row[$0].string }
      reading.rows.append(Row(row.line, cells, row.problem))
    }
  }
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + chunk)
    bytes[start..<end].withUnsafeBufferPointer { reader.feed(Span(_unsafeElements: $0)) }
    collect(reader)
    start = end
  }
  reader.finish()
  collect(reader)
  reading.header = reader.header?.names
  reading.failure = reader.headerFailure
  return reading
}

private func rows(of text: String, chunk: Int = .max / 2) -> [Row] {
  read(Array(text.utf8), options: .init(hasHeader: false), chunk: chunk).rows
}

@Suite struct CSVReaderTests {
  @Test(arguments: [
    ("a,b\n1,2\n", [Row(1, ["a", "b"]), Row(2, ["1", "2"])]),
    ("a,b", [Row(1, ["a", "b"])]),
    ("", []),
    ("\n\n", []),
    ("a\r\nb\r\n\r\nc", [Row(1, ["a"]), Row(2, ["b"]), Row(4, ["c"])]),
    ("a\rb\r\rc\r", [Row(1, ["a"]), Row(2, ["b"]), Row(4, ["c"])]),
    (" a ,\t b\t\n", [Row(1, [" a ", "\t b\t"])]),
    ("a,,\"\",b\n", [Row(1, ["a", nil, "", "b"])]),
    ("\"\"\n", [Row(1, [""])]),
    (",\n", [Row(1, [nil, nil])]),
    ("\"a\nb\r\nc\",x\ny,z\n", [Row(1, ["a\nb\r\nc", "x"]), Row(4, ["y", "z"])]),
    ("\"say \"\"hi\"\"\",2\n", [Row(1, ["say \"hi\"", "2"])]),
    ("Zoë,名前,🙂\n", [Row(1, ["Zoë", "名前", "🙂"])]),
    ("\u{FEFF}a,b\n", [Row(1, ["a", "b"])]),
    ("a,\u{FEFF}b\n", [Row(1, ["a", "\u{FEFF}b"])]),
    ("#,=1+1\n", [Row(1, ["#", "=1+1"])]),
  ])
  fileprivate func `cells are exactly what the file holds`(text: String, expected: [Row]) {
    #expect(rows(of: text) == expected)
  }

  @Test(arguments: [
    ("a,b\nx\"y,2\nc,d\n", [Row(1, ["a", "b"]), Row(2, [], .strayQuote), Row(3, ["c", "d"])]),
    ("\"a\"b,2\nc,d\n", [Row(1, [], .strayQuote), Row(2, ["c", "d"])]),
    ("\"a\" ,2\r\nc,d\r\n", [Row(1, [], .strayQuote), Row(2, ["c", "d"])]),
    ("a,\"x\ny\",z\"q\nc,d\n", [Row(1, [], .strayQuote), Row(3, ["c", "d"])]),
    ("\"x\ny\"z\nc,d\n", [Row(1, [], .strayQuote), Row(3, ["c", "d"])]),
    ("a,b\n\"open,1\nc,d\n", [Row(1, ["a", "b"]), Row(2, [], .unclosedQuote)]),
    ("x\"", [Row(1, [], .strayQuote)]),
  ])
  fileprivate func `a row that cannot be read is named by its line and the rest goes on`(text: String, expected: [Row]) {
    #expect(rows(of: text) == expected)
  }

  @Test func `invalid UTF-8 is the row's problem`() {
    let bytes: [UInt8] = Array("a,b\n".utf8) + [0x63, 0x2C, 0xFF, 0x0A] + Array("d,é\n".utf8)
    let reading = read(bytes, options: .init(hasHeader: false), chunk: 3)
    #expect(reading.rows.map(\.problem) == [nil, .invalidUTF8, nil])
    #expect(reading.rows.map(\.line) == [1, 2, 3])
  }

  @Test func `a byte that only begins like a byte order mark is text`() {
    let bytes: [UInt8] = [0xEF, 0xBB, 0x41, 0x0A, 0x42, 0x0A]
    for chunk in 1...6 {
      let reading = read(bytes, options: .init(hasHeader: false), chunk: chunk)
      #expect(reading.rows.map(\.problem) == [.invalidUTF8, nil])
      #expect(reading.rows.last?.cells == ["B"])
    }
  }

  @Test func `a row that is too large is passed over`() {
    let text = "a,b\n" + String(repeating: "x", count: 100) + ",1\nc,d\n\"" + String(repeating: "y", count: 80) + "\",1\ne,f\n"
    for chunk in [1, 7, 50, 1000] {
      let reading = read(Array(text.utf8), options: .init(hasHeader: false, maximumRowBytes: 60), chunk: chunk)
      let expected = [
        Row(1, ["a", "b"]), Row(2, [], .tooLarge), Row(3, ["c", "d"]), Row(4, [], .tooLarge), Row(5, ["e", "f"]),
      ]
      #expect(reading.rows == expected)
    }
  }

  @Test(
    arguments: [
      // Line breaks inside the quotes begin no row, and are counted.
      ("\"" + String(repeating: "line\r\n", count: 20) + "\",1\nc,d\n", [Row(1, [], .tooLarge), Row(22, ["c", "d"])]),
      ("x,\"" + String(repeating: "\"\",\n", count: 30) + "\"\nc,d\n", [Row(1, [], .tooLarge), Row(32, ["c", "d"])]),
      ("\"" + String(repeating: "y\n", count: 50), [Row(1, [], .tooLarge)]),
      ("\"" + String(repeating: "z\n", count: 40) + "\"x,1\nc,d\n", [Row(1, [], .tooLarge), Row(42, ["c", "d"])]),
      (String(repeating: "a,", count: 100) + "\r\n\r\nc,d\r\n", [Row(1, [], .tooLarge), Row(3, ["c", "d"])]),
      (String(repeating: "aaaaaaaaaa,", count: 10) + "\"\"\n\"\"\n", [Row(1, [], .tooLarge), Row(2, [""])]),
    ])
  fileprivate func `a row that is too large ends where its quotes say`(text: String, expected: [Row]) {
    for chunk in 1...70 {
      let reading = read(Array(text.utf8), options: .init(hasHeader: false, maximumRowBytes: 60), chunk: chunk)
      #expect(reading.rows == expected)
    }
    #expect(read(Array(text.utf8), options: .init(hasHeader: false, maximumRowBytes: 60), chunk: 10_000).rows == expected)
  }

  @Test func `the header names the columns and ragged rows are told`() {
    let text = "\u{FEFF}id, name \n1,Ada\n2\n\n3,Bob,x\n"
    let reading = read(Array(text.utf8), options: .init(), chunk: 5)
    #expect(reading.header == ["id", "name"])
    #expect(reading.rows == [Row(2, ["1", "Ada"]), Row(3, ["2"], .ragged), Row(5, ["3", "Bob", "x"], .ragged)])
  }

  @Test(arguments: [
    ("", CSVHeader.Failure.missing),
    ("\n\n", .missing),
    ("\nid,id\n", .duplicateName(line: 2, name: "id")),
    ("id,,x\n", .emptyName(line: 1, column: 2)),
  ])
  func `a header that names nothing or something twice is refused`(text: String, failure: CSVHeader.Failure) {
    let reading = read(Array(text.utf8), options: .init(), chunk: 100)
    #expect(reading.failure == failure)
    #expect(reading.header == nil)
  }

  @Test func `any split into chunks gives the same rows`() {
    let text =
      "\u{FEFF}id,note,tags\r\n1,\"two\r\nlines\",\"a;b\"\r\n\r\n2,x\"y,z\r\n3,Zoë 名前,\"\"\n4,\"q\"\"q\",\r5,\"a\nb\"c,\n6,\"open\n,"
    let bytes = Array(text.utf8)
    for options in [CSVReader.Options(), .init(hasHeader: false)] {
      let whole = read(bytes, options: options, chunk: bytes.count)
      #expect(whole.rows.count == (options.hasHeader ? 6 : 7))
      for chunk in 1..<bytes.count { #expect(read(bytes, options: options, chunk: chunk) == whole) }
    }
  }

  @Test func `what was written with quotes is read back`() {
    var generator = SplitMix(state: 7)
    let pieces = ["", "a", " ", "\"", ",", "\n", "\r", "\r\n", "é", "🙂", "'", ";", "x y"]
    for _ in 0..<200 {
      var expected: [[String]] = []
      var text = ""
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        let cells = (0..<3).map { _ in
          (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        }
        expected.append(cells)
        text += cells.map(quoted).joined(separator: ",") + "\n"
      }
      let chunk = Int.random(in: 1...20, using: &generator)
      #expect(rows(of: text, chunk: chunk).map { $0.cells.map { $0 ?? "null" } } == expected)
    }
  }

  @Test func `another delimiter may be chosen`() {
    let reading = read(Array("a;b,c\n1;2\n".utf8), options: .init(delimiter: UInt8(ascii: ";")), chunk: 4)
    #expect(reading.header == ["a", "b,c"])
    #expect(reading.rows == [Row(2, ["1", "2"])])
  }
}

private func quoted(_ cell: String) -> String {
  "\"" + String(cell.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }.map(Character.init)) + "\""
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
