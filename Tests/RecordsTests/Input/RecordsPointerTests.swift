import Core
import Files
import TestSupport
import Testing

@testable import Records

/// Lists of records inside JSON documents.
@Suite struct RecordsPointerTests {
  static func source(_ text: String, _ pointer: String, piece: Int = .max, batchSize: Int = 1 << 18) -> JSONSource {
    JSONSource(
      MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.json", batchSize: batchSize, list: RecordsPointer(pointer))
  }

  /// The texts of the records, and the failure after them.
  static func read(_ text: String, _ pointer: String, piece: Int = .max) throws -> (records: [String], failure: String?) {
    var source = source(text, pointer, piece: piece)
    let batch = RecordBatch()
    var records: [String] = []
    do {
      while try source.fill(batch) {
        records += batch.items.map { String(decoding: batch.bytes[$0.start..<$0.end], as: UTF8.self) }
      }
      return (records, nil)
    } catch let failure as OperationFailure {
      return (records, failure.description)
    }
  }

  static let document = #"""
    {"meta": {"contacts": [0], "text": "a \"[{,}]\" \\", "n": -1.5e3}, "data": {"items": [{"id": 1}, {"id": "a]"}], "more": [], "e\u0301": [1]},
     "contacts": [{"a": [{}]}, 2], "a/b": {"c~d": [[7]]}, "pages": [{"rows": [1]}, {"rows": [2, 3]}]}
    """#

  @Test(arguments: [
    ("/data/items", [#"{"id": 1}"#, #"{"id": "a]"}"#]), ("/contacts", [#"{"a": [{}]}"#, "2"]), ("/data/more", []),
    ("/meta/contacts", ["0"]), ("/a~1b/c~0d", ["[7]"]), ("/pages/1/rows", ["2", "3"]), ("/data/e\u{301}", ["1"]),
  ])
  func `a pointer leads to a list, whatever the pieces`(_ pointer: String, _ expected: [String]) throws {
    for piece in [1, 2, 7, Int.max] {
      let read = try Self.read(Self.document, pointer, piece: piece)
      #expect(read.records == expected && read.failure == nil, "\(read.failure ?? "")")
    }
  }

  @Test(arguments: [
    (document, "/contcts", "there is nothing at /contcts: did you mean /contacts?"),
    (document, "/nowhere", "there is nothing at /nowhere: the document has the lists: contacts, pages"),
    (document, "/data/x", "there is nothing at /data/x: /data has the lists: items, more, e\u{301}"),
    (document, "/data", "this is not a list but an object, which has the lists: items, more, e\u{301}"),
    (document, "/meta", "this is not a list but an object, which has one list: did you mean /meta/contacts?"),
    (document, "/meta/text", "this is not a list but a text"), (document, "/meta/n", "this is not a list but a number"),
    (document, "/meta/n/x", "there is nothing at /meta/n/x: /meta/n is a number"),
    (document, "/pages/2/rows", "there is nothing at /pages/2/rows: /pages is a list of 2"),
    (document, "/pages/rows", "there is nothing at /pages/rows: /pages is a list"),
    (document, "/data/é", "there is nothing at /data/é: "),
    ("[{}]", "/contacts", "the document is a list, which needs no pointer"),
    ("{}", "/a", "there is nothing at /a: the document is empty"), (#"{"a":null}"#, "/a", "this is not a list but null"),
    (#"{"a":{}}"#, "/a", "this is not a list but an object, which is empty"),
    (#"{"a":1}"#, "/b", "there is nothing at /b: the document has no list, only: a"), ("1", "/a", "the document is a number"),
    (#"{"data":{"rows":[]}}"#, "/data/x", "there is nothing at /data/x: /data has one list: did you mean /data/rows?"),
  ])
  func `a pointer that leads to no list is refused with what there is`(_ text: String, _ pointer: String, _ message: String)
    throws
  {
    for piece in [1, Int.max] {
      let read = try Self.read(text, pointer, piece: piece)
      #expect(read.records == [])
      #expect(read.failure?.hasPrefix("x.json: --records \(pointer): ") == true, "\(read.failure ?? "")")
      #expect(read.failure?.contains(message) == true, "\(read.failure ?? "")")
    }
  }

  @Test(arguments: [
    ("", "it ends before --records /a was found, on line 1, at byte 1"), (#"{"a":"#, "it ends before --records /a was found"),
    (#"{"a":[1,2]"#, "it ends too early"), (#"{"a":[1,2"#, "it ends before the array is closed"),
    (#"{"a":[1,2]} x"#, "something follows the document, on line 1, at byte 13"), (#"{"a":[1,2],"a":[3]}"#, "'a' occurs twice"),
    (#"{"b":1 "a":[]}"#, "a comma is missing"), (#"{"b" 1,"a":[]}"#, "a colon is missing"),
    (#"{b:1,"a":[]}"#, "a name in quotes is missing"),
    (#"{"a":[1 2]}"#, "a comma or ']' is missing"), (#"{"a":[1],"#, "it ends too early"), ("{\"b\": \"x", "it ends too early"),
    (#"{"\x":1,"a":[]}"#, "a name is not valid"),
  ])
  func `a document that is broken around the list is not read as whole`(_ text: String, _ message: String) throws {
    for piece in [1, Int.max] {
      let read = try Self.read(text, "/a", piece: piece)
      #expect(read.failure?.contains(message) == true, "\(read.failure ?? "no failure")")
    }
  }

  @Test func `the list honors the contract of the seam, with the lines of the document`() throws {
    let text = "{\n\"n\": 1,\n\"list\": [\n{\"id\":1},\n{\"id\":x},\n{\"id\":3}],\n\"end\": [1]\n}\n"
    let expected: [RecordSourceConformance.Record] = [
      .init(line: 4, text: #"{"id":1}"#), .init(line: 5, text: #"{"id":x}"#), .init(line: 6, text: #"{"id":3}"#),
    ]
    let suite = RecordSourceConformance("list", expected: expected) { shape in
      JSONSource(
        MemoryInput(Array(text.utf8), pieceSize: shape.piece), batchSize: shape.batchSize, list: RecordsPointer("/list"))
    }
    #expect(try suite.violations() == [])
  }
}
