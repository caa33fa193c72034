import Testing

@testable import Core

@Suite struct CodeFrameTests {
  private func frame(_ line: String, _ column: Int, _ length: Int) -> CodeFrame {
    CodeFrame(line[...], SourcePlace(file: "m.yaml", line: 1, column: column, length: length))
  }

  @Test("carets stand where a terminal shows the place")
  func wide() {
    #expect(frame("名前: frist", 5, 5).carets == "      ^^^^^")
    #expect(frame("🎉🎉 x", 4, 1).carets == "     ^")
    #expect(frame("é x", 3, 1).carets == "  ^")
    #expect(frame("a: 名前", 4, 2).carets == "   ^^^^")
    #expect(frame("\tx: y", 5, 1).carets == "\t   ^")
    #expect(frame("a\u{200B}b", 3, 1).carets == " ^")
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
