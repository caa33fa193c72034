import Testing

@testable import Core

@Suite struct CodeFrameTests {
  @Test(
    "a line that people write is shown whole, with carets below the place",
    arguments: [
      ("a: b", 4, 1, "a: b", "   ^"), ("\ta: 'ä'", 5, 3, "\ta: 'ä'", "\t   ^^^"), ("a", 2, 5, "a", " ^"), ("", 1, 0, "", "^"),
      ("ab", 9, 1, "ab", "  ^"), ("a\u{1B}[1m\u{7F}b", 1, 1, "a [1m b", "^"), ("abc", 2, 9, "abc", " ^^"),
      ("日本: x", 5, 1, "日本: x", "      ^"), ("x 日本", 3, 2, "x 日本", "  ^^^^"), ("e\u{301}: x", 4, 1, "e\u{301}: x", "   ^"),
    ])
  func short(line: String, column: Int, length: Int, shown: String, carets: String) {
    let frame = CodeFrame(line[...], column: column, length: length)
    #expect(frame.line == shown)
    #expect(frame.carets == carets)
  }

  @Test("of a long line, what is around the place is shown")
  func long() {
    let line = String(repeating: "é", count: 1_000) + "X" + String(repeating: "z", count: 1_000)
    let frame = CodeFrame(line[...], column: 1_001, length: 1)
    #expect(frame.line == "…" + String(repeating: "é", count: 60) + "X" + String(repeating: "z", count: 99) + "…")
    #expect(frame.carets == String(repeating: " ", count: 61) + "^")
    #expect(CodeFrame(line[...], column: 1, length: 5_000).carets == String(repeating: "^", count: 160))
    #expect(CodeFrame(line[...], column: 2_002, length: 1).line == "…" + String(repeating: "z", count: 60))
  }
}
