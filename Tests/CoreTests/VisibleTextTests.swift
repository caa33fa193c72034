import Testing

@testable import Core

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("a\u{1B}[31mb", "a\\u001b[31mb"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{9B}31m", "\\u009b31m"),
    ("\u{7F}\u{0}", "\\u007f\\u0000"),
    ("ab\u{202E}cd\u{2066}", "ab\\u202ecd\\u2066"), ("a\u{200B}b\u{FEFF}", "a\\u200bb\\ufeff"),
    ("\u{2028}\u{2029}\u{85}", "\\u2028\\u2029\\u0085"),
    ("\u{E0041}", "\\udb40\\udc41"), ("Zoë 日本 🎉 e\u{301}", "Zoë 日本 🎉 e\u{301}"), ("", ""),
    ("👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥", "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥"), ("a\u{200D}b", "a\\u200db"),
    ("👨\u{200D}", "👨\\u200d"), ("1\u{200D}2\u{200D}👧", "1\\u200d2\\u200d👧"),
  ])
  func `terminal controls and invisible characters are shown as escapes`(text: String, shown: String) {
    #expect(VisibleText.escaped(text) == shown)
  }

  @Test func `lines and columns may stay`() {
    #expect(VisibleText.escapedLines("a\tb\n\u{1B}c\r\n") == "a\tb\n\\u001bc\\r\n")
  }
}
