import Core
import Files
import Testing

@testable import Records

/// Files whose rows do not quite fit their header, as spreadsheets write them.
@Suite struct CSVShapeTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var text: String
    var names: [String]
    /// `LINE: CELLS`, or `LINE: PROBLEM`.
    var rows: [String]
    var tally = CSVTally()
    var testDescription: String { text.debugDescription }

    init(_ text: String, _ names: [String], _ rows: [String], _ change: (inout CSVTally) -> Void = { _ in }) {
      self.text = text
      self.names = names
      self.rows = rows
      change(&tally)
    }
  }

  static let shapes = [
    Shape("id,name,\n1,Ann,\n2,Bob\n3,Cy,x\n", ["id", "name"], ["2: 1|Ann", "3: 2|Bob", "4: ragged"]) {
      $0.namelessColumns = 1
      $0.longRows = 1
    },
    Shape("id,name,\"\", \n1,Ann\n", ["id", "name"], ["2: 1|Ann"]) { $0.namelessColumns = 2 },
    Shape(
      "id,name\n1,Ann,\n2,Bob,,, ,\"\"\n3,Cy,,x\n4\n5,\n", ["id", "name"],
      ["2: 1|Ann", "3: 2|Bob", "4: ragged", "5: ragged", "6: 5|-"]
    ) {
      $0.longRows = 2
    },
    Shape("id,name\n,\n1,Ann\n\n\"\",\"\"\n   \n , \t\n,,,\n2,Bob", ["id", "name"], ["3: 1|Ann", "9: 2|Bob"]) {
      $0.emptyRows = 5
    },
    Shape(",,\n  \nid,name\n1,Ann\n", ["id", "name"], ["4: 1|Ann"]) { $0.emptyRows = 2 },
    // In a single column, a quoted empty cell is a value, and so are spaces.
    Shape("name\n\"\"\n  \n,\n\nname\nAnn\n", ["name"], ["2: ", "3:   ", "6: name", "7: Ann"]) { $0.emptyRows = 1 },
    Shape("name\nAnn\n\u{FEFF}name\nBob\n", ["name"], ["2: Ann", "3: repeatedHeader", "4: Bob"]) { $0.innerMarks = 1 },
    Shape("\u{FEFF}id,name\n1,Ann\n\u{FEFF}id,name\n2,Bob\n", ["id", "name"], ["2: 1|Ann", "3: repeatedHeader", "4: 2|Bob"]) {
      $0.innerMarks = 1
    },
    Shape("\u{FEFF}\u{FEFF}\"id\",name\r\n1,Ann\r\n\u{FEFF}\u{FEFF}\"2\",Bob\r\n", ["id", "name"], ["2: 1|Ann", "3: 2|Bob"]) {
      $0.innerMarks = 2
    },
    Shape(
      "id,name,\n1,Ann,\nid,name,, \nid,nam,e\nidn,ame\n\"id\",\"name\"\n", ["id", "name"],
      [
        "2: 1|Ann", "3: ragged", "4: ragged", "5: idn|ame", "6: repeatedHeader",
      ]
    ) {
      $0.namelessColumns = 1
      $0.longRows = 1
    },
    // An unquoted delimiter in a row whose last cell is empty shifts its values by one column.
    Shape("id,name,mail\n1,Ann,a@x\n2,Bob, Jr,\n3,Cy,\n", ["id", "name", "mail"], ["2: 1|Ann|a@x", "3: ragged", "4: 3|Cy|-"]) {
      _ in
    },
    Shape("id,name\n1,Ann,\n2,Bob,,,\n3,Cy\n", ["id", "name"], ["2: 1|Ann", "3: 2|Bob", "4: 3|Cy"]) { $0.longRows = 2 },
    Shape("id,name\n1,\u{FEFF}Ann\n\u{FEFF}\n\u{FEFF}2,Bob", ["id", "name"], ["2: 1|\u{FEFF}Ann", "4: 2|Bob"]) {
      $0.innerMarks = 2
    },
  ]

  @Test(arguments: shapes)
  func `rows that do not quite fit are read, and counted`(shape: Shape) {
    let bytes = Array(shape.text.utf8)
    for chunk in 1...bytes.count {
      var reader = CSVReader()
      var rows: [String] = []
      func collect(_ reader: borrowing CSVReader) {
        for index in 0..<reader.rowCount {
          let row = reader.row(at: index)
          let cells = (0..<row.count).map { row.isNull($0) ? "-" : row[$0].string }.joined(separator: "|")
          rows.append("\(row.line): \(row.problem.map { "\($0)" } ?? cells)")
        }
      }
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        reader.feed(bytes[start..<min(bytes.count, start + chunk)].span)
        collect(reader)
      }
      reader.finish()
      collect(reader)
      #expect(reader.header?.names == shape.names, "chunks of \(chunk)")
      #expect(rows == shape.rows, "chunks of \(chunk)")
      #expect(reader.tally == shape.tally, "chunks of \(chunk)")
    }
  }

  @Test(arguments: [
    ("A\u{0}nn", "the control character U+0000"), ("A\u{7F}nn", "the control character U+007F"),
    ("It\u{92}s", "the control character U+0092"), ("x\u{FEFF}y", "a byte order mark (U+FEFF)"),
    ("\u{B}", "the control character U+000B"),
    ("a\tb\u{A0}\u{AD}", nil), ("\"a\nb\r\nc\"", nil), ("Zo\u{EB} \u{1F642}", nil),
  ])
  func `a control character in a cell is a warning of its record, which names the column`(cell: String, found: String?) throws {
    let text = "id,note\n1,\(cell)\n2,x\n"
    for piece in 1...text.utf8.count {
      var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.csv")
      let batch = RecordBatch()
      var notes: [String?] = []
      while try source.fill(batch) {
        for item in batch.items {
          notes.append(batch.note(of: item, about: .controlCharacter))
          #expect(item.warnings.contains(.controlCharacter) == (notes.last != .some(nil)))
        }
      }
      #expect(notes == [found.map { "the cell of 'note' contains \($0)" }, nil], "pieces of \(piece)")
    }
  }

  @Test func `warnings of one record are reported each`() throws {
    let text = "id,note\n1,6'2\"\u{0}\n2,\"a\nb\",x\n3,\"a\nb\"\n"
    var reading = RecordReading()
    func items() throws -> [String] {
      var source = CSVSource(MemoryInput(Array(text.utf8)), path: "x.csv", reading: reading)
      let batch = RecordBatch()
      _ = try source.fill(batch)
      return batch.items.map { item in
        let codes = (item.fault.map { [$0] } ?? []) + item.warnings.codes
        return "\(item.line) " + codes.map { "\($0.slug): \(batch.note(of: item, about: $0) ?? "")" }.joined(separator: "; ")
      }
    }
    #expect(
      try items() == [
        "2 csv-bare-quote: the unquoted cell of 'note' contains a quote, taken as text; "
          + "control-character: the cell of 'note' contains the control character U+0000",
        "3 ragged-row: the row has 3 cells, the header has 2", "5 ",
      ])
    reading.file.quotes = .strict
    #expect(try items()[0].hasPrefix("2 invalid-csv: an unquoted cell on line 2 contains a quote"))
  }

  private static func notes(_ text: String) throws -> [String?] {
    var source = CSVSource(MemoryInput(Array(text.utf8)), path: "x.csv")
    let batch = RecordBatch()
    _ = try source.fill(batch)
    return batch.items.map { batch.note(of: $0, about: .controlCharacter) }
  }

  @Test func `all cells of a row with control characters are named, and each character once`() throws {
    #expect(
      try Self.notes("a,b,c\n\u{7}x\u{7}\u{0},y,z\u{85}\n") == [
        "the cell of 'a' contains the control character U+0007 and the control character U+0000; "
          + "the cell of 'c' contains the control character U+0085"
      ])
    let many = try #require(try Self.notes("a,b,c,d,e,f,g\n\u{1},\u{1},\u{1},\u{1},\u{1},\u{1},\u{1}\n").first ?? nil)
    #expect(many.hasSuffix("the cell of 'e' contains the control character U+0001; so do 2 more cells"))
    let one = try #require(try Self.notes("a,b\n\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7},x\n").first ?? nil)
    #expect(one.hasSuffix("the control character U+0005 and 2 more"))
  }

  @Test func `a byte order mark that a blank line follows says nothing about the next row`() throws {
    for (text, isRepeated) in [
      ("id\n1\n\u{FEFF}id\n", true), ("id\n1\n\u{FEFF}\nid\n", false), ("id\n1\n\u{FEFF}\u{FEFF}\r\nid\n", false),
    ] {
      for piece in 1...text.utf8.count {
        var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.csv")
        let batch = RecordBatch()
        var faults: [ProblemCode?] = []
        while try source.fill(batch) { faults += batch.items.map(\.fault) }
        #expect(faults == [nil, isRepeated ? .repeatedHeader : nil], "\(text.debugDescription) in pieces of \(piece)")
      }
    }
  }
}
