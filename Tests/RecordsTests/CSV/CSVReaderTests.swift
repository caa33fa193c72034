import Core
import Testing

@testable import Records

/// A row as tests compare it: its cells (nil for an unquoted empty one), or why it cannot be taken.
private struct Row: Equatable, CustomStringConvertible {
  var line: Int
  var cells: [String?]
  var problem: CSVRow.Problem?
  /// The line of the faulty quote, and what its cell would have swallowed.
  var quote = 0
  var swallowed = 0
  var from: Int?
  var description: String {
    "\(line): \(cells) \(problem.map { "\($0) \(quote) \(swallowed)" } ?? "") \(from.map { "from \($0)" } ?? "")"
  }

  init(_ line: Int, _ cells: [String?], _ problem: CSVRow.Problem? = nil, quote: Int = 0, _ swallowed: Int = 0, from: Int? = nil)
  {
    self.line = line
    self.cells = cells
    self.problem = problem
    (self.quote, self.swallowed, self.from) = (quote, swallowed, from)
  }

  /// Only rows that name the quote's line compare it.
  static func == (left: Row, right: Row) -> Bool {
    left.line == right.line && left.cells == right.cells && left.problem == right.problem && left.from == right.from
      && (left.quote == 0 || right.quote == 0 || (left.quote, left.swallowed) == (right.quote, right.swallowed))
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
      reading.rows.append(
        Row(
          row.line, cells, row.problem, quote: row.mark.quoteLine, row.mark.swallowed,
          from: row.problem == nil ? row.resynchronizedFrom : nil))
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

private func rows(of text: String, chunk: Int = .max / 2, quotes: FileReading.Quotes = .strict) -> [Row] {
  var options = CSVReader.Options(hasHeader: false)
  options.quotes = quotes
  return read(Array(text.utf8), options: options, chunk: chunk).rows
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
    ("\"a\"b,2\nc,d\n", [Row(1, [], .textAfterQuote), Row(2, ["c", "d"])]),
    ("\"a\" ,2\r\nc,d\r\n", [Row(1, [], .textAfterQuote), Row(2, ["c", "d"])]),
    ("a,\"x\ny\",z\"q\nc,d\n", [Row(1, [], .strayQuote), Row(3, ["c", "d"])]),
    ("x\"", [Row(1, [], .strayQuote)]),
    ("a,x\"", [Row(1, [], .strayQuote)]),
    // A well-formed cell stays one cell, whatever else is wrong with its row.
    ("5\" pipe,\"a\n1,2\nb\"\nc,d\n", [Row(1, [], .strayQuote), Row(4, ["c", "d"])]),
    ("\"x\n1,2\ny\",\"q\"z\nc,d\n", [Row(1, [], .textAfterQuote), Row(4, ["c", "d"])]),
    ("\"\"x\n\"\"\n", [Row(1, [], .textAfterQuote), Row(2, [""])]),
  ])
  fileprivate func `an unreadable row is reported by its line, and reading continues`(text: String, expected: [Row]) {
    #expect(rows(of: text) == expected)
  }

  @Test(arguments: [
    ("a,b\nx\"y,2\nc,d\n", [Row(1, ["a", "b"]), Row(2, ["x\"y", "2"]), Row(3, ["c", "d"])]),
    ("6'2\",5'\"\"\r\n", [Row(1, ["6'2\"", "5'\"\""])]),
    ("x\"", [Row(1, ["x\""])]),
    ("a\"b\"c,\"q\"\"q\"\n", [Row(1, ["a\"b\"c", "q\"q"])]),
    ("5\" pipe,\"a\n1,2\nb\"\nc,d\n", [Row(1, ["5\" pipe", "a\n1,2\nb"]), Row(4, ["c", "d"])]),
    // Meant to open a quoted cell.
    ("1, \"Doe, Ann\"\nc,d\n", [Row(1, [], .quoteAfterSpaces), Row(2, ["c", "d"])]),
    ("\t\"x\"\nc\n", [Row(1, [], .quoteAfterSpaces), Row(2, ["c"])]),
    ("\"a\"b,x\"y\nc,d\n", [Row(1, [], .textAfterQuote), Row(2, ["c", "d"])]),
  ])
  fileprivate func `a quote inside an unquoted cell is text`(text: String, expected: [Row]) {
    for chunk in 1...text.utf8.count {
      #expect(rows(of: text, chunk: chunk, quotes: .lenient) == expected, "chunks of \(chunk)")
    }
  }

  fileprivate static let badCells: [(String, [Row])] = [
    ("a,b\n\"open,1\nc,d\n", [Row(1, ["a", "b"]), Row(2, [], .unclosedQuote, quote: 2, 1), Row(3, ["c", "d"], from: 2)]),
    (
      "x,\"open\r\na,b\r\n\r\nc,d",
      [Row(1, [], .unclosedQuote, quote: 1, 3), Row(2, ["a", "b"], from: 1), Row(4, ["c", "d"], from: 1)]
    ),
    ("\"x\ry\"z\rc,d\r", [Row(1, [], .textAfterQuote, quote: 1, 1), Row(2, [], .strayQuote, quote: 2, 0), Row(3, ["c", "d"])]),
    // Closed much later by the opening quote of another cell: what it took is not trusted.
    (
      "\"a\nb,1\nc,2\nd,\"e\"\nf,3\n",
      [
        Row(1, [], .textAfterQuote, quote: 1, 3), Row(2, ["b", "1"], from: 1), Row(3, ["c", "2"], from: 1),
        Row(4, ["d", "e"], from: 1), Row(5, ["f", "3"]),
      ]
    ),
    // The row begins before the bad cell does.
    (
      "\"a\n\nb\",\"c\nd,1\n",
      [Row(1, [], .unclosedQuote, quote: 3, 1), Row(4, ["d", "1"], from: 3)]
    ),
    // One bad cell among the lines of another.
    (
      "a,\"b\n1,\"\"\"c\n2,d\n",
      [Row(1, [], .textAfterQuote, quote: 1, 1), Row(2, [], .unclosedQuote, quote: 2, 1), Row(3, ["2", "d"], from: 2)]
    ),
    // The fault is on the first line, and another cell is open at its end.
    (
      "\"a\"b,\"c\n1,2\nd\"\ne,f\n",
      [
        Row(1, [], .textAfterQuote, quote: 1, 2), Row(2, ["1", "2"], from: 1), Row(3, [], .strayQuote, quote: 3, 0),
        Row(4, ["e", "f"]),
      ]
    ),
    ("\"a\"b,\"c\n1,2\n", [Row(1, [], .unclosedQuote, quote: 1, 1), Row(2, ["1", "2"], from: 1)]),
    ("\"a\"b,\"c", [Row(1, [], .unclosedQuote, quote: 1, 0)]),
    ("a,\"", [Row(1, [], .unclosedQuote, quote: 1, 0)]),
    ("a,\"\n", [Row(1, [], .unclosedQuote, quote: 1, 0)]),
    ("a,\"\n\n\n", [Row(1, [], .unclosedQuote, quote: 1, 2)]),
  ]

  @Test(arguments: badCells)
  fileprivate func `a faulty quoted cell gives its lines back`(text: String, expected: [Row]) {
    for chunk in 1...text.utf8.count { #expect(rows(of: text, chunk: chunk) == expected, "chunks of \(chunk)") }
  }

  @Test func `the message names the line of the quote and the lines that it would have swallowed`() {
    let lines = (1...400).map { "\($0),name \($0)" }
    func texts(_ change: (inout [String]) -> Void) -> [String] {
      var lines = lines
      change(&lines)
      var reader = CSVReader()
      reader.feed(Array(("id,name\n" + lines.joined(separator: "\n") + "\n").utf8).span)
      var texts: [String] = []
      func collect(_ reader: borrowing CSVReader) {
        texts += (0..<reader.rowCount).compactMap { reader.row(at: $0).problemText }
      }
      collect(reader)
      reader.finish()
      collect(reader)
      return texts
    }
    #expect(
      texts { $0[100] = "101,\"open" } == [
        "the quoted cell that opens on line 102 is never closed; it would have swallowed 299 lines"
      ])
    #expect(
      texts {
        $0[100] = "101,\"open"
        $0[300] = "301,\"open"
      } == [
        "the quoted cell that opens on line 102 has text after its closing quote; it would have swallowed 200 lines",
        "the quoted cell that opens on line 302 is never closed; it would have swallowed 99 lines",
      ])
  }

  @Test func `a cell too large when its fault is detected stops the reading`() {
    let lines = String(repeating: "1,x\n", count: 40)
    for text in [
      "\"open\n" + lines, "\"open\n" + lines + "\"x,1\nc,d\n", "\"" + String(repeating: "y", count: 80),
      "\"" + String(repeating: "y", count: 80) + "\"x\nc,d\n", "\"a\"b,\"c\n" + lines + "\"\nc,d\n",
    ] {
      for chunk in 1...70 {
        var reader = CSVReader(options: .init(hasHeader: false, maximumRowBytes: 60))
        let bytes = Array(("a,b\n" + text).utf8)
        var found: [Int] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
          reader.feed(Array(bytes[start..<min(bytes.count, start + chunk)]).span)
          found += (0..<reader.rowCount).map { reader.row(at: $0).line }
        }
        reader.finish()
        found += (0..<reader.rowCount).map { reader.row(at: $0).line }
        #expect(found == [1])
        #expect(reader.failure == CSVReader.Failure(line: 2, limit: 60))
      }
    }
  }

  @Test func `many bad quotes cost no more than reading twice`() {
    // Rereading these lines for each quote would be some 10 billion bytes.
    let text = String(repeating: "a,\"b\n", count: 60_000) + String(repeating: "x,y\n", count: 40_000)
    let found = rows(of: text)
    #expect(found.count == 100_000)
    #expect(found.count { $0.problem != nil } == 60_000)
  }

  @Test func `a row of only delimiters is bounded`() {
    let text = "a,b\n" + String(repeating: ",", count: 2_000_000) + "\nc,d\n"
    let reading = read(Array(text.utf8), options: .init(hasHeader: false, maximumRowBytes: 1 << 20), chunk: 1 << 16)
    #expect(reading.rows == [Row(1, ["a", "b"]), Row(2, [], .tooLarge), Row(3, ["c", "d"])])
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

  @Test func `a part of a byte order mark at the end of the file is text, also after a quote that is never closed`() {
    for text in ["a\n", "a,\"b\nc\n", "\u{FEFF}"] {
      let bytes = Array(text.utf8) + [0xEF, 0xBB]
      for chunk in 1...bytes.count {
        let found = read(bytes, options: .init(hasHeader: false), chunk: chunk).rows
        #expect(found.last?.problem == .invalidUTF8, "\(text), chunks of \(chunk)")
      }
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

  @Test func `the header names the columns, and ragged rows are reported`() {
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

  @Test(arguments: [
    ("\nid,\"name\n1,x\n", 2, "the quoted cell that opens on line 2 is never closed; it would have swallowed 1 line"),
    (
      "id,\"a\nb\",\"c\"d\n", 1,
      "the quoted cell that opens on line 2 has text after its closing quote"
    ),
    (
      "id,\"a\"b\n1,2\n", 1,
      "the quoted cell that opens on line 1 has text after its closing quote"
    ),
    ("id, \"a\"\n1,2\n", 1, "a cell on line 1 has spaces before its opening quote: remove the spaces"),
    ("id,5\"\n1,2\n", 1, "an unquoted cell on line 1 contains a quote: quote the whole cell and double the quotes inside it"),
  ])
  func `a header with a bad quote is refused`(text: String, line: Int, reason: String) {
    for chunk in 1...text.utf8.count {
      var options = CSVReader.Options()
      options.quotes = reason.contains("unquoted") ? .strict : .lenient
      let reading = read(Array(text.utf8), options: options, chunk: chunk)
      #expect(reading.failure == .unreadable(line: line, reason: reason))
    }
  }

  @Test func `a quoted header is accepted`() {
    #expect(read(Array("\"id\",\"a \"\"b\"\"\"\n1,2\n".utf8), options: .init(), chunk: 3).header == ["id", "a \"b\""])
  }

  @Test func `any split into chunks gives the same rows`() {
    let text =
      "\u{FEFF}id,note,tags\r\n1,\"two\r\nlines\",\"a;b\"\r\n\r\n2,x\"y,z\r\n3,Zoë 名前,\"\"\n4,\"q\"\"q\",\r5,\"a\nb\"c,\n6,\"open\n,"
    let bytes = Array(text.utf8)
    for options in [CSVReader.Options(), .init(hasHeader: false)] {
      let whole = read(bytes, options: options, chunk: bytes.count)
      // The last row is empty.
      #expect(whole.rows.count == (options.hasHeader ? 7 : 9))
      for chunk in 1..<bytes.count { #expect(read(bytes, options: options, chunk: chunk) == whole) }
    }
  }

  @Test func `quoted cells are read back unchanged`() {
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
