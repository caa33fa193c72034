import Core
import Foundation
import GRDB
import Load
import TestSupport
import Testing

@Suite struct SQLiteDestinationTests {
  let bench = SQLiteBench()

  @Test func `a table is created from the target schema`() async throws {
    let types: [(name: String, types: JSONTypes)] = [
      ("id", .integer), ("name", [.string, .null]), ("price", [.integer, .number]), ("active", .boolean), ("tags", .array),
      ("more", .object), ("any", .all), ("mixed", [.string, .integer]),
    ]
    let records = StagedRecords(
      [
        #"{"id":1,"name":"Ann","price":1.5,"active":true,"tags":["a",{"b":1}],"more":{"x": [1]},"any":"1","mixed":1,"deep":{"a\"b":"x"}}"#,
        #"{"id":2,"name":null,"price":3,"active":false,"tags":[],"more":{},"any":[1],"mixed":"1"}"#,
        #"{"id":3,"name":"","price":0.1,"any":true,"mixed":-7}"#,
        #"{"id":4,"any":2.50}"#,
      ],
      columns: types.map { LoadColumn(path: [$0.name], types: $0.types) } + [LoadColumn(path: ["deep", "a\"b"], types: .string)])
    let sink = try await bench.load(records, into: try bench.destination())
    #expect(sink.words == ["created", "created", "created", "created"])
    #expect(
      try bench.content() == """
        id|name|price|active|tags|more|any|mixed|deep.a"b
        1|'Ann'|1.5|1|'["a",{"b":1}]'|'{"x":[1]}'|'1'|1|'x'
        2|null|3.0|0|'[]'|'{}'|'[1]'|'1'|null
        3|''|0.1|null|null|null|1|-7|null
        4|null|null|null|null|null|2.5|null|null

        """)
    let sql = try SQLiteContent.read(bench.path) {
      try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table'")
    }
    #expect(
      sql == """
        CREATE TABLE "people" ("id" INTEGER NOT NULL, "name" TEXT, "price" REAL, "active" INTEGER, "tags" TEXT, "more" TEXT, \
        "any" ANY, "mixed" ANY, "deep.a""b" TEXT, PRIMARY KEY ("id")) STRICT
        """)
    #expect(bench.names == ["app.sqlite"])
  }

  @Test func `texts are kept byte by byte`() async throws {
    let texts = [
      "", "a\u{0}b", "e\u{301}", "é", "'; DROP TABLE people; --", "\u{FEFF}x", "007", String(repeating: "long ", count: 60_000),
    ]
    let records = StagedRecords(
      texts.enumerated().map { JSONValue.object([.init("id", .string($1)), .init("x", .number($0))]).text },
      columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["x"], types: .integer)])
    try await bench.load(records, into: try bench.destination())
    let bytes = try SQLiteContent.read(bench.path) {
      try Data.fetchAll($0, sql: "SELECT CAST(id AS BLOB) FROM people ORDER BY x").map { Array($0) }
    }
    #expect(bytes == texts.map { Array($0.utf8) })
  }

  // MARK: Rows

  private static let before = StagedRecords.pairs(#"{"id":"a","x":"1"}"#, #"{"id":"b","x":"2"}"#, #"{"id":"c","x":"3"}"#)
  private static let after = StagedRecords.pairs(
    #"{"id":"d","x":"4"}"#, #"{"id":"c","x":"new"}"#, #"{"id":"b"}"#, #"{"id":"e","x":null}"#)

  @Test(arguments: [
    (SQLiteMode.upsert, "'a'|'1'\n'b'|'2'\n'c'|'new'\n'd'|'4'\n'e'|null\n", ["created", "updated", "unchanged", "created"]),
    (.replace, "'b'|null\n'c'|'new'\n'd'|'4'\n'e'|null\n", ["created", "updated", "updated", "created"]),
  ])
  func `the mode decides about other rows and missing fields`(mode: SQLiteMode, rows: String, outcomes: [String]) async throws {
    let destination = try bench.destination(mode)
    try await bench.load(Self.before, into: destination)
    let sink = try await bench.load(Self.after, into: destination)
    #expect(try bench.content() == "id|x\n" + rows)
    #expect(sink.words == outcomes)
    #expect(try await bench.load(Self.after, into: destination).words == Array(repeating: "unchanged", count: 4))
  }

  @Test func `rows that do not change are not touched`() async throws {
    let destination = try bench.destination(.replace)
    try await bench.load(Self.before, into: destination)
    try SQLiteContent.execute(
      bench.path,
      """
      CREATE TABLE log (text TEXT);
      CREATE TABLE children (parent TEXT REFERENCES people (id) ON DELETE CASCADE);
      INSERT INTO children VALUES ('a'), ('b'), ('c');
      CREATE TRIGGER changed AFTER UPDATE ON people BEGIN INSERT INTO log VALUES (new.id); END;
      """)
    try await bench.load(StagedRecords.pairs(#"{"id":"a","x":"1"}"#, #"{"id":"b","x":"new"}"#), into: destination)
    #expect(try bench.content("log") == "text\n'b'\n")
    #expect(try bench.content("children") == "parent\n'a'\n'b'\n")
  }

  @Test func `a key may have several fields, and be the whole record`() async throws {
    var records = StagedRecords.pairs(#"{"id":"a","x":"1"}"#, #"{"id":"a","x":"2"}"#)
    records.key = [1, 0]
    #expect(try await bench.load(records, into: try bench.destination()).words == ["created", "created"])
    #expect(try await bench.load(records, into: try bench.destination()).words == ["unchanged", "unchanged"])
  }

  @Test func `a table can have almost as many columns as SQLite allows`() async throws {
    let columns = (0..<1996).map { LoadColumn(path: ["c\($0)"], types: .integer) }
    func records(_ last: Int) -> StagedRecords { StagedRecords([#"{"c0":1,"c1995":\#(last)}"#], columns: columns) }
    let destination = try bench.destination()
    #expect(try await bench.load(records(1), into: destination).words == ["created"])
    #expect(try await bench.load(records(2), into: destination).words == ["updated"])
    #expect(try await bench.load(records(2), into: destination).words == ["unchanged"])
    var wide = records(1)
    wide.columns += columns
    #expect(
      try await bench.refusal(wide, into: destination)?.description
        == "'people' cannot be loaded into a table in \(bench.path): it has 3992 fields, but a table can have at most 1996: split the mapping"
    )
  }

  @Test func `several mappings and locations share a file`() async throws {
    let destination = try bench.destination(path: "{date}.sqlite", table: "{location}/{mapping}")
    var other = Self.before
    other.mapping = "notes"
    try await bench.load(Self.before, into: destination)
    try await bench.load(other, into: destination)
    let tables = try SQLiteContent.read("\(bench.folder.path)/2026-11-29.sqlite") {
      try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
    }
    #expect(tables == ["loc1/notes", "loc1/people"])
  }

  // MARK: The file

  @Test func `a new database has the mode that the umask leaves`() async throws {
    let plain = open("\(bench.folder.path)/plain", O_WRONLY | O_CREAT, 0o666)
    close(plain)
    try await bench.load(Self.before, into: try bench.destination())
    #expect(bench.folder.mode(of: "app.sqlite") == bench.folder.mode(of: "plain"))
  }

  @Test(arguments: ["delete", "wal", "persist"]) func `the journal mode stays`(mode: String) async throws {
    try SQLiteContent.execute(bench.path, "PRAGMA journal_mode = \(mode); CREATE TABLE other (x)")
    let before = bench.names
    try await bench.load(Self.before, into: try bench.destination())
    let journal = try SQLiteContent.read(bench.path) { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    // Only the header of the file records its mode, and only a write-ahead log is there.
    #expect(journal == (mode == "wal" ? "wal" : "delete"))
    #expect(bench.names.filter { !$0.hasSuffix("-journal") } == before.filter { !$0.hasSuffix("-journal") })
  }

  @Test func `a part that is kept is a database in its folder`() async throws {
    let destination = try bench.destination()
    try await bench.load(Self.before, into: destination)
    let sink = try await bench.load(Self.after, into: destination, keptIn: "\(bench.folder.path)/kept")
    #expect(sink.words == Array(repeating: "pending", count: 4))
    #expect(try bench.content(in: "kept/people.sqlite") == "id|x\n'b'|null\n'c'|'new'\n'd'|'4'\n'e'|null\n")
    #expect(try bench.content() == "id|x\n'a'|'1'\n'b'|'2'\n'c'|'3'\n")
    #expect(bench.folder.mode(of: "kept/people.sqlite") == 0o600)
  }

  @Test func `a link to a database is followed`() async throws {
    try bench.folder.write("data/keep", "")
    symlink("data/real.sqlite", bench.path)
    let destination = try bench.destination()
    try await bench.load(Self.before, into: destination)
    try await bench.load(Self.before, into: destination)
    #expect(try bench.content(in: "data/real.sqlite") == "id|x\n'a'|'1'\n'b'|'2'\n'c'|'3'\n")
    #expect(bench.folder.names(in: "data") == ["keep", "real.sqlite"])
  }

  @Test func `a database that appears in the meantime is kept`() async throws {
    let destination = try bench.destination()
    let sink = RecordingSink()
    var session = try await destination.begin(Self.before.part(), reporting: sink)
    try await Self.before.submit(to: &session, in: bench.folder)
    try await session.finish()
    try SQLiteContent.execute(bench.path, "CREATE TABLE other (x)")
    try await session.publish()
    await session.close()
    #expect(try bench.content("other") == "x\n")
    #expect(sink.words == ["created", "created", "created"])
  }
}
