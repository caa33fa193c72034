import Extract
import Testing

@Suite struct BusinessChoiceTests {
  private static let found = [(id: "b1", name: "Caf\u{E9}"), (id: "b2", name: "Cafe\u{301}"), (id: "b3", name: "Acme\u{200B}")]

  @Test("a business is chosen by the bytes of its name or id")
  func exact() throws {
    #expect(try BusinessChoice.ids(of: ["Caf\u{E9}"], among: Self.found) == ["b1"])
    #expect(try BusinessChoice.ids(of: ["Cafe\u{301}", "b3"], among: Self.found) == ["b2", "b3"])
  }

  @Test(
    "a name that only looks like an existing one is refused, and the hint says how it differs",
    arguments: [
      ("Cafe\u{301}", "the same letters in another Unicode form"), ("Acme", "U+200B ZERO WIDTH SPACE"),
      ("\u{421}af\u{E9}", "U+0421 CYRILLIC CAPITAL LETTER ES"), ("CAF\u{C9}", "differs only in case"),
    ])
  func lookAlike(name: String, words: String) {
    let found = Self.found.filter { $0.id != "b2" }
    do {
      let ids = try BusinessChoice.ids(of: [name], among: found)
      Issue.record("took \(ids)")
    } catch {
      #expect("\(error)".contains(words), "\(error)")
    }
  }
}
