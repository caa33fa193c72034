import Core
import Files
import TestSupport
import Testing

@testable import Records

@Suite struct OverlaidSourceTests {
  private let folder = TemporaryFolder()
  private typealias Found = RecordSourceConformance.Record

  private func write(_ corrections: [(ordinal: Int, record: String)]) throws -> String {
    let path = "\(folder.path)/corrections.ndjson"
    let file = try OutputFile(path: path, mode: 0o600)
    for (ordinal, record) in corrections {
      try RecordCorrections.write(.init(ordinal: ordinal, line: ordinal + 1, record: Array(record.utf8)), to: file)
    }
    try file.commit()
    return path
  }

  @Test(arguments: [[], [0], [49], [0, 1, 2], [7, 8, 30], Array(0..<50)])
  func `some records are replaced, and the contract of the seam holds`(_ ordinals: [Int]) throws {
    let text = (0..<50).map { #"{"id": "c\#($0)"}"# + "\n" }.joined()
    let path = try write(ordinals.map { ($0, #"{"id":"\#(String(repeating: "é", count: $0))"}"#) })
    let expected = (0..<50).map { index in
      let replaced = #"{"id":"\#(String(repeating: "é", count: index))"}"#
      return Found(line: index + 1, text: ordinals.contains(index) ? replaced : #"{"id": "c\#(index)"}"#)
    }
    let suite = RecordSourceConformance("overlaid", expected: expected) { shape in
      let input = MemoryInput(Array(text.utf8), pieceSize: shape.piece)
      return try OverlaidSource(NDJSONSource(input, batchSize: shape.batchSize), corrections: path)
    }
    #expect(try suite.violations() == [])
  }

  @Test func `rows of a table and records that cannot be read are replaced`() throws {
    let text = "id,name\nc1,Ann\nc2,Bo,x\nc3,\"\"\n"
    let path = try write([(1, #"{"id":"c2","name":"Bo"}"#)])
    let expected = [#"{"id":"c1","name":"Ann"}"#, #"{"id":"c2","name":"Bo"}"#, #"{"id":"c3","name":""}"#]
    let suite = RecordSourceConformance(
      "overlaid", expected: expected.enumerated().map { Found(line: $0 + 2, text: $1) }
    ) { shape in
      let input = MemoryInput(Array(text.utf8), pieceSize: shape.piece)
      return try OverlaidSource(CSVSource(input, path: "x.csv", batchSize: shape.batchSize), corrections: path)
    }
    #expect(try suite.violations() == [])
    // A request for cells is not answered, and is still there afterwards.
    var source = try OverlaidSource(CSVSource(MemoryInput(Array(text.utf8)), path: "x.csv"), corrections: path)
    let batch = RecordBatch()
    batch.rowRequest = RowRequest { Array($0.indices) }
    #expect(try source.fill(batch))
    #expect(batch.rows == nil && batch.rowRequest != nil && batch.items.allSatisfy { $0.fault == nil && $0.warnings.isEmpty })
  }

  @Test func `notes of the records around a replaced one stay with them`() throws {
    let text = "id,name\nc1,Ann,x\nc2,Bo\nc3,Cy,y\n"
    let path = try write([(1, #"{"id":"c2"}"#)])
    var source = try OverlaidSource(CSVSource(MemoryInput(Array(text.utf8)), path: "x.csv"), corrections: path)
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    let notes = batch.items.map { batch.note(of: $0, about: .raggedRow) }
    #expect(notes.map { $0 == nil } == [false, true, false])
  }

  @Test func `stored records are read with their corrections, from any place and up to a limit`() throws {
    try folder.write("in.ndjson", (0..<6).map { "{\"id\":\($0)}\n" }.joined())
    let path = try write([(1, "{\"id\":11}"), (4, "{\"id\":44}")])
    func read(_ records: StoredRecords, at cursor: RecordCursor = .start) throws -> [String] {
      var source = try records.open(at: cursor)
      let batch = RecordBatch()
      var found: [String] = []
      while try source.fill(batch) {
        found += batch.items.map { String(decoding: batch.bytes[$0.start..<$0.end], as: UTF8.self).filter(\.isNumber) }
      }
      return found
    }
    let records = StoredRecords(file: "\(folder.path)/in.ndjson", format: .ndjson).overlaid(with: path)
    #expect(try read(records) == ["0", "11", "2", "3", "44", "5"])
    #expect(try read(records, at: RecordCursor(records: 3)) == ["3", "44", "5"])
    #expect(try read(records, at: RecordCursor(records: 4, line: 5, offset: 36)) == ["44", "5"])
    let few = StoredRecords(file: "\(folder.path)/in.ndjson", format: .ndjson, limit: 3).overlaid(with: path)
    #expect(try read(few) == ["0", "11", "2"])
  }

  @Test(arguments: [
    "{\"ordinal\":0,\"line\":1}", "{\"ordinal\":-1,\"line\":1,\"record\":{}}", "[]", "{\"ordinal\":0,\"line\":1,\"record\":[]}",
    "x",
    "{\"ordinal\":1,\"line\":1,\"record\":{}}\n{\"ordinal\":1,\"line\":1,\"record\":{}}",
  ])
  func `damaged corrections are not applied`(_ text: String) throws {
    try folder.write("c.ndjson", text + "\n")
    #expect(throws: OperationFailure.self) {
      var source = try OverlaidSource(
        NDJSONSource(MemoryInput(Array("{}\n{}\n{}\n".utf8))), corrections: "\(folder.path)/c.ndjson")
      let batch = RecordBatch()
      while try source.fill(batch) {}
    }
  }

  @Test func `corrections of records that the input does not have are reported`() throws {
    let path = try write([(3, "{}")])
    var source = try OverlaidSource(NDJSONSource(MemoryInput(Array("{}\n{}\n".utf8))), corrections: path)
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect {
      _ = try source.fill(batch)
    } throws: { "\($0)".contains("replaces record 4 of an input that has 2") }
  }
}

@Suite struct ObjectTextTests {
  @Test(arguments: [
    (#"{}"#, #"{"x":"n"}"#), (#" { "a" : 1.50 , "b":[ 1, {"c" : "d e"} ] } "#, #"{"a":1.50,"b":[1,{"c":"d e"}],"x":"n"}"#),
    ("{\n  \"a\": \"\\u00e9 \\ud800\",\n  \"x\": null\n}", #"{"a":"\u00e9 \ud800","x":"n"}"#),
    (#"{"\u0078":{"y":"}"},"z":true}"#, #"{"\u0078":"n","z":true}"#),
    (#"{"a\"b":"\\","c":-1e+5}"#, #"{"a\"b":"\\","c":-1e+5,"x":"n"}"#),
  ])
  func `a member is set, and the others keep their text`(_ object: String, _ expected: String) throws {
    var text = try #require(ObjectText(Array(object.utf8)))
    text.set("x", .string("n"))
    #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
  }

  @Test func `values are found as they are written`() throws {
    let text = try #require(ObjectText(Array(#"{"a": 1.0, "é": "x", "e\#u{301}": [ ]}"#.utf8)))
    #expect(text.names.map { $0.utf8.count } == [1, 2, 3])
    #expect(text["a"] == Array("1.0".utf8) && text["é"] == Array("\"x\"".utf8) && text["b"] == nil)
  }

  @Test(arguments: ["[]", "1", "", "\"{}\"", "null"]) func `what is not an object is refused`(_ text: String) {
    #expect(ObjectText(Array(text.utf8)) == nil)
  }
}
