import Testing

@testable import Core

@Suite struct FrameLineTests {
  @Test(
    "A line that people write is shown whole, with carets below the place",
    arguments: [
      ("a: b", 4, 1, "a: b", "   ^"), ("\ta: 'ä'", 5, 3, "\ta: 'ä'", "\t   ^^^"), ("a", 2, 5, "a", " ^"), ("", 1, 0, "", "^"),
      ("ab", 9, 1, "ab", "  ^"), ("a\u{1B}[1m\u{7F}b", 1, 1, "a [1m b", "^"), ("abc", 2, 9, "abc", " ^^"),
    ])
  func short(line: String, column: Int, length: Int, shown: String, carets: String) {
    let frame = FrameLine(line, column: column, length: length)
    #expect(frame.line == shown)
    #expect(frame.carets == carets)
  }

  @Test("Of a long line, what is around the place is shown")
  func long() {
    let line = String(repeating: "é", count: 1_000) + "X" + String(repeating: "z", count: 1_000)
    let frame = FrameLine(line, column: 1_001, length: 1)
    #expect(frame.line == "…" + String(repeating: "é", count: 119) + "X" + String(repeating: "z", count: 238) + "…")
    #expect(frame.carets == String(repeating: " ", count: 120) + "^")
    #expect(FrameLine(line, column: 1, length: 5_000).carets == String(repeating: "^", count: 240))
    #expect(FrameLine(line, column: 2_002, length: 1).line.count == 120)
    // Nothing is cut off of what just fits.
    let fitting = String(repeating: "a", count: 120) + String(repeating: "b", count: 240)
    #expect(FrameLine(fitting, column: 121, length: 1).line == fitting)
  }
}
