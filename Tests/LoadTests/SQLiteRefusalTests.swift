import Core
import GRDB
import Glibc
import Load
import TestSupport
import Testing

/// What a SQLite destination refuses, with the target left as it was.
@Suite struct SQLiteRefusalTests {
  let bench = SQLiteBench()
  private static let records = StagedRecords.pairs(#"{"id":"a","x":"1"}"#)

  /// Expects a refusal in these words, and the same bytes at the path.
  private func expectRefusal(
    of records: StagedRecords = records, _ code: OperationFailure.Code, _ message: String,
    _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let before = bench.folder.read("app.sqlite")
    let failure = try await bench.refusal(records, into: try bench.destination())
    #expect(failure?.description == message, sourceLocation: place)
    #expect(failure?.code == code, sourceLocation: place)
    #expect(bench.folder.read("app.sqlite") == before, sourceLocation: place)
    #expect(bench.names == (before == nil ? [] : ["app.sqlite"]), sourceLocation: place)
  }

  // MARK: Records

  @Test func `two records with one target key`() async throws {
    let pairs = StagedRecords.pairs(
      #"{"id":"a","x":"1"}"#, #"{"id":"b","x":"2"}"#, #"{"id":"b","x":"3"}"#, #"{"id":"a","x":"4"}"#)
    try await expectRefusal(
      of: pairs, .wrongFile,
      "cannot write \(bench.path): records 'r1' (line 1) and 'r4' (line 4) of 'people' have the same target key (id): "
        + "add `unique` with these fields to the mapping")
  }

  @Test(arguments: [#"{"x":"1"}"#, #"{"id":null,"x":"1"}"#]) func `a record without a key`(record: String) async throws {
    try await expectRefusal(
      of: .pairs(record), .wrongFile,
      "cannot write \(bench.path): record 'r1' of 'people' (line 1) has no value in 'id', which is part of the target key: "
        + "make sure that the mapping sets it")
  }

  @Test(
    arguments: [
      ("0.12345678901234567890", JSONTypes.number), ("9007199254740993", [.integer, .number]), ("1e400", .number),
      ("1e-400", .all),
      ("12345678901234567890", .integer), ("10000000000000000000", .integer), ("12345678901234567891", .all),
    ] as [(String, JSONTypes)])
  func `a number that SQLite would change`(number: String, types: JSONTypes) async throws {
    try await expectRefusal(
      of: .pairs(#"{"id":"a","x":\#(number)}"#, types: types), .wrongFile,
      "cannot write \(bench.path): record 'r1' of 'people' (line 1) has a number in 'x' that SQLite cannot store exactly: "
        + "make the field a string")
  }

  @Test func `names that SQLite cannot have`() async throws {
    let same = StagedRecords(
      [#"{"id":"a"}"#], columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["ID"], types: .string)])
    let start = "'people' cannot be loaded into a table in \(bench.path): "
    try await expectRefusal(of: same, .wrongFile, start + "'id' and 'ID' would be the same column: rename one of the fields")
    try await expectRefusal(
      of: .pairs(#"{"id":"a"}"#, field: "a\u{0}"), .wrongFile,
      start + "a field name contains the character U+0000: rename the field")
    for table in ["sqlite_x", "SQLITE_y"] {
      let failure = try await bench.refusal(Self.records, into: try bench.destination(table: table))
      #expect(failure?.description == start + "a table cannot be named '\(table)': choose another name under `table`")
    }
  }

  // MARK: Tables

  @Test(arguments: [
    (
      "(id TEXT PRIMARY KEY)",
      "the table 'people' has no column 'x', which 'people' writes: add it: ALTER TABLE \"people\" ADD COLUMN \"x\" TEXT"
    ),
    (
      "(id TEXT PRIMARY KEY, x TEXT, y)",
      "the table 'people' has a column 'y', which 'people' does not write: remove it: ALTER TABLE \"people\" DROP COLUMN \"y\""
    ),
    (
      "(id TEXT PRIMARY KEY, x NUMERIC)",
      "the column 'x' of the table 'people' is NUMERIC, but 'people' writes TEXT: change the target schema or the column"
    ),
    (
      "(id ANY PRIMARY KEY, x INT) STRICT",
      "the column 'x' of the table 'people' is INT, but 'people' writes TEXT: change the target schema or the column"
    ),
    ("(id TEXT, x TEXT)", "the table 'people' has no primary key, but the target key of 'people' is (id): change `target.key`"),
    (
      "(id TEXT, x TEXT, PRIMARY KEY (id, x))",
      "the table 'people' has the primary key (id, x), but the target key of 'people' is (id): change `target.key`"
    ),
    (
      "(id TEXT COLLATE NOCASE PRIMARY KEY, x TEXT)",
      "the primary key of the table 'people' treats different strings as equal (COLLATE): remove its COLLATE clause"
    ),
  ])
  func `a table that does not fit`(definition: String, reason: String) async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people \(definition)")
    try await expectRefusal(.cannotWrite, "cannot write \(bench.path): \(reason), or load into another table")
  }

  @Test(arguments: [
    ("(id PRIMARY KEY, x TEXT)", "untyped"), ("(id BLOB PRIMARY KEY, x TEXT)", "BLOB"),
    ("(id ANY PRIMARY KEY, x TEXT) STRICT", "ANY"),
  ])
  func `a numeric key in a column without a numeric type`(definition: String, type: String) async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people \(definition)")
    var numbers = StagedRecords.pairs(#"{"id":1,"x":"1"}"#)
    for types in [JSONTypes.integer, .number] {
      numbers.columns[0].types = types
      try await expectRefusal(
        of: numbers, .cannotWrite,
        "cannot write \(bench.path): the column 'id' of the table 'people' is \(type), "
          + "but 'people' writes \(types == .integer ? "INTEGER" : "REAL"): change the target schema or the column, "
          + "or load into another table")
    }
  }

  /// Before anything has been read.
  private func expectCheckFails(_ message: String, _ place: SourceLocation = #_sourceLocation) throws {
    let failure = #expect(throws: OperationFailure.self, sourceLocation: place) {
      try bench.destination().check(Self.records.part())
    }
    #expect(failure?.description == "cannot write \(bench.path): \(message)", sourceLocation: place)
    #expect(failure?.code == .cannotWrite, sourceLocation: place)
  }

  @Test func `a table that cannot be created`() throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE other (x); CREATE INDEX people ON other (x)")
    try expectCheckFails("it already has an index named 'people': change the database, or load into another table")
  }

  @Test func `a database that is not in UTF-8`() throws {
    try SQLiteContent.execute(bench.path, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT)")
    try expectCheckFails(
      "its encoding is UTF-16le, not UTF-8: copy it into a new database (sqlite3 OLD .dump | sqlite3 NEW), or choose another path"
    )
  }

  @Test func `a view`() async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE other (id TEXT, x TEXT); CREATE VIEW People AS SELECT * FROM other")
    try await expectRefusal(
      .cannotWrite, "cannot write \(bench.path): 'People' is not an ordinary table: rename it, or load into another table")
  }

  @Test(arguments: [
    "(ID VARCHAR(20) PRIMARY KEY, X CLOB)", "(x, id PRIMARY KEY) WITHOUT ROWID", "(id TEXT PRIMARY KEY, x ANY) STRICT",
  ])
  func `an existing table that fits is used`(definition: String) async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people \(definition)")
    try await bench.load(Self.records, into: try bench.destination())
    let row = try SQLiteContent.read(bench.path) { try String.fetchOne($0, sql: "SELECT id || x FROM people") }
    #expect(row == "a1")
  }

  // MARK: Files

  @Test func `a file that is not a database`() async throws {
    try bench.folder.write("app.sqlite", String(repeating: "id,x\n", count: 400))
    try await expectRefusal(
      .cannotWrite, "cannot write \(bench.path): it is not a SQLite database: choose another path, or move the file away")
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere")) func `a file without permission to write`() async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE other (x)")
    chmod(bench.path, 0o444)
    let failure = try await bench.refusal(Self.records, into: try bench.destination())
    #expect(failure?.code == .cannotWrite)
  }

  @Test(arguments: ["-", "/dev/null", "/dev/stdout"]) func `a stream`(path: String) async throws {
    let destination = SQLiteDestination(name: "x", path: try PathTemplate(path), table: try PathTemplate("t"), mode: .upsert)
    let failure = try await bench.refusal(Self.records, into: destination)
    #expect(failure?.description == "cannot write \(path): a SQLite database must be a file: choose another path")
  }

  @Test func `a database that another program has locked`() async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE other (x)")
    let other = try DatabaseQueue(path: bench.path)
    let destination = try bench.destination()
    let sink = RecordingSink()
    try other.inDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO other VALUES (1)") }
    // A lock is no reason to refuse it before anything has been read.
    try destination.check(Self.records.part())
    var session = try await destination.begin(Self.records.part(), reporting: sink)
    try await Self.records.submit(to: &session, in: bench.folder)
    try await session.finish()
    let failure = await #expect(throws: OperationFailure.self) { try await session.publish() }
    #expect(failure?.description == "cannot write \(bench.path): another program has locked the database; try again later")
    #expect(failure?.exitCode == .tryLater)
    #expect(sink.outcomes.isEmpty)
    try other.close()
    try await session.publish()
    await session.close()
    #expect(sink.words == ["created"])
  }
}
