import Core
import TestSupport
import Testing

@testable import Load

/// Which fields differ between two versions of a record, according to the hashes of their values.
@Suite struct FieldHashesTests {
  private static let columns = ["id", "name", "age", "city"].map { LoadColumn(path: [$0], omitsNull: $0 == "age") }

  private func fields(_ record: String) throws -> [UInt8] {
    try BodyWriterTests.cells(record, Self.columns) { cells in
      var digest = RecordDigest(Self.columns)
      return digest.result(of: cells).fields
    }
  }

  /// `name changed`, in the order of the names.
  private func words(_ changes: [FieldHashes.Change]?) throws -> [String] {
    let names = Dictionary(uniqueKeysWithValues: Self.columns.map { (FieldHashes.hash(of: $0.path), $0.name) })
    return try #require(changes).map { change in
      let kind = change.isMarked ? "marked" : change.old == nil ? "added" : change.new == nil ? "removed" : "changed"
      return "\(names[change.path] ?? "?") \(kind)"
    }.sorted()
  }

  @Test(arguments: [
    (#"{"id":"1","name":"Ann"}"#, #"{"id":"1","name":"Ann"}"#, []),
    (#"{"id":"1","name":"Ann"}"#, #"{"id":"1","name":"Eve"}"#, ["name changed"]),
    (#"{"id":"1","name":"Ann"}"#, #"{"id":"1"}"#, ["name removed"]),
    (#"{"id":"1","name":"Ann"}"#, #"{"id":"1","name":null}"#, ["name changed"]),
    (#"{"id":"1"}"#, #"{"id":"1","name":null}"#, ["name added"]),
    // An optional field without a value is not sent.
    (#"{"id":"1","age":1}"#, #"{"id":"1","age":null}"#, ["age removed"]),
    (#"{"id":"1"}"#, #"{"id":"1","age":null}"#, []),
    (#"{"id":"1","age":1,"city":"Köln"}"#, #"{"id":"1","age":1.0,"city":"Ko\u0308ln"}"#, ["age changed", "city changed"]),
    ("{}", #"{"id":"1","age":2}"#, ["age added", "id added"]),
  ]) func `what differs between two versions`(earlier: String, later: String, words: [String]) throws {
    #expect(try self.words(FieldHashes.changes(from: fields(earlier), to: fields(later))) == words)
  }

  @Test func `marks are not values`() throws {
    let record = #"{"id":"1","name":"Ann","age":1}"#
    let name = Self.columns.filter { $0.name == "name" }
    let notApplied = FieldHashes.marking(name, in: try fields(record))
    #expect(try words(FieldHashes.changes(from: notApplied, to: fields(record))) == ["name marked"])
    // The destination kept the city that an earlier version had.
    let kept = FieldHashes.marking([], kept: Self.columns.filter { $0.name == "city" }, in: try fields(record))
    #expect(try words(FieldHashes.changes(from: kept, to: fields(record))) == [])
    #expect(
      try words(FieldHashes.changes(from: kept, to: fields(#"{"id":"1","name":"Ann","age":1,"city":"Ulm"}"#))) == ["city marked"])
  }

  @Test func `a record of others has no hashes`() throws {
    #expect(FieldHashes.changes(from: FieldHashes.ofOthers, to: try fields("{}")) == nil)
    #expect(FieldHashes.changes(from: [], to: try fields("{}")) == nil)
  }
}
