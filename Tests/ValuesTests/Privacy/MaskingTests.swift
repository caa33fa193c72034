import Core
import Testing

@testable import Values

struct MaskingTests {
  private let key = DigestKey(Array("key".utf8))

  private func masked(_ text: String, _ privacy: Privacy) -> String {
    of(text) { Masking.string($0, as: privacy, key: key) }
  }

  @Test(arguments: [
    ("Ada Lovelace", "Xxx Xxxxxxxx"), ("ada@example.com", "xxx@xxxxxxx.xxx"), ("+1 (415) 555-2671", "+9 (999) 999-9999"),
    ("", ""), ("Élodie Ü", "Xxxxxx X"), ("李明", "xx"), ("e\u{301}a", "xx"), ("👍 ok", "* xx"), ("٣\t€", "9 *"),
    (String(repeating: "a", count: 40), String(repeating: "x", count: 40)),
    (String(repeating: "a", count: 41), String(repeating: "x", count: 40) + "…"),
  ])
  func masksKeepTheShape(text: String, expected: String) { #expect(masked(text, .mask) == expected) }

  @Test(arguments: [
    ("+14155552671", "…2671"), ("123456", "999999"), ("1234567", "…4567"), ("", ""), ("Größe李明", "…ße李明"), ("abc", "xxx"),
  ])
  func lastFourOfLongerValues(text: String, expected: String) { #expect(masked(text, .last4) == expected) }

  @Test func shownValuesAreCutAt200Characters() {
    #expect(masked("Ada", .show) == "Ada")
    #expect(masked(String(repeating: "é", count: 200), .show) == String(repeating: "é", count: 200))
    #expect(masked(String(repeating: "é", count: 201), .show) == String(repeating: "é", count: 200) + "…")
  }

  @Test func hashesAreShortAndKeyed() {
    let text = masked("ada@example.com", .hash)
    #expect(text.hasPrefix("hmac:"))
    #expect(text.utf8.count == 21)
    #expect(text == masked("ada@example.com", .hash))
    #expect(of("ada@example.com") { Masking.string($0, as: .hash, key: DigestKey([1])) } != text)
    #expect(of("ada@example.com") { Masking.string($0, as: .hash, key: nil) } == "<hidden>")
  }

  @Test func someValuesAreNeverShown() { #expect(masked("123-45-6789", .never) == "<hidden>") }
}
