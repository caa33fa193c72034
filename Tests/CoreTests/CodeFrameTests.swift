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

  @Test(
    "in a terminal, the line fits beside its number, and the carets stay below the place",
    arguments: [
      ("name: {from: [fristName, lastName]}", 15, 9, "name: {from: [fristName, lastName]}"),
      ("name: {from: [fristName, lastName], do: [trim]}", 15, 9, "name: {from: [fristName, lastName], do…"),
      ("名前の一覧: {from: [最初の名前はこちらです, x, y]}", 16, 3, "…前の一覧: {from: [最初の名前はこちらで…"),
      ("a: [bbbbbbbbbb, cccccccccc, dddddddddd, eeeeeeeeee]", 41, 10, "…ccccc, dddddddddd, eeeeeeeeee]"),
    ])
  func fitting(line: String, column: Int, length: Int, shown: String) {
    let frame = CodeFrame(line[...], column: column, length: length, room: 40)
    #expect(frame.line == shown)
    #expect(CellWidth.of(frame.line) <= 40)
    let place = line.index(line.startIndex, offsetBy: column - 1)
    let marked = frame.carets.firstIndex(of: "^").map { CellWidth.of(frame.carets[..<$0]) }
    // What is above the first caret is the character at the place.
    var cells = 0
    let above = frame.line.first { character in
      defer { cells += CellWidth.of(character) }
      return cells == marked
    }
    #expect(above == line[place])
  }

  private func frame(_ line: String, _ column: Int, _ length: Int) -> CodeFrame {
    CodeFrame(line[...], column: column, length: length)
  }

  @Test("carets are where a terminal shows the place")
  func wide() {
    #expect(frame("名前: frist", 5, 5).carets == "      ^^^^^")
    #expect(frame("🎉🎉 x", 4, 1).carets == "     ^")
    #expect(frame("é x", 3, 1).carets == "  ^")
    #expect(frame("a: 名前", 4, 2).carets == "   ^^^^")
    #expect(frame("\tx: y", 5, 1).carets == "\t   ^")
    #expect(frame("a\u{200B}b", 3, 1).carets == " ^")
    #expect(frame("👨‍👩‍👧 x", 3, 1).carets == "   ^" && frame("👨‍👩‍👧 x", 3, 1).line == "👨‍👩‍👧 x")
  }

  @Test("of a long line the part around the place is shown")
  func window() {
    let line = String(repeating: "a", count: 500) + "frist" + String(repeating: "b", count: 500)
    let shown = frame(line, 501, 5)
    #expect(shown.line.count == 162)
    #expect(shown.line.hasPrefix("…a") && shown.line.hasSuffix("b…"))
    #expect(shown.carets == String(repeating: " ", count: 61) + "^^^^^")
    #expect(Array(shown.line)[61] == "f")
    let wide = String(repeating: "名", count: 500) + "frist"
    #expect(frame(wide, 501, 5).carets == String(repeating: " ", count: 121) + "^^^^^")
  }

  @Test("the ends of a long line, and places beyond it", arguments: [1, 2, 59, 999, 1_000, 1_001, 5_000])
  func ends(column: Int) {
    let shown = frame(String(repeating: "x", count: 1_000), column, 20)
    #expect(shown.line.count <= 162)
    #expect(shown.carets.hasSuffix("^") && shown.carets.count <= 182)
  }
}
