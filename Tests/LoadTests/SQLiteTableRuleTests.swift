import Core
import GRDB
import Load
import TestSupport
import Testing

/// Constraints and triggers of a table: none of them makes a load report something false.
@Suite struct SQLiteTableRuleTests {
  let bench = SQLiteBench()
  private static let two = StagedRecords.pairs(#"{"id":"a","x":"6"}"#, #"{"id":"b","x":"1"}"#)

  /// Expects a refusal in these words, and an unchanged table.
  private func expectRefusal(
    of records: StagedRecords = two, mode: SQLiteMode = .upsert, _ message: String, _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try bench.content()
    let failure = try await bench.refusal(records, into: try bench.destination(mode))
    #expect(failure?.description == "cannot write \(bench.path): \(message)", sourceLocation: place)
    #expect(failure?.code == .cannotWrite, sourceLocation: place)
    #expect(try bench.content() == before, sourceLocation: place)
  }

  private static let refused = "a record breaks a rule of the table"
  private static let remedy = "change the rule or the mapping"

  @Test func `a constraint that rejects a record`() async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT CHECK (x > '5'))")
    try await expectRefusal("\(Self.refused): the check `x > '5'` is not met: \(Self.remedy)")
  }

  @Test(arguments: ["IGNORE", "REPLACE"]) func `a constraint that skips or replaces rows`(clause: String) async throws {
    try SQLiteContent.execute(
      bench.path,
      "CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT UNIQUE ON CONFLICT \(clause)); INSERT INTO people VALUES ('a', '1'), ('z', '6')"
    )
    let refusal = "\(Self.refused): another row has the same value in 'people.x': \(Self.remedy)"
    // An insertion, and an update.
    try await expectRefusal(of: .pairs(#"{"id":"b","x":"1"}"#), refusal)
    try await expectRefusal(of: .pairs(#"{"id":"a","x":"6"}"#), refusal)
  }

  @Test(arguments: [
    ("INSERT ON people WHEN new.id = 'b'", SQLiteMode.upsert, "a trigger of the table 'people' skips records"),
    ("UPDATE ON people", .upsert, "a trigger of the table 'people' skips records"),
    ("DELETE ON people", .replace, "a trigger or foreign key of the table 'people' changes which rows are deleted"),
  ])
  func `a trigger that skips rows`(event: String, mode: SQLiteMode, reason: String) async throws {
    try SQLiteContent.execute(
      bench.path,
      """
      CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT);
      INSERT INTO people VALUES ('a', '1'), ('z', '2');
      CREATE TRIGGER skipping BEFORE \(event) BEGIN SELECT RAISE(IGNORE); END;
      """)
    try await expectRefusal(mode: mode, "\(reason): remove it, or load into another table")
  }

  @Test func `a foreign key that deletes rows that should stay`() async throws {
    try SQLiteContent.execute(
      bench.path,
      """
      CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT REFERENCES people (id) ON DELETE CASCADE);
      INSERT INTO people VALUES ('z', NULL), ('a', 'z');
      """)
    try await expectRefusal(
      of: .pairs(#"{"id":"a","x":"a"}"#), mode: .replace,
      "a trigger or foreign key of the table 'people' changes which rows are deleted: remove it, or load into another table")
  }

  @Test func `a trigger with its own conflict clauses works`() async throws {
    try SQLiteContent.execute(
      bench.path,
      """
      CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT);
      CREATE TABLE log (text TEXT UNIQUE);
      CREATE TRIGGER logging AFTER INSERT ON people BEGIN INSERT OR IGNORE INTO log VALUES ('inserted'); END;
      """)
    #expect(try await bench.load(Self.two, into: try bench.destination()).words == ["created", "created"])
    #expect(try bench.content("log") == "text\n'inserted'\n")
  }

  @Test func `rows may refer to later rows of the same table`() async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people (id TEXT PRIMARY KEY, x TEXT REFERENCES people (id))")
    let records = StagedRecords.pairs(#"{"id":"a","x":"b"}"#, #"{"id":"b","x":null}"#)
    #expect(try await bench.load(records, into: try bench.destination()).words == ["created", "created"])
    try await expectRefusal(
      of: .pairs(#"{"id":"c","x":"missing"}"#),
      "\(Self.refused): a foreign key refers to a row that does not exist: \(Self.remedy)")
  }

  @Test func `keys are compared byte by byte`() async throws {
    try SQLiteContent.execute(
      bench.path,
      """
      CREATE TABLE people (id TEXT COLLATE NOCASE, x TEXT, PRIMARY KEY (id COLLATE BINARY));
      INSERT INTO people VALUES ('A', '0');
      """)
    #expect(try await bench.load(Self.two, into: try bench.destination()).words == ["created", "created"])
    let rows = try SQLiteContent.read(bench.path) { try String.fetchAll($0, sql: "SELECT id || x FROM people ORDER BY x") }
    #expect(rows == ["A0", "b1", "a6"])
  }

  @Test(arguments: SQLiteMode.allCases) func `a number is not the same as its text`(mode: SQLiteMode) async throws {
    try SQLiteContent.execute(bench.path, "CREATE TABLE people (id TEXT PRIMARY KEY, x); INSERT INTO people VALUES ('a', '5')")
    let records = StagedRecords.pairs(#"{"id":"a","x":5}"#, types: .integer)
    #expect(try await bench.load(records, into: try bench.destination(mode)).words == ["updated"])
    #expect(try bench.content() == "id|x\n'a'|5\n")
  }
}
