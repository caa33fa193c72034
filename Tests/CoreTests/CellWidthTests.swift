import Testing

@testable import Core

@Suite("Cells of a terminal")
struct CellWidthTests {
  @Test(
    arguments: [
      ("", 0), ("plain", 5), ("Zoë", 3), ("Zoe\u{308}", 3), ("名前", 4), ("ｶﾅ", 2), ("ＡＢ", 4), ("한국", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2),
      ("ไทย", 3), ("ที่", 1), ("العربية", 7), ("שָׁלוֹם", 4), ("हिन्दी", 5), ("🎉", 2), ("👍🏽", 2), ("👨‍👩‍👧‍👦", 2), ("❤️", 2), ("❤", 1),
      ("🏳️‍🌈", 2), ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("1️⃣", 2), ("©", 1), ("✓", 1), ("…", 1), ("—", 1), ("ﬁ", 1), ("𝔘", 1), ("𠮷", 2),
      ("e\u{20DD}", 1), ("\u{301}", 0), ("\u{200B}", 0), ("\u{600}1", 2), ("□", 1), ("｡", 1), ("㍿", 2), ("½", 1),
    ] as [(String, Int)])
  func `a text takes the cells of its characters`(text: String, cells: Int) { #expect(CellWidth.of(text) == cells) }

  @Test func `wide characters are in order and do not overlap`() {
    for (one, next) in zip(CellWidth.wide, CellWidth.wide.dropFirst()) { #expect(one.upperBound < next.lowerBound) }
    for range in CellWidth.wide {
      for value in [range.lowerBound, range.upperBound] {
        guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .nonspacingMark else { continue }
        #expect(CellWidth.of(Character(scalar)) == 2, "U+\(String(value, radix: 16))")
      }
    }
  }
}
