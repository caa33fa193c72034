import Core
import Files
import Foundation
import Records
import Testing

@testable import Transform

@Suite struct EntityLookupTests {
  private let users = EntityLookup(entity: "user", key: ["id"], values: [["email"], ["permissions", "level"]])

  private func declared(_ entity: EntityLookup, place: SourcePlace? = nil) -> LookupTable {
    LookupTable(
      name: "users", columns: entity.values.map { $0.joined(separator: ".") }, entries: [:], keys: [], entity: entity,
      place: place)
  }

  private func load(_ text: String, _ entity: EntityLookup? = nil) throws -> LookupTable {
    var source: any RecordSource = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 64)
    return try EntityLookupLoader.load(declared(entity ?? users), from: &source, file: "s/user.ndjson")
  }

  private func message(_ text: String, _ entity: EntityLookup? = nil) -> String? {
    do {
      _ = try load(text, entity)
      return nil
    } catch { return "\(error)" }
  }

  @Test func recordsBecomeEntries() throws {
    let table = try load(
      """
      {"id":"u1","email":"ada@example.com","permissions":{"level":7},"x":[1]}

      {"id":"u2","email":" ","permissions":{}}
      {"id":"ü","email":"A\\u00e9","permissions":{"level":true}}
      {"email":"nobody@example.com"}
      {"id":null,"email":"nobody@example.com"}
      {"id":" ","email":"nobody@example.com"}
      {"id":9,"email":null,"permissions":null}
      """)
    #expect(table.keys == ["u1", "u2", "ü", "9"])
    #expect(table.entity == nil && table.columns == ["email", "permissions.level"])
    #expect(table.entries["u1"] == [.string("ada@example.com"), .number("7")])
    #expect(table.entries["u2"] == [.null, .null])
    #expect(table.entries["ü"] == [.string("Aé"), .bool(true)])
    #expect(table.entries["9"] == [.null, .null])
  }

  @Test func blankTextsStayWhereTheyAreNotNull() throws {
    let entity = EntityLookup(entity: "user", key: ["id"], values: [["email"]], blankIsNull: false)
    let table = try load(#"{"id":" ","email":""}"#, entity)
    #expect(table.entries == [" ": [.string("")]])
  }

  @Test(arguments: ["null", "[]", "{}", #""""#, #""  ""#]) func whatIsEmptyIsNullInAnEntry(value: String) throws {
    #expect(try load(#"{"id":"u1","permissions":\#(value),"email":\#(value)}"#).entries == ["u1": [.null, .null]])
    #expect(try load(#"{"id":\#(value)}"#).keys == [])
  }

  @Test func theKeyMayBeAValueToo() throws {
    let entity = EntityLookup(entity: "user", key: ["id"], values: [["id"], ["email"], ["id"]])
    #expect(try load(#"{"id":"u1","email":"a"}"#, entity).entries == ["u1": [.string("u1"), .string("a"), .string("u1")]])
  }

  @Test func noRecordsAreAnEmptyTable() throws { #expect(try load("").keys == []) }

  @Test(arguments: [
    ("{\"id\":\"u1\"}\n\n{\"id\":\"u2\"}\n{\"id\":\"u1\"}", "line 4: the record has the same 'id' as the one on line 1"),
    ("{\"id\":\"7\"}\n{\"id\":7}", "line 2: the record has the same 'id' as the one on line 1"),
    ("{\"id\":\"u1\",\"email\":[\"a\"]}", "line 1: 'email' is not a plain value"),
    ("{\"id\":{\"a\":1}}", "line 1: 'id' is not a plain value"),
    ("{\"id\":\"u1\",\"permissions\":\"all\"}", "line 1: 'permissions' is a text, not an object"),
    ("{\"id\":\"u1\",\"permissions\":[{\"level\":1}]}", "line 1: 'permissions' is a list, not an object"),
    ("{\"id\":\"u1\"}\n{\"id\":", "line 2: the record cannot be read (invalid-json)"),
    ("[]", "line 1: the record cannot be read (not-an-object)"),
    ("{\"id\":\"a\",\"id\":\"b\"}", "line 1: the record cannot be read (duplicate-member)"),
  ])
  func whatCannotBeAnEntryIsAFailure(text: String, expected: String) {
    let message = message(text)
    #expect(message?.hasSuffix(": lookup 'users': s/user.ndjson, " + expected) == true, "\(message ?? "-")")
  }

  private func model(_ table: LookupTable) -> MappingModel {
    TestMapping.model(
      [
        TestMapping.field("id", TestMapping.source("id")),
        TestMapping.field("owner", TestMapping.source("owner"), [.lookup(table: 0, column: 0, miss: .nullify)]),
      ], lookups: [table])
  }

  @Test func aProgramTakesItsTablesFromItsContext() async throws {
    let text = (0..<2000).map { "{\"id\":\"u\($0)\",\"email\":\"m\($0)@example.com\"}" }.joined(separator: "\n")
    let tables = [users: try load(text)]
    let result = try await TestMapping.run(
      model(declared(users)), "{\"id\":\"c1\",\"owner\":\"u1999\"}\n{\"id\":\"c2\",\"owner\":\"x\"}",
      context: .init(entityTables: tables))
    #expect(result.output == "{\"id\":\"c1\",\"owner\":\"m1999@example.com\"}\n{\"id\":\"c2\",\"owner\":null}\n")
  }

  @Test func withoutTheRecordsNoProgramIsMade() throws {
    let place = SourcePlace(file: "m.yaml", line: 8, column: 10)
    let failure = #expect(throws: OperationFailure.self) { try Program(model(declared(users, place: place))) }
    #expect(
      failure?.description.hasPrefix(
        "m.yaml:8:10: lookup 'users' reads the 'user' records of a snapshot, but no snapshot has them")
        == true)
  }

  @Test func filesAreReadByEntityOnceForEachLookup() throws {
    let path = NSTemporaryDirectory() + "entity-" + UUID().uuidString + ".ndjson"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{\"id\":\"u1\",\"email\":\"a\"}\n".utf8).write(to: URL(fileURLWithPath: path))
    let business = EntityLookup(entity: "business", key: ["id"], values: [["name"]])
    var asked: [String] = []
    let tables = try EntityLookupLoader.tables(for: [model(declared(users)), model(declared(users)), model(declared(business))]) {
      entity in
      asked.append(entity)
      return entity == "user" ? StoredRecords(file: path, format: .ndjson) : nil
    }
    #expect(asked == ["user", "business"])
    #expect(tables[users]?.keys == ["u1"] && tables[business] == nil)
    #expect(throws: OperationFailure.self) {
      try EntityLookupLoader.tables(for: [model(declared(users))]) { _ in StoredRecords(file: path + "x", format: .ndjson) }
    }
  }
}
