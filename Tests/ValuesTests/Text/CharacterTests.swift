import Core
import Testing

@testable import Values

struct CharacterTests {
  @Test(arguments: ["", "a", "abcdefgh", "äöü", "李明李明李明", "👍🏽", "e\u{301}", "0123456789abcdef€", "ééééééééééééé"])
  func countsAreCodePoints(text: String) {
    let expected = text.unicodeScalars.count
    #expect(of(text) { CharacterCount.of($0) } == expected)
    #expect(of(text) { CharacterCount.exceeds(expected, $0) } == false)
    if expected > 0 { #expect(of(text) { CharacterCount.exceeds(expected - 1, $0) }) }
  }

  @Test(arguments: [
    ("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "abc"), ("abc", 0, ""), ("äöüß", 2, "äö"), ("ae\u{301}b", 2, "a"),
    ("ae\u{301}b", 3, "ae\u{301}"), ("x👍🏽y", 2, "x"), ("x👍🏽y", 3, "x👍🏽"), ("a👩‍👩‍👧z", 4, "a"), ("a👩‍👩‍👧z", 6, "a👩‍👩‍👧"),
    ("🇩🇪🇫🇷", 3, "🇩🇪"), ("🇩🇪🇫🇷", 2, "🇩🇪"), ("e\u{301}\u{302}", 2, "e\u{301}"), ("a\r\nb", 2, "a"), ("李明", 1, "李"),
    ("\u{1112}\u{1161}\u{11AB}\u{1100}", 2, "\u{1112}\u{1161}"),
  ])
  func truncatingNeverLeavesHalfACharacter(text: String, limit: Int, expected: String) {
    let bytes = Array(text.utf8)
    let end = CharacterCount.prefix(of: bytes.span, limit: limit)
    #expect(Array(bytes[..<end]) == Array(expected.utf8))
  }

  @Test(arguments: [
    ("", "", true), ("0123", "0123", true), ("(415) 555-2671", "4155552671", false), ("٣٤", "34", false), ("१२३", "123", false),
    ("none", "", false), ("１２", "12", false), ("½²Ⅳ五", "", false), ("a𝟙b", "1", false),
  ])
  func digitsOfAnyScriptBecomeASCII(text: String, expected: String, same: Bool) {
    let result = run(text) { DigitText.digits($0, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == same)
  }

  @Test(arguments: [
    ("a;b;c", ";", ["a", "b", "c"]), ("", ";", [""]), (";", ";", ["", ""]), ("abc", ";", ["abc"]),
    ("a, b,c", ", ", ["a", "b,c"]),
    ("a€b€", "€", ["a", "b", ""]), ("abc", "", ["abc"]), ("aaa", "aa", ["", "a"]), ("0123456789;x", ";", ["0123456789", "x"]),
  ])
  func piecesLieBetweenSeparators(text: String, separator: String, expected: [String]) {
    let bytes = Array(text.utf8)
    let on = Array(separator.utf8)
    var pieces = TextPieces()
    var found: [String] = []
    while let piece = pieces.next(in: bytes.span, on: on.span) { found.append(String(decoding: bytes[piece], as: UTF8.self)) }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("a-b-c", "-", "+", "a+b+c", false), ("abc", "x", "y", "abc", true), ("aaa", "aa", "b", "ba", false),
    ("", "a", "b", "", true),
    ("grüße", "üß", "uess", "gruesse", false), ("a-b", "-", "", "ab", false), ("abc", "", "x", "abc", true),
  ])
  func replacingTakesTextAsItStands(text: String, wanted: String, with: String, expected: String, same: Bool) {
    let target = Array(wanted.utf8)
    let replacement = Array(with.utf8)
    let result = run(text) { TextSearch.replaceAll(target.span, with: replacement.span, in: $0, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == same)
  }
}
