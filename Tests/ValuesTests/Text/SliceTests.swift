import Core
import Testing

@testable import Values

struct SliceTests {
  private func slice(_ text: String, _ from: Int, _ to: Int? = nil) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: bytes[CharacterCount.slice(of: bytes.span, from: from, to: to)], as: UTF8.self)
  }

  @Test(
    arguments: [
      ("abcdef", 0, nil, "abcdef"), ("abcdef", 2, nil, "cdef"), ("abcdef", 0, 2, "ab"), ("abcdef", 2, 4, "cd"),
      ("abcdef", -2, nil, "ef"),
      ("abcdef", -4, -2, "cd"), ("abcdef", 1, -1, "bcde"), ("abcdef", -3, 5, "de"), ("abcdef", 9, nil, ""),
      ("abcdef", 0, 99, "abcdef"),
      ("abcdef", -99, 2, "ab"), ("abcdef", 0, -99, ""), ("abcdef", 4, 2, ""), ("abcdef", 3, 3, ""), ("", 0, 5, ""),
      ("", -1, nil, ""),
      ("Zoë Öst", 2, 5, "ë Ö"), ("Zoë Öst", -3, nil, "Öst"), ("李明华", 1, 2, "明"), ("👍🏽x", 1, nil, "🏽x"), ("👍🏽x", 2, nil, "x"),
      ("x👍🏽", -1, nil, "👍🏽"), ("ae\u{301}o", 0, 2, "a"), ("ae\u{301}o", 2, nil, "e\u{301}o"), ("abc", Int.min, Int.max, "abc"),
      ("abc", Int.max, nil, ""), ("abc", 0, Int.min, ""),
    ] as [(String, Int, Int?, String)])
  func aSliceHasTheCharactersBetweenItsPlaces(text: String, from: Int, to: Int?, expected: String) {
    #expect(slice(text, from, to) == expected)
  }

  @Test(arguments: ["abc", "Zoë Öst", "👨‍👩‍👧ab🇩🇪🇫🇷", "e\u{301}\u{323}x", "각각", ""])
  func neighboursAddUpToTheText(text: String) {
    let count = text.unicodeScalars.count
    for cut in -count - 1...count + 1 { #expect(slice(text, 0, cut) + slice(text, cut) == text, "at \(cut)") }
  }

  @Test(arguments: [
    ("7", 3, "0", "007"), ("007", 3, "0", "007"), ("1234", 3, "0", "1234"), ("", 2, "0", "00"), ("é", 3, "ü", "üüé"),
    ("李", 2, "😀", "😀李"),
    ("e\u{301}", 3, "-", "-e\u{301}"),
  ])
  func paddingNeverCuts(text: String, width: Int, filler: String, expected: String) {
    let bytes = Array(filler.utf8)
    let result = run(text) { Padding.padLeft($0, width: width, with: bytes.span, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == (text == expected))
  }
}
