import Testing

@testable import Graphics

@Suite struct MarkupTests {
  private func text(_ text: String) -> String {
    var markup = Markup()
    markup.text(text)
    return markup.string
  }

  @Test(arguments: [
    ("a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;"), ("</script><b>", "&lt;/script&gt;&lt;b&gt;"),
    ("a\u{202E}b", "a\\u202eb"), ("a\u{2066}b\u{200B}", "a\\u2066b\\u200b"),
    ("a\nb\tc\u{0}\u{1B}[1m", "a\\nb\\tc\\u0000\\u001b[1m"),
    ("Søren 木 👨‍👩‍👧", "Søren 木 👨‍👩‍👧"), ("", ""),
  ])
  func `text cannot end an element, and what cannot be seen becomes visible`(given: String, expected: String) {
    #expect(text(given) == expected)
  }

  @Test(arguments: [0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFF] as [UInt32])
  func `code points that no document may have are shown as such`(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(text("a\(Character(scalar))b") == "a\\u{\(String(value, radix: 16))}b")
  }

  @Test func `attributes are escaped, and left out without a value`() {
    var markup = Markup()
    markup.element("a", ["href": "#x\" onclick=\"y", "class": nil], text: "<")
    #expect(markup.string == "<a href=\"#x&quot; onclick=&quot;y\">&lt;</a>")
  }

  @Test func `values that may be written from right to left are set apart`() {
    var markup = Markup()
    markup.value("a")
    markup.value("שלום")
    #expect(markup.string == "a<bdi>שלום</bdi>")
  }

  @Test(arguments: [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("", 3, ""), ("éé", 1, "…")])
  func `long text is clipped`(given: String, limit: Int, expected: String) {
    #expect(MarkupText.clipped(given, to: limit) == expected)
  }
}
