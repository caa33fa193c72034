import Core
import TestSupport
import Testing

@testable import Load

@Suite struct RecordDigestTests {
  private static let paths = [["id"], ["address", "city"], ["address", "zip"], ["tags"], ["name"]]

  private static func columns(_ order: [Int]) -> [LoadColumn] { order.map { LoadColumn(path: paths[$0]) } }

  private func result(
    _ record: String, _ columns: [LoadColumn], nulls: BodyDocument.Nulls = .asMapped, fingerprint: [UInt8] = []
  ) throws -> RecordDigest.Result {
    try BodyWriterTests.cells(record, columns) { cells in
      var digest = RecordDigest(columns, nulls: nulls, fingerprint: fingerprint)
      let first = digest.result(of: cells)
      // The memory of the record before does not matter.
      #expect(digest.result(of: cells) == first)
      return first
    }
  }

  private static let record = #"{"id":7,"address":{"city":"Köln","zip":"1"},"tags":["a"],"name":"Ada"}"#

  @Test(
    "the order of the columns does not matter",
    arguments: [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [1, 2, 0, 4, 3], [2, 0, 1, 3, 4]])
  func order(order: [Int]) throws {
    let result = try result(Self.record, Self.columns(order))
    #expect(result == (try self.result(Self.record, Self.columns([0, 1, 2, 3, 4]))))
    #expect(result.digest.count == 32 && result.fields.count == 1 + 5 * 16)
  }

  @Test func `every value that is written differently has another digest`() throws {
    let values = [
      "1", "\"1\"", "null", "", "true", "\"true\"", "1.0", "[1]", "[\"1\"]", "[]", "[null]", "\"\"", "\"null\"", "\"a\\nb\"",
      "\"a\\\\nb\"",
      "\"é\"", "\"e\u{301}\"", "{\"a\":1}", "{\"a\":\"1\"}", "{}",
    ]
    let columns = Self.columns([0, 4])
    var seen: [[UInt8]: String] = [:]
    var fields: Set<[UInt8]> = []
    for value in values {
      let result = try result(value.isEmpty ? #"{"id":7}"# : #"{"id":7,"name":\#(value)}"#, columns)
      #expect(seen[result.digest] == nil, "\(value) and \(seen[result.digest] ?? "")")
      seen[result.digest] = value
      fields.insert(result.fields)
    }
    #expect(fields.count == values.count)
  }

  @Test func `a value in another field, and a path with a dot in a name, are different`() throws {
    let dotted = [LoadColumn(path: ["address.city"])]
    let nested = [LoadColumn(path: ["address", "city"])]
    let one = try result(#"{"address.city":"x"}"#, dotted)
    let two = try result(#"{"address":{"city":"x"}}"#, nested)
    #expect(one.digest != two.digest && one.fields != two.fields)
    let id = try result(#"{"id":"x"}"#, Self.columns([0, 4]))
    let name = try result(#"{"name":"x"}"#, Self.columns([0, 4]))
    #expect(id.digest != name.digest && id.fields != name.fields)
    // Nor can a text make up for the end of a field.
    let forged = try result(#"{"id":"a\n[\"name\"]:\"b\""}"#, Self.columns([0, 4]))
    #expect(forged.digest != (try result(#"{"id":"a","name":"b"}"#, Self.columns([0, 4]))).digest)
  }

  @Test func `the fingerprint is part of the digest, but not of the fields`() throws {
    let columns = Self.columns([0])
    let plain = try result(#"{"id":7}"#, columns)
    let other = try result(#"{"id":7}"#, columns, fingerprint: [1, 2])
    #expect(plain.digest != other.digest && plain.fields == other.fields)
    #expect(other.digest != (try result(#"{"id":7}"#, columns, fingerprint: [1])).digest)
  }

  @Test func `what is not sent does not count, as the body says`() throws {
    let columns = Self.columns([0, 4])
    let null = #"{"id":7,"name":null}"#
    let missing = #"{"id":7}"#
    for (nulls, areSame) in [(BodyDocument.Nulls.asMapped, false), (.write, true), (.omit, true)] {
      #expect(try (result(null, columns, nulls: nulls) == result(missing, columns, nulls: nulls)) == areSame)
    }
    let omitting = [columns[0], LoadColumn(path: ["name"], omitsNull: true)]
    #expect(try result(null, omitting) == result(missing, omitting))
    #expect(try result(missing, columns) == result(missing, Self.columns([0])))
  }

  @Test(
    "a field that had a value and is left out is named",
    arguments: [
      (record, record, []), (record, #"{"id":7,"address":{"city":"Köln"},"name":null}"#, [2, 3]),
      // Sent as null; had no value before; new.
      (#"{"id":7,"name":null}"#, #"{"id":7}"#, []), (#"{"id":7}"#, record, []), ("{}", record, []),
      (record, "{}", [0, 1, 2, 3, 4]),
    ] as [(String, String, [Int])])
  func omitted(old: String, new: String, expected: [Int]) throws {
    let columns = Self.columns([0, 1, 2, 3, 4])
    let earlier = try result(old, columns).fields
    let later = try result(new, columns).fields
    #expect(FieldHashes.omitted(from: earlier, in: later, columns: columns) == expected)
    // The destination may have another value; one that it is known to keep is not named again.
    let marked = FieldHashes.marking([columns[2]], in: earlier)
    #expect(FieldHashes.omitted(from: marked, in: later, columns: columns) == expected)
    let kept = FieldHashes.marking([], kept: expected.map { columns[$0] }, in: later)
    #expect(FieldHashes.omitted(from: kept, in: later, columns: columns) == [])
    #expect(FieldHashes.omitted(from: [], in: later, columns: columns) == [])
    #expect(FieldHashes.omitted(from: FieldHashes.ofOthers, in: later, columns: columns) == [])
  }

  @Test func `values that a destination did not apply, or keeps, are found by column`() throws {
    let columns = Self.columns([0, 1, 2, 3, 4])
    let fields = try result(Self.record, columns).fields
    func marked(_ fields: [UInt8], _ columns: [LoadColumn]) -> [[Int]] {
      let found = FieldHashes.marked(in: fields, columns: columns)
      return [found.notApplied, found.kept]
    }
    #expect(marked(fields, columns) == [[], []])
    let two = FieldHashes.marking([columns[3], columns[1]], in: fields)
    #expect(two.count == fields.count)
    #expect(marked(two, columns) == [[1, 3], []])
    #expect(marked(two, Self.columns([3, 0])) == [[0], []])
    let other = LoadColumn(path: ["other"])
    #expect(marked(FieldHashes.marking([columns[1]], kept: [other], in: fields), columns + [other]) == [[1], [5]])
    for unknown in [[], [2], [9] + fields.dropFirst()] as [[UInt8]] {
      #expect(FieldHashes.marking(columns, in: unknown) == unknown)
      #expect(marked(unknown, columns) == [[], []])
      #expect(FieldHashes.omitted(from: unknown, in: fields, columns: columns) == [])
    }
  }

  @Test func `digests stay as they are from version to version, because the journal keeps them`() throws {
    let result = try result(Self.record, Self.columns([0, 1, 2, 3, 4]), fingerprint: Array("POST /contacts".utf8))
    #expect(Hexadecimal.text(of: result.digest) == "c61a04605a365cc087dfd265f428ae6ea14bc026d36bc70caa63e38e47f320db")
    #expect(Hexadecimal.text(of: Array(result.fields.prefix(17))) == "018f87c7b15f0c0d451274b92e29c75c6a")
  }
}
