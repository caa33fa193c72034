import Core
import Testing

@testable import Values

struct WhitespaceTests {
  @Test(arguments: [
    ("", ""), (" ", ""), ("a", "a"), ("  Ada ", "Ada"), ("\t\r\nAda\u{0B}\u{0C}", "Ada"), ("\u{A0}Ada\u{2003}\u{3000}", "Ada"),
    ("\u{85}\u{1680}x\u{2028}\u{2029}\u{202F}\u{205F}", "x"), ("\u{200B}Ada", "\u{200B}Ada"), ("é ", "é"), (" 李 明 ", "李 明"),
    ("\u{2003}\u{2003}", ""), ("\u{A0}", ""),
  ])
  func trimmingTakesWhiteSpaceOffBothEnds(text: String, expected: String) {
    let bytes = Array(text.utf8)
    let range = Whitespace.trimmed(bytes.span)
    #expect(String(decoding: bytes[range], as: UTF8.self) == expected)
    #expect(Whitespace.isBlank(bytes.span) == expected.isEmpty)
  }

  @Test(arguments: [
    ("", "", true), ("Ada Lovelace", "Ada Lovelace", true), ("Ada  Lovelace", "Ada Lovelace", false),
    (" Ada", "Ada", false), ("Ada ", "Ada", false), ("Ada\tLovelace", "Ada Lovelace", false), ("   ", "", false),
    ("a\u{A0}\u{3000} b\r\nc", "a b c", false), ("José  Ñ", "José Ñ", false), ("José Ñ", "José Ñ", true),
  ])
  func collapsingLeavesSingleSpaces(text: String, expected: String, same: Bool) {
    let result = run(text) { Whitespace.collapse($0, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == same)
  }
}
