import Core
import Foundation
import Load
import TestSupport
import Testing

/// What somebody can do to a table after records have been loaded into it.
@Suite struct SQLiteComparisonTests {
  private static let records = StagedRecords(
    (0..<12).map { number in
      #"{"id":\#(number),"name":"Ann \#(number)","credit":\#(number).25,"flag":true,"tags":["a","é"],"any":"\#(number)"\#(number % 2 == 0 ? #","note":"""# : "")}"#
    },
    columns: [
      LoadColumn(path: ["id"], types: .integer), LoadColumn(path: ["name"], types: [.string, .null]),
      LoadColumn(path: ["credit"], types: [.integer, .number]), LoadColumn(path: ["flag"], types: .boolean),
      LoadColumn(path: ["tags"], types: .array), LoadColumn(path: ["any"]),
      LoadColumn(path: ["note"], types: [.string, .null], omitsNull: true),
    ])

  private struct Bench {
    let folder = TemporaryFolder()
    let destination: SQLiteDestination
    var path: String { "\(folder.path)/app.sqlite" }

    init(_ mode: SQLiteMode, _ records: StagedRecords = SQLiteComparisonTests.records, table: String? = nil) async throws {
      if let table { try SQLiteContent.execute("\(folder.path)/app.sqlite", table) }
      destination = SQLiteDestination(
        name: "base", path: try PathTemplate("\(folder.path)/app.sqlite"), table: try PathTemplate("people"), mode: mode)
      var session = try await destination.begin(records.part(), reporting: RecordingSink())
      try await records.submit(to: &session, in: folder)
      try await session.finish()
      try await session.publish()
      await session.close()
    }

    func compare(_ expected: StagedRecords...) async throws -> (counts: StoredCounts, words: [String]) {
      let expected = expected.isEmpty ? [records] : expected
      var session = try await destination.beginComparing(
        expected[0].part(), ComparisonOptions(isWhole: true, scratch: folder.path))
      for records in expected { try await records.submit(to: &session, in: folder) }
      var words: [String] = []
      let counts = try await session.compare { difference in
        words.append(
          [difference.kind.rawValue, difference.key?.text, difference.field].compactMap(\.self).joined(separator: " "))
      }
      await session.close()
      return (counts, words)
    }
  }

  struct Alteration: Sendable, CustomTestStringConvertible {
    var sql: String
    var found: [String]
    /// In a table that only takes records in.
    var foundBesides: [String]?
    var testDescription: String { sql }

    init(_ sql: String, _ found: String..., besides: [String]? = nil) {
      (self.sql, self.found, foundBesides) = (sql, found, besides)
    }
  }

  static let alterations: [Alteration] = [
    Alteration("UPDATE people SET name = name WHERE id = 3"),
    Alteration("UPDATE people SET name = 'Eva' WHERE id = 3", "different 3 name"),
    Alteration("UPDATE people SET name = name || ' ' WHERE id = 3", "different 3 name"),
    Alteration("UPDATE people SET name = upper(name) WHERE id = 3", "different 3 name"),
    Alteration("UPDATE people SET name = null WHERE id = 3", "different 3 name"),
    Alteration("UPDATE people SET name = name || char(0) || 'x' WHERE id = 3", "different 3 name"),
    Alteration("UPDATE people SET credit = 3.3 WHERE id = 3", "different 3 credit"),
    Alteration("UPDATE people SET credit = 9e999 WHERE id = 3", "different 3 credit"),
    Alteration("UPDATE people SET credit = -9e999 WHERE id = 0", "different 0 credit"),
    Alteration("UPDATE people SET flag = 0 WHERE id = 3", "different 3 flag"),
    Alteration("UPDATE people SET tags = '[\"a\", \"é\"]' WHERE id = 3", "different 3 tags"),
    Alteration("UPDATE people SET any = 3 WHERE id = 3", "different 3 any"),
    Alteration("UPDATE people SET any = CAST('3' AS BLOB) WHERE id = 3", "different 3 any"),
    Alteration("UPDATE people SET note = null WHERE id = 4", "different 4 note"),
    Alteration("UPDATE people SET note = 'x' WHERE id = 3", "different 3 note", besides: []),
    Alteration("DELETE FROM people WHERE id = 3", "missing 3"),
    Alteration("INSERT INTO people (id, name) VALUES (77, 'Eva')", "extra 77", besides: []),
    Alteration("UPDATE people SET id = 77 WHERE id = 3", "missing 3", "extra 77", besides: ["missing 3"]),
    Alteration("ALTER TABLE people ADD COLUMN more TEXT"),
  ]

  @Test(arguments: [SQLiteMode.replace, .upsert], alterations)
  func `each alteration is found`(_ mode: SQLiteMode, _ alteration: Alteration) async throws {
    let bench = try await Bench(mode)
    try SQLiteContent.execute(bench.path, alteration.sql)
    let (counts, words) = try await bench.compare()
    let found = mode == .upsert ? alteration.foundBesides ?? alteration.found : alteration.found
    #expect(words == found)
    #expect(counts.isEqual == found.isEmpty && counts.readBy == "table" && counts.judgesExtras == (mode == .replace))
  }

  @Test(arguments: [SQLiteMode.replace, .upsert]) func `an untouched table has no differences`(_ mode: SQLiteMode) async throws {
    let bench = try await Bench(mode)
    let content = try Data(contentsOf: URL(filePath: bench.path))
    let (counts, words) = try await bench.compare()
    #expect(words == [] && (counts.loaded, counts.stored) == (12, 12) && counts.loadedDigest == counts.storedDigest)
    #expect(counts.totals.map(\.column) == [0, 2] && counts.totals.map(\.stored.sum) == [.exactly("66"), .exactly("69")])
    #expect(try Data(contentsOf: URL(filePath: bench.path)) == content)
    #expect(bench.folder.names().filter { !$0.hasPrefix("staged-") } == ["app.sqlite"])
  }

  @Test func `the number 1 and the text 1 are two keys`() async throws {
    let records = StagedRecords(
      [#"{"id":1,"name":"a"}"#, #"{"id":"1","name":"b"}"#, #"{"id":"\"1\"","name":"c"}"#],
      columns: [LoadColumn(path: ["id"]), LoadColumn(path: ["name"], types: .string)])
    let bench = try await Bench(.replace, records)
    let (counts, words) = try await bench.compare(records)
    #expect(words == [] && (counts.loaded, counts.stored) == (3, 3))
    try SQLiteContent.execute(bench.path, "DELETE FROM people WHERE id = '1'")
    #expect(try await bench.compare(records).words == [#"missing "1""#])
  }

  @Test func `a key is the number that it is, however the table stores it`() async throws {
    let records = StagedRecords(
      [#"{"id":5.0,"name":"a"}"#, #"{"id":6.5,"name":"b"}"#],
      columns: [LoadColumn(path: ["id"], types: [.integer, .number]), LoadColumn(path: ["name"], types: .string)])
    let bench = try await Bench(.replace, records, table: "CREATE TABLE people (id NUMERIC PRIMARY KEY, name TEXT)")
    #expect(try await bench.compare(records).words == [])
  }

  @Test func `a later load replaces what an earlier one expects`() async throws {
    let bench = try await Bench(.upsert)
    let later = StagedRecords([Self.records.records[3].replacing("Ann", with: "Eva")], columns: Self.records.columns)
    #expect(try await bench.compare(Self.records, later).words == ["different 3 name"])
    try SQLiteContent.execute(bench.path, "UPDATE people SET name = 'Eva 3' WHERE id = 3")
    #expect(try await bench.compare(Self.records, later).words == [])
  }

  @Test func `a table or a database that is gone is reported`() async throws {
    let bench = try await Bench(.replace)
    try SQLiteContent.execute(bench.path, "ALTER TABLE people DROP COLUMN any")
    #expect(try await bench.compare().counts.different == 12)
    try SQLiteContent.execute(bench.path, "DROP TABLE people")
    await #expect(
      throws: OperationFailure(.inputMissing, "\(bench.path) no longer has a table 'people': run the pipeline again")
    ) { try await bench.compare() }
    try bench.folder.write("app.sqlite", "not a database, but a text that is long enough")
    await #expect(throws: OperationFailure.self) { try await bench.compare() }
    try FileManager.default.removeItem(atPath: bench.path)
    await #expect(throws: OperationFailure.self) { try await bench.compare() }
  }
}
