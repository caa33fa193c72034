import Core
import Testing

@testable import Control

@Suite struct LoadOrderTests {
  /// `b>a` means that b needs a.
  @Test(
    "mappings come after those that they need, and otherwise stay in order",
    arguments: [
      ("a b c", "", "a b c"), ("c b a", "", "c b a"), ("notes contacts", "notes>contacts", "contacts notes"),
      ("d c b a", "d>c c>b b>a", "a b c d"), ("a b c", "a>c b>c", "c a b"), ("a b", "a>elsewhere", "a b"),
      ("a b c d", "a>b a>c b>d c>d", "d b c a"),
      ("a", "a>a", "a"), ("b a", "b>b b>a", "a b"), ("a b c", "a>b b>c c>b", "cycle b c"),
      ("x a b c", "a>b b>c c>a", "cycle a b c"),
    ])
  func order(mappings: String, needs: String, expected: String) {
    var table: [Name: [Name]] = [:]
    for need in needs.split(separator: " ") {
      let parts = need.split(separator: ">").map { Name(String($0)) }
      table[parts[0], default: []].append(parts[1])
    }
    let names = mappings.split(separator: " ").map { Name(String($0)) }
    do {
      let order = try LoadOrder.order(names, needs: table)
      #expect(order.map(\.text).joined(separator: " ") == expected)
    } catch {
      #expect("cycle " + error.mappings.map(\.text).joined(separator: " ") == expected)
    }
  }
}
