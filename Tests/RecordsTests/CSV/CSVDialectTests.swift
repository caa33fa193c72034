import Core
import Files
import Testing

@testable import Records

/// What is found out about CSV files from their first lines, and what they then contain.
@Suite struct CSVDialectTests {
  struct Dialect: Sendable, CustomTestStringConvertible {
    var text: String
    /// The cells of the header and of the rows, or the failure.
    var found: [String]
    var path = "x.csv"
    var columns: [String] = []
    var file = FileReading()
    var notes: [String] = []
    var testDescription: String { "\(path) \(text.debugDescription)" }

    init(
      _ text: String, _ found: [String], _ notes: [String] = [], path: String = "x.csv", columns: [String] = [],
      _ change: (inout FileReading) -> Void = { _ in }
    ) {
      self.text = text
      self.found = found
      self.path = path
      self.columns = columns
      self.notes = notes
      change(&file)
    }
  }

  private static let semicolon = "delimiter ';' detected"

  static let dialects: [Dialect] = [
    Dialect("id,name\n1,Ann\n", ["id¦name", "2 1¦Ann"]),
    Dialect("id;name\n1;Ann\n", ["id¦name", "2 1¦Ann"], [semicolon]),
    Dialect("id\tname\r\n1\tAnn, Bob\r\n", ["id¦name", "2 1¦Ann, Bob"], ["delimiter tab detected"]),
    Dialect("id|name|x\n1|A;n;n|2\n", ["id¦name¦x", "2 1¦A;n;n¦2"], ["delimiter '|' detected"]),
    Dialect("id;name\r1;Ann\r", ["id¦name", "2 1¦Ann"], [semicolon]),
    Dialect("\u{FEFF}id;name\n1;Ann\n", ["id¦name", "2 1¦Ann"], [semicolon]),
    // Only a header.
    Dialect("id;name", ["id¦name"], [semicolon]),
    Dialect(
      "id;name;\n1;Ann;\n", ["id¦name", "2 1¦Ann"],
      [
        semicolon, "1 row has empty cells after the last column", "the header ends with 1 column without a name",
      ]),
    // Decimal commas; delimiters inside quotes.
    Dialect("x;y\n1,5;2,3\n2,5;3,5\n", ["x¦y", "2 1,5¦2,3", "3 2,5¦3,5"], [semicolon]),
    Dialect("name;size, cm\nA;1,5\nB;2,5\n", ["name¦size, cm", "2 A¦1,5", "3 B¦2,5"], [semicolon]),
    Dialect("\"last, first\";\"id\"\n\"Doe, Ann\";1\n", ["last, first¦id", "2 Doe, Ann¦1"], [semicolon]),
    Dialect("id,\"a;b\"\n1,\"x;y\"\n", ["id¦a;b", "2 1¦x;y"]),
    Dialect("id;\"a,b,c\"\n1;\"x\ny,z\"\n", ["id¦a,b,c", "2 1¦x\ny,z"], [semicolon]),
    Dialect("id,tags;list\n1,a;b\n2,c\n", ["id¦tags;list", "2 1¦a;b", "3 2¦c"]),
    // One column, with delimiters in texts or without.
    Dialect("name\nAnn\nBob\n", ["name", "2 Ann", "3 Bob"]),
    Dialect("name\n\"Doe, Ann\"\n\"Roe, Jan\"\n", ["name", "2 Doe, Ann", "3 Roe, Jan"]),
    Dialect("tags\nvip;eu\nnew;us\n", ["tags", "2 vip;eu", "3 new;us"]),
    Dialect("notes\nseen; again\nno; yes\n", ["notes", "2 seen; again", "3 no; yes"]),
    Dialect("name\nDoe, Ann\nRoe, Jan\n", ["name", "2 ragged", "3 ragged"]),
    // Equally plausible: cleaner names, then the comma, then none.
    Dialect("a,b;c\n1,2;3\n", ["a¦b;c", "2 1¦2;3"], ["delimiter ',' assumed, but ';' fits as well: specify the delimiter"]),
    Dialect("a;b|c\n1;2|3\n", ["x.csv:1: the delimiter may be ';' or '|': specify the delimiter (--delimiter)"]),
    Dialect("a\tb,c\n1\t2,3\n", ["a¦b,c", "2 1¦2,3"], ["delimiter tab detected"]),
    Dialect("a;b|c\n1;2|3\n", ["a¦b|c", "2 1¦2|3"], [semicolon], columns: ["a"]),
    // What is read decides.
    Dialect("id,name;x;y\n1,A;b;c\n", ["id¦name;x;y", "2 1¦A;b;c"], columns: ["id"]),
    Dialect("id,name;x;y\n1,A;b;c\n", ["id,name¦x¦y", "2 1,A¦b¦c"], [semicolon], columns: ["x", "y"]),
    Dialect("id;name\n1;Ann\n", ["id¦name", "2 1¦Ann"], [semicolon], columns: ["id"]),
    // Names of files.
    Dialect("id\tname,x\n1\tA,b\n", ["id¦name,x", "2 1¦A,b"], path: "x.tsv"),
    Dialect("id\tname,x,y\n1\tA,b,c\n", ["id¦name,x,y", "2 1¦A,b,c"], path: "X.TAB"),
    Dialect("id\n1,2\n", ["id", "2 1,2"], path: "x.tsv.gz"),
    Dialect("id,name\n1,Ann\n", ["id¦name", "2 1¦Ann"], ["delimiter ',' detected"], path: "x.tsv"),
    // Stated.
    Dialect("id;na,me\n1;A,b\n", ["id;na¦me", "2 1;A¦b"]) { $0.delimiter = 0x2C },
    Dialect("id:name\n1:Ann\n", ["id¦name", "2 1¦Ann"]) { $0.delimiter = 0x3A },
    // The line of Excel.
    Dialect("sep=;\nid;name\n1;Ann\n", ["id¦name", "3 1¦Ann"], ["delimiter ';' declared by the line 'sep='"]),
    Dialect("\u{FEFF}\"sep=,\"\r\nid,name\r\n1,Ann\r\n", ["id¦name", "3 1¦Ann"], ["delimiter ',' declared by the line 'sep='"]),
    Dialect("\nSEP=\t\nid\tname\n1\tAnn\n", ["id¦name", "4 1¦Ann"], ["delimiter tab declared by the line 'sep='"]),
    Dialect(
      "sep=,,,\nid,name,\n1,Ann,\n", ["id¦name", "3 1¦Ann"],
      [
        "delimiter ',' declared by the line 'sep='", "1 row has empty cells after the last column",
        "the header ends with 1 column without a name",
      ]),
    Dialect("sep=;\nid,name\n1,Ann\n", ["id¦name", "3 1¦Ann"]) { $0.delimiter = 0x2C },
    Dialect("sep=^\nid^name\n1^Ann\n", ["id¦name", "3 1¦Ann"], ["delimiter '^' declared by the line 'sep='"]),
    Dialect(
      "sep=tab\nid\tname\n",
      [
        "x.csv:1: the line begins with 'sep=', but does not name one delimiter: specify the delimiter (--delimiter), "
          + "and to skip the line, set skip_lines: 1 (--skip-lines 1)"
      ]),
    Dialect("separator,x\n1,2\n", ["separator¦x", "2 1¦2"]),
    // Lines above the header.
    Dialect("Export \"x\n\n\u{FEFF}id;name\n1;Ann\n", ["id¦name", "4 1¦Ann"], [semicolon, "2 lines above the header skipped"]) {
      $0.skipLines = 2
    },
    Dialect("a\rb\r\nid,name\r\n1,Ann", ["id¦name", "4 1¦Ann"], ["2 lines above the header skipped"]) { $0.skipLines = 2 },
    Dialect(
      "Export\nsep=;\nid;name\n1;Ann\n", ["id¦name", "4 1¦Ann"],
      [
        "delimiter ';' declared by the line 'sep='", "1 line above the header skipped",
      ]
    ) { $0.skipLines = 1 },
    Dialect("id,name\n", ["x.csv:1: no header follows the 3 lines that are skipped"]) { $0.skipLines = 3 },
    Dialect("Contacts 2026\n\nid,name\n1,Ann\n", [preamble(on: 1, header: 3, 2, "','", isColumn: true)]),
    Dialect("Contacts 2026\n\nid;name\n1;Ann\n2;Bob\n", [preamble(on: 1, header: 3, 2, "';'", isColumn: true)]),
    Dialect("Report;Q3\nby;Ann;x\n\nid;name;city;zip\n1;Ann;X;2\n2;Bob;Y;3\n", [preamble(on: 1, header: 4, 4, "';'")]),
    Dialect("Report\nid,name,city\n1,Ann,X\n", ["Report", "2 ragged", "3 ragged"], columns: ["Report"]),
    Dialect("Report\nid;name;city\n1;Ann;X\n", [preamble(on: 1, header: 2, 3, "';'", isColumn: true)]) { $0.delimiter = 0x3B },
    Dialect("Report 2026;;\nby Ann;;\nid;name;city\n1;Ann;X\n2;Bob;Y\n", [preamble(on: 1, header: 3, 3, "';'")]),
    Dialect("id,name\n1,a\nx,y,z\nu,v,w\n", ["id¦name", "2 1¦a", "3 ragged", "4 ragged"]),
    Dialect(
      "name;\nAnn;\nBob;\n", ["name", "2 Ann", "3 Bob"],
      [
        semicolon, "2 rows have empty cells after the last column", "the header ends with 1 column without a name",
      ]),
    // A header that no row fits.
    Dialect("id,name\n1\n2\n", ["id¦name", "2 ragged", "3 ragged"]),
    Dialect("id,name\n1,a,b\n2,c,d\n", ["id¦name", "2 ragged", "3 ragged"]),
    // The column that is read may be the only one.
    Dialect("id:name\n1:Ann\n", ["id:name", "2 1:Ann"], columns: ["id:name"]),
    Dialect(
      "id:name\n1:Ann\n", ["id:name", "2 1:Ann"],
      ["delimiter ',' leaves the header as one column, but ':' seems to separate 2: check the delimiter"]
    ) { $0.delimiter = 0x2C },
    Dialect("sep=;\nname\nDoe, Ann\n", ["name", "3 Doe, Ann"], ["delimiter ';' declared by the line 'sep='"]),
    Dialect(
      "sep=;\nTime (HH:MM)\n10:30\n11:45\n", ["Time (HH:MM)", "3 10:30", "4 11:45"],
      ["delimiter ';' declared by the line 'sep='"], columns: ["Time (HH:MM)"]),
    Dialect("{a: b};id\n1;2\n", ["{a: b}¦id", "2 1¦2"]) { $0.delimiter = 0x3B },
    // The columns that are read do not make the rows fit.
    Dialect(
      "id,name,x\n1;Ann;2\n2;Bob;3\n",
      ["x.csv:1: the header is separated by ',', but the rows are separated by ';': use one delimiter for both"],
      columns: ["id", "name"]),
    Dialect("x\n{\"id\":1}\n", ["x", "2 {\"id\":1}"]) { $0.delimiter = 0x3B },
    Dialect("", ["x.csv:1: the file is empty; its first row names the columns"]),
  ]

  /// - Parameter isColumn: the line above may be the name of the only column.
  private static func preamble(
    on line: Int, header: Int, _ width: Int, _ name: String, isColumn: Bool = false
  ) -> String {
    "x.csv:\(line): the header seems to be on line \(header), where \(width) cells separated by \(name) begin: "
      + "if so, set skip_lines: \(header - 1) (--skip-lines \(header - 1)); "
      + (isColumn
        ? #"if it has one column, set delimiter: "," (--delimiter ',')"# : "if not, specify the delimiter (--delimiter)")
  }

  @Test(arguments: dialects)
  func `a file is read as its first lines say`(dialect: Dialect) throws {
    var reading = RecordReading()
    reading.file = dialect.file
    reading.columns = dialect.columns.map { .init(name: $0, place: SourcePlace(file: "m.yaml", line: 1, column: 1)) }
    let bytes = Array(dialect.text.utf8)
    for piece in [1, 2, 3, 7, max(1, bytes.count)] {
      var found: [String] = []
      var notes: [String] = []
      do {
        var input: any ByteInput = MemoryInput(bytes, pieceSize: piece)
        let opening = try CSVOpening(&input, path: dialect.path, reading)
        var reader = CSVReader(options: opening.dialect.options(reading))
        reader.feed(opening.head.span)
        Self.collect(reader, &found)
        reader.finish()
        Self.collect(reader, &found)
        if let failure = reader.headerFailure {
          throw OperationFailure.csv(dialect.path, line: failure.line, "\(failure)")
        }
        found.insert(reader.header?.names.joined(separator: "¦") ?? "", at: 0)
        notes = (opening.dialect.notes + reader.tally.notes).map(\.text)
      } catch let failure as OperationFailure { found = ["\(failure)"] }
      #expect(found == dialect.found, "pieces of \(piece)")
      #expect(notes == dialect.notes, "pieces of \(piece)")
    }
  }

  private static func collect(_ reader: borrowing CSVReader, _ found: inout [String]) {
    for index in 0..<reader.rowCount {
      let row = reader.row(at: index)
      let cells = (0..<row.count).map { row[$0].string }.joined(separator: "¦")
      found.append("\(row.line) \(row.problem.map { "\($0)" } ?? cells)")
    }
  }

  @Test func `detection sees the same lines, whatever is read at once`() throws {
    // After the first lines, the semicolon would fit better.
    let text = "a,b;c\n" + String(repeating: "1,2;3\n", count: 45) + String(repeating: "1;2\n", count: 3_000)
    for piece in [1, 5, 1000, 100_000] {
      var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.csv")
      let batch = RecordBatch()
      _ = try source.fill(batch)
      #expect(source.notes.map(\.text) == ["delimiter ',' assumed, but ';' fits as well: specify the delimiter"])
    }
  }

  @Test(arguments: [0, 1]) func `endless skipped lines are refused before they exhaust memory`(kind: Int) throws {
    struct Endless: ByteInput {
      let bytes: [UInt8]
      mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
        for index in 0..<count { buffer[index] = bytes[index % bytes.count] }
        return count
      }
    }
    var reading = RecordReading()
    reading.file.skipLines = kind == 0 ? 1 : 1_000_000
    var input: any ByteInput = Endless(
      bytes: kind == 0 ? [0x78] : Array("a line of more than sixty-four bytes, a million of which are skipped in vain\n".utf8))
    let failure = #expect(throws: OperationFailure.self) { _ = try CSVOpening(&input, path: "x.csv", reading) }
    let lines = kind == 0 ? "line, which is skipped, has" : "1000000 lines, which are skipped, have"
    #expect(failure?.description == "x.csv:1: the first \(lines) more than 64 MiB: correct skip_lines")
  }

  @Test func `an input that fails in its first lines gives the rows before`() throws {
    struct Broken: ByteInput {
      var isBroken = false
      mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
        guard !isBroken else { throw OperationFailure(.wrongFile, "broken") }
        isBroken = true
        let text = Array("id;name\n1;Ann\n2".utf8)
        buffer.update(from: text, count: text.count)
        return text.count
      }
    }
    var source = CSVSource(Broken(), path: "x.csv")
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect(batch.items.map(\.line) == [2])
    for _ in 0..<2 { #expect(throws: OperationFailure.self) { try source.fill(batch) } }
  }

  @Test func `a header longer than the first lines that are looked at is read whole`() throws {
    let names = (0..<20_000).map { "column\($0)" }
    let text = names.joined(separator: ";") + "\n" + names.map { _ in "1" }.joined(separator: ";") + "\n"
    var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: 1000), path: "x.csv")
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect(batch.items.map(\.fault) == [nil])
    #expect(source.notes.map(\.text) == ["delimiter ';' detected"])
  }

  @Test func `each way in which a file can be written is the same after a round trip through JSON`() {
    for origin in [CSVDialect.Origin.given, .separatorLine, .detected, .assumed(over: [0x3B, 0x09])] {
      var dialect = CSVDialect(delimiter: UInt8(ascii: ","))
      (dialect.origin, dialect.skippedLines, dialect.linesAbove) = (origin, 2, 3)
      #expect(CSVDialect(dialect.json) == dialect)
    }
    #expect(CSVDialect(.object([.init("delimiter", .string(";")), .init("origin", .string("guessed"))])) == nil)
  }
}
