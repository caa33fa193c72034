import Core
import Testing

@testable import Control

@Suite struct ItemResultsTests {
  /// Results as `key:result`, or `result` alone where no key is repeated.
  @Test(
    "a result is taken for a record only if it certainly belongs to it",
    arguments: [
      ("a:1 b:2 c:3", "1 2 3", 0), ("c:3 a:1 b:2", "1 2 3", 0), ("1 2 3", "1 2 3", 0),
      // Some have a key, and it agrees.
      ("a:1 2 c:3", "1 2 3", 0),
      // Some have a key, and it does not agree with the position.
      ("b:2 1 c:3", "? 2 3", 1),
      // Too few and too many.
      ("a:1 c:3", "1 ? 3", 0), ("1 2", "? ? ?", 2), ("1 2 3 4", "? ? ?", 4), ("a:1 b:2 c:3 d:4", "1 2 3", 1), ("", "? ? ?", 0),
      // Two results for one record.
      ("a:1 a:2 c:3", "? ? 3", 0), ("a:1 a:1 a:1 b:2", "? 2 ?", 0),
      // Keys that were not sent.
      ("x:1 y:2 z:3", "? ? ?", 3),
    ])
  func results(text: String, expected: String, strays: Int) {
    let items = text.split(separator: " ").map { word -> (key: Name?, result: String) in
      let parts = word.split(separator: ":").map(String.init)
      return parts.count == 2 ? (Name(parts[0]), parts[1]) : (nil, parts[0])
    }
    let found = ItemResults(keys: ["a", "b", "c"].map { Name($0) }, items: items)
    #expect(found.results.map { $0 ?? "?" }.joined(separator: " ") == expected)
    #expect(found.strays == strays)
  }

  @Test func `keys are compared by their bytes`() {
    let found = ItemResults(keys: [Name("\u{e9}"), Name("a")], items: [(Name("a"), 1), (Name("e\u{301}"), 2)])
    #expect(found.results == [nil, 1] && found.strays == 1)
  }
}
