import Core
import Testing

@testable import Values

struct CasingTests {
  @Test(arguments: [
    ("", "", true), ("ada@example.com", "ada@example.com", true), ("Ada", "ada", false),
    ("ABCDEFGHIJKLMNOPQ", "abcdefghijklmnopq", false),
    ("[@`{AZaz]", "[@`{azaz]", false), ("ÄÖÜß", "äöüß", false), ("straße", "straße", true),
    ("İstanbul", "i\u{307}stanbul", false),
    ("ΟΔΟΣ", "οδος", false), ("ΟΔΟΣ ΣΟΦΙΑΣ.", "οδος σοφιας.", false), ("Σ", "σ", false), ("ΑΣ'Α", "ασ'α", false),
    ("МОСКВА", "москва", false), ("李明", "李明", true), ("👍A", "👍a", false), ("ǅ", "ǆ", false), ("Ⓐ𐐀", "ⓐ𐐨", false),
    ("E\u{301}", "e\u{301}", false),
  ])
  func lowerCase(text: String, expected: String, same: Bool) {
    let result = run(text) { Casing.lower($0, into: &$1) }
    #expect(Array(result.text.utf8) == Array(expected.utf8))
    #expect(result.isSame == same)
  }

  @Test(arguments: [
    ("", "", true), ("ADA 12", "ADA 12", true), ("ada", "ADA", false), ("straße", "STRASSE", false), ("ﬁn", "FIN", false),
    ("οδος", "ΟΔΟΣ", false), ("ŉ", "ʼN", false), ("ǆ", "Ǆ", false), ("\u{390}", "\u{399}\u{308}\u{301}", false),
    ("i", "I", false), ("ı", "I", false),
    ("привет мир", "ПРИВЕТ МИР", false), ("مرحبا", "مرحبا", true), ("ÿ", "Ÿ", false), ("µ", "Μ", false),
  ])
  func upperCase(text: String, expected: String, same: Bool) {
    let result = run(text) { Casing.upper($0, into: &$1) }
    #expect(Array(result.text.utf8) == Array(expected.utf8))
    #expect(result.isSame == same)
  }

  /// The standard library knows the same data but for the sigma at a word's end.
  @Test func everyScalarAgreesWithTheStandardLibrary() {
    var differing: [UInt32] = []
    for value in stride(from: UInt32(0x20), to: 0x1F800, by: 1) {
      guard let scalar = Unicode.Scalar(value), value != 0x3A3 else { continue }
      let text = String(Character(scalar))
      let lower = run(text) { Casing.lower($0, into: &$1) }
      let upper = run(text) { Casing.upper($0, into: &$1) }
      if !lower.text.utf8.elementsEqual(scalar.properties.lowercaseMapping.utf8)
        || !upper.text.utf8.elementsEqual(scalar.properties.uppercaseMapping.utf8)
      {
        differing.append(value)
      }
    }
    #expect(differing == [])
  }

  @Test(arguments: [
    ("", "", true), ("ada lovelace", "Ada Lovelace", false), ("ADA LOVELACE", "Ada Lovelace", false), ("Ada", "Ada", true),
    ("jean-luc picard", "Jean-Luc Picard", false), ("o'brien", "O'Brien", false), ("O’BRIEN", "O’Brien", false),
    ("d'angelo", "D'Angelo", false), ("DON'T", "Don't", false), ("I'LL", "I'll", false), ("anna's", "Anna's", false),
    ("MCDONALD", "Mcdonald", false), ("1ST AVENUE", "1st Avenue", false), ("j.r.r. tolkien", "J.R.R. Tolkien", false),
    ("élodie ÉTÉ", "Élodie Été", false), ("ǆ", "ǅ", false), ("ΟΔΟΣ ΣΟΦΙΑΣ", "Οδος Σοφιας", false), ("李 明", "李 明", true),
    ("e\u{301}lan", "E\u{301}lan", false), ("ßen", "Ssen", false),
  ])
  func titleCase(text: String, expected: String, same: Bool) {
    let result = run(text) { TitleCase.title($0, into: &$1) }
    #expect(Array(result.text.utf8) == Array(expected.utf8))
    #expect(result.isSame == same)
  }

  @Test(arguments: [
    ("YES", "yes", true), ("yes", "yes", true), ("yess", "yes", false), ("", "", true), ("JÁ", "já", true), ("ja", "já", false),
    ("ΟΔΟΣ", "οδος", true), ("Ye\u{17F}", "yes", false), ("ÄB", "äb", true), ("Ä", "äb", false),
  ])
  func matchingIgnoresCase(text: String, lowered: String, matches: Bool) {
    let wanted = Array(lowered.utf8)
    #expect(of(text) { Casing.matches($0, lowered: wanted.span) } == matches)
  }
}
