import Core
import Testing

@Suite struct JSONReaderTests {
  @Test(
    "a JSON text is read as it stands",
    arguments: [
      ("null", "null"), (" true\n", "true"), ("[]", "[]"), ("{}", "{}"),
      ("[1, -0, 1.50, 1E+5, 123456789012345678901234567890]", "[1,-0,1.50,1E+5,123456789012345678901234567890]"),
      ("{\"b\":1,\"a\":{\"\":[null]}}", "{\"b\":1,\"a\":{\"\":[null]}}"), ("\"a\\u00e9\\n\\/\\\\\"", "\"aé\\n/\\\\\""),
      ("\"\\ud83d\\ude00\"", "\"😀\""), ("\u{FEFF}7", "7"), ("\"\\u0000\"", "\"\\u0000\""),
    ])
  func reading(text: String, expected: String) throws {
    #expect(try JSONReader.read(text).text == expected)
  }

  @Test(
    "invalid JSON is refused with its place",
    arguments: [
      ("", 1, 1), (" ", 1, 2), ("nul", 1, 1), ("01", 1, 2), ("1.", 1, 3), ("-", 1, 2), ("1 2", 1, 3), ("[1,]", 1, 4),
      ("[1", 1, 3),
      ("{\"a\"}", 1, 5), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2), ("[\n  tru]", 2, 3), ("\"a", 1, 3),
      ("\"plain text", 1, 1), ("\"\t\"", 1, 2),
      ("\"\\x\"", 1, 3),
      ("\"\\ud800\"", 1, 8), ("\"\\udc00\"", 1, 8), ("{\"a\":1,\n\"a\":2}", 2, 1), ("'a'", 1, 1), ("NaN", 1, 1), ("+1", 1, 1),
      (".5", 1, 1),
    ])
  func refusals(text: String, line: Int, column: Int) {
    let failure = #expect(throws: JSONReader.Failure.self) { try JSONReader.read(text) }
    #expect(failure?.line == line)
    // Bytes within a word or an escape may be named by its beginning or by where it goes wrong.
    #expect((failure?.column).map { abs($0 - column) <= 2 } == true, "\(String(describing: failure))")
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    for bytes: [UInt8] in [
      Array("\"plain".utf8) + [0xFF, 0x22], Array("\"a\\n".utf8) + [0xFF, 0x22], [0x22, 0xFF] + Array("\\n\"".utf8),
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
    ] {
      #expect(throws: JSONReader.Failure.self) { try JSONReader.read(bytes) }
    }
  }

  @Test func `values nest as deep as a record may, and no deeper`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSONReader.read(nested(JSONReader.maximumDepth))
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read(nested(JSONReader.maximumDepth + 1)) }
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 10, 40])
  func `a member that occurs twice is found wherever it is`(count: Int) throws {
    let members = (0..<count).map { "\"m\($0)\":\($0)" }
    #expect(try JSONReader.read("{\(members.joined(separator: ","))}").objectValue?.count == count)
    for index in [0, count / 2, count - 1] {
      let text = "{\((members + [members[index]]).joined(separator: ","))}"
      #expect(throws: JSONReader.Failure.self) { try JSONReader.read(text) }
      #expect(try JSONReader.readGatheringDuplicates(Array(text.utf8)).duplicates.count == 1)
    }
    // One composed, one decomposed: two names.
    let accents = "{\((members + ["\"\u{E9}\":1", "\"e\u{301}\":2"]).joined(separator: ","))}"
    #expect(try JSONReader.read(accents).objectValue?.count == count + 2)
  }

  @Test func `members that occur twice can be gathered`() throws {
    let (value, doubles) = try JSONReader.readGatheringDuplicates(Array(#"{"a":1,"b":{"c":1,"c":2},"a":3}"#.utf8))
    #expect(value["a"]?.intValue == 3)
    #expect(doubles.count == 2)
  }
}
