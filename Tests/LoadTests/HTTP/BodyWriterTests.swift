import Core
import TestSupport
import Testing

@testable import Load

@Suite struct BodyWriterTests {
  static let columns = [
    LoadColumn(path: ["id"]), LoadColumn(path: ["address", "city"]), LoadColumn(path: ["address", "zip"]),
    LoadColumn(path: ["note"], omitsNull: true), LoadColumn(path: ["tags"]),
  ]

  static let record = #"{"id":7,"address":{"city":"Köln","zip":null},"tags":["a","b\n"]}"#

  /// Reads a staged record into cells.
  static func cells<Result>(
    _ record: String, _ columns: [LoadColumn], _ use: (UnsafeBufferPointer<Cell>) throws -> Result
  ) throws -> Result {
    let reader = try StagedRecords([record], columns: columns).reader(in: TemporaryFolder())
    let batch = try #require(try reader.next())
    return try use(batch.record(0))
  }

  private func body(_ body: BodyDocument, _ record: String, columns: [LoadColumn] = columns) throws -> String {
    try Self.cells(record, columns) { String(decoding: BodyWriter(body, columns: columns).body($0), as: UTF8.self) }
  }

  static func document(
    under: [Name] = [], _ nulls: BodyDocument.Nulls = .asMapped, _ envelope: [JSONValue.Member] = []
  ) -> BodyDocument {
    var body = BodyDocument()
    (body.under, body.nulls, body.envelope) = (under, nulls, envelope)
    return body
  }

  @Test(
    "a record is the body, a member of it, or has other members around it",
    arguments: [
      ([], [], #"{"id":7}"#, #"{"id":7}"#), (["contact"], [], #"{"id":7}"#, #"{"contact":{"id":7}}"#),
      (["contact"], [.init("source", .string("waybill"))], #"{"id":7}"#, #"{"source":"waybill","contact":{"id":7}}"#),
      ([], [.init("source", .string("w\"b"))], #"{"id":7}"#, #"{"source":"w\"b","id":7}"#),
      ([], [.init("source", .string("w"))], "{}", #"{"source":"w"}"#), ([], [], "{}", "{}"),
      (["a\"b"], [], "{}", #"{"a\"b":{}}"#),
      (
        ["data", "attributes"], [.init("data", .object([.init("type", .string("contacts"))])), .init("v", .number(1))],
        #"{"id":7}"#, #"{"v":1,"data":{"type":"contacts","attributes":{"id":7}}}"#
      ),
    ] as [([Name], [JSONValue.Member], String, String)])
  func around(under: [Name], envelope: [JSONValue.Member], record: String, expected: String) throws {
    #expect(try body(Self.document(under: under, .asMapped, envelope), record) == expected)
  }

  @Test(
    "null values are written as the pipeline says",
    arguments: [
      (.asMapped, #"{"id":7,"address":{"city":"Köln","zip":null},"tags":["a","b\n"]}"#),
      (.write, #"{"id":7,"address":{"city":"Köln","zip":null},"note":null,"tags":["a","b\n"]}"#),
      (.omit, #"{"id":7,"address":{"city":"Köln"},"tags":["a","b\n"]}"#),
    ] as [(BodyDocument.Nulls, String)])
  func nulls(nulls: BodyDocument.Nulls, expected: String) throws {
    #expect(try body(Self.document(nulls), Self.record) == expected)
  }

  @Test func `a record of which nothing is known is still an object, and has all fields where they are to be written`() throws {
    #expect(try body(Self.document(), "{}") == "{}")
    #expect(try body(Self.document(.write), "{}") == #"{"id":null,"address":{"city":null,"zip":null},"note":null,"tags":null}"#)
  }

  @Test func `members of one object stand together, whatever the order of the columns`() throws {
    let columns = [1, 0, 2].map { Self.columns[$0] }
    let text = try body(Self.document(), #"{"id":7,"address":{"city":"a","zip":"b"}}"#, columns: columns)
    #expect(text == #"{"address":{"city":"a","zip":"b"},"id":7}"#)
  }

  @Test(
    "a batch is a list, or has one as a member",
    arguments: [
      (nil, [], ["{}"], "[{}]"), (nil, [], [#"{"id":1}"#, #"{"id":2}"#], #"[{"id":1},{"id":2}]"#),
      ("items", [], [#"{"id":1}"#, #"{"id":2}"#], #"{"items":[{"id":1},{"id":2}]}"#), ("items", [], [], #"{"items":[]}"#),
      ("items", [.init("source", .string("w"))], [#"{"id":1}"#], #"{"source":"w","items":[{"id":1}]}"#),
    ] as [(String?, [JSONValue.Member], [String], String)])
  func batches(items: String?, envelope: [JSONValue.Member], records: [String], expected: String) throws {
    // `under` is for one record.
    let writer = BodyWriter(Self.document(under: ["contact"], .asMapped, envelope), columns: Self.columns, items: items)
    let bodies = try records.map { record in try Self.cells(record, Self.columns) { writer.record($0) } }
    let batch = writer.batch(bodies)
    #expect(String(decoding: batch, as: UTF8.self) == expected)
    #expect(batch.count == writer.batchOverhead + bodies.map(\.count).reduce(0, +) + max(0, bodies.count - 1))
  }
}
