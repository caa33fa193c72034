import Core
import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct InputAdviceTests {
  private static let json = "looks like one JSON document, not like one record per line: pass --input-format json"
  private static let csv = "looks like CSV: pass --input-format csv"
  private static let script =
    "looks like a Python or JavaScript object, not like JSON, which has names and strings in double quotes: export it as JSON"
  private static let before = "export it as JSON, or remove what is before the records"
  private static let list = "is one object with a list of objects: to read those as records, pass --records "

  @Test(
    arguments: [
      (SourceFormat.ndjson, "[{\"id\":1}]", json), (.ndjson, "[\n{}\n]", json), (.ndjson, "{\n  \"id\": 1\n}", json),
      (.ndjson, "{\"id\": 1,\r\n\"n\": 2}", json), (.ndjson, "\u{FEFF} [\n1]", json), (.ndjson, "id,name\n1,Ada\n", csv),
      (.ndjson, "\"id\";\"name\"\r\n", csv), (.ndjson, "id\tname\n", csv),
      (.json, "id;name\n1;Ada\n", csv), (.json, "\"id\",\"name\"\n", csv),
      (.json, "{\"id\":1}\n{\"id\":2}\n", "looks like one object per line (NDJSON): pass --input-format ndjson"),
      (
        .ndjson, "{\"contacts\":[{\"id\":1}]}",
        "is one object with a list of objects: to read those as records, pass --input-format json, and pass --records /contacts"
      ),
      (
        .ndjson, "{\"id\":1},\n{\"id\":2},\n",
        "has a comma after each object, which neither NDJSON nor JSON has: remove the commas"
      ),
      (.json, "[{'id': 1}]", script), (.ndjson, "{id: 1}\n", script), (.json, "[\n  {\n id: 1}]", script),
      (.json, ")]}',\n[{}]", "does not begin like JSON, but with ')': " + before),
      (.json, "cb([{}]);", "does not begin like JSON, but with 'c': " + before),
      (.json, "{\"contacts\":[{\"id\":1}]}", list + "/contacts"),
      (.json, "{\"n\":1,\"data\":{\"a/b\":[{},{}],\"t\":[1]}}", list + "/data/a~1b"),
    ] as [(SourceFormat, String, String)])
  func `what the file is instead is named`(_ format: SourceFormat, _ text: String, _ advice: String) throws {
    let folder = TemporaryFolder()
    try folder.write("in", text)
    #expect(InputAdvice.sentence("\(folder.path)/in", format: format) == "\(folder.path)/in \(advice)")
  }

  @Test(
    arguments: [
      (SourceFormat.ndjson, "{\"id\":1}\n{\"id\":"), (.ndjson, "{\n"), (.ndjson, "{\"id\":\"a,\n"), (.ndjson, "not JSON\n"),
      (.ndjson, "\"a,b\"\n"), (.ndjson, "[2024-01-31 12:00] export started\n{\"id\":1}\n"),
      (.ndjson, ""), (.json, "[{}]"), (.json, "{\"a\":[{}],\"b\":[{}]}"), (.json, "{\"a\":[1]}"), (.json, "{\"a\":[{}]"),
      (.csv, "id\n"),
    ] as [(SourceFormat, String)])
  func `what may be meant is left alone`(_ format: SourceFormat, _ text: String) throws {
    let folder = TemporaryFolder()
    try folder.write("in", text)
    #expect(InputAdvice.sentence("\(folder.path)/in", format: format) == nil)
  }

  @Test func `with a pointer, nothing is suggested, and a file that does not exist shows nothing`() throws {
    let folder = TemporaryFolder()
    try folder.write("in", "{\"a\":{\"b\":[{}]}}")
    var reading = FileReading()
    reading.records = RecordsPointer("/a")
    #expect(InputAdvice.sentence("\(folder.path)/in", format: .json, reading) == nil)
    #expect(InputAdvice.sentence("\(folder.path)/none", format: .json) == nil)
  }

  @Test func `a list is not searched for in a document that is too large`() throws {
    let folder = TemporaryFolder()
    let document = #"{"n":1,"list":[{"id":1},{"id":2}]}"#
    try folder.write("in", document)
    func list(within bytes: Int) -> String? {
      InputAdvice.list("\(folder.path)/in", format: .json, .init(), within: bytes)
    }
    #expect(list(within: document.utf8.count)?.contains("/list") == true)
    #expect(list(within: document.utf8.count - 1) == nil)
  }
}
