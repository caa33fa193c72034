import Core
import Testing

@Suite struct DiagnosticsTests {
  private func place(_ line: Int, _ column: Int = 1) -> SourcePlace { SourcePlace(file: "m.yaml", line: line, column: column) }

  @Test("the same slug at the same place is reported once, also when diagnostics are joined")
  func once() {
    var some = Diagnostics()
    some.add(.init(.error, .badPath, at: place(1), "first"))
    some.add(.init(.error, .badPath, at: place(1), "second"))
    some.add(.init(.error, .wrongKind, at: place(1), "third"))
    some.add(.init(.error, .badPath, at: place(1, 2), "fourth"))
    var more = Diagnostics()
    more.add(.init(.error, .badPath, at: place(1), "fifth"))
    some.merge(more)
    #expect(some.all.map(\.message) == ["first", "third", "fourth"])
  }

  @Test("they are sorted by line and column, the more severe first")
  func order() {
    var some = Diagnostics()
    some.add(.init(.note, .unusedVar, at: place(2), "d"))
    some.add(.init(.error, .badPath, at: place(1, 5), "b"))
    some.add(.init(.error, .wrongKind, at: place(2), "c"))
    some.add(.init(.warning, .badPath, at: place(1, 3), "a"))
    #expect(some.sorted.map(\.message) == ["a", "b", "c", "d"])
    #expect(some.hasErrors)
  }

  @Test(
    "lines are found whatever ends them",
    arguments: [
      ("a\nb\r\nc\rd", ["a", "b", "c", "d", nil]), ("", ["", nil, nil]), ("\n", ["", "", nil]),
      ("ä\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f", ["ä", "b", "c", "d", "e", "f"]),
      ("\u{2020}\u{C4}x\ny", ["\u{2020}\u{C4}x", "y", nil]),
    ])
  func lines(text: String, expected: [String?]) {
    let file = SourceFile(name: "x", text: text)
    for (index, line) in expected.enumerated() { #expect(file.line(index + 1).map(String.init) == line) }
    #expect(file.line(0) == nil && file.line(-1) == nil)
  }

  @Test("a frame shows the line and points at the word, tabs kept")
  func frame() {
    var some = Diagnostics()
    some.register(SourceFile(name: "m.yaml", text: "a: b\n\tname: frist\n"))
    let found = Diagnostic(
      .error, .unknownSourceField, at: SourcePlace(file: "m.yaml", line: 2, column: 8, length: 5), "no field 'frist'",
      hint: "did you mean 'first'?")
    #expect(
      some.text(of: found)
        == "m.yaml:2:8: error: unknown-source-field: no field 'frist'\n    2 | \tname: frist\n      | \t      ^^^^^ did you mean 'first'?"
    )
  }

  @Test("many diagnostics of a long file take no square of time")
  func many() {
    var some = Diagnostics()
    some.register(SourceFile(name: "m.yaml", text: String(repeating: "key: value\n", count: 20_000)))
    for line in 1...20_000 { some.add(.init(.warning, .lookupDeadKey, at: place(line), "x")) }
    #expect(some.sorted.allSatisfy { some.text(of: $0).contains(" | key: value\n") })
  }
}
