/// A country's (or a language's) name reduced to what tells names apart: lower-case words without marks and punctuation, sorted.
///
/// `Korea (Republic of)` and `THE REPUBLIC OF KOREA` both give `korea republic`; `St. Lucia` gives `lucia st`. Words are
/// dropped only where there are several. Held in place, so that a look-up allocates nothing.
struct CountryKey {
  static let capacity = 96
  static let wordLimit = 14

  private(set) var bytes = InlineArray<96, UInt8>(repeating: 0)
  private(set) var count = 0

  /// Nil: longer than any name, or nothing is left of it.
  init?(_ text: Span<UInt8>) {
    var letters = InlineArray<96, UInt8>(repeating: 0)
    var ends = InlineArray<14, Int>(repeating: 0)
    var words = 0
    var used = 0
    var wordStart = 0
    var index = 0
    while index <= text.count {
      var isEnd = index == text.count
      var length = 1
      if !isEnd {
        let (value, width) = UTF8Scalar.read(text, at: index)
        length = width
        switch Self.kind(of: value) {
        case .letter(let letter):
          guard used < Self.capacity else { return nil }
          letters[used] = letter
          used += 1
        case .other:
          // Another script's letter stands for itself, so that it is never dropped.
          guard used + width <= Self.capacity else { return nil }
          let lowered = Self.lowered(value, width: width)
          for offset in 0..<width {
            // The lower case has as many bytes, or is not used.
            letters[used + offset] = lowered.map { Self.byte(offset, of: $0, width: width) } ?? text[index + offset]
          }
          used += width
        case .ignored: break
        case .separator: isEnd = true
        }
      }
      if isEnd, used > wordStart {
        if Self.isWord("saint", letters, wordStart..<used) {
          letters[wordStart + 1] = UInt8(ascii: "t")
          used = wordStart + 2
        }
        guard words < Self.wordLimit else { return nil }
        ends[words] = used
        words += 1
        wordStart = used
      }
      index += length
    }
    guard words > 0 else { return nil }

    var order = InlineArray<14, Int>(repeating: 0)
    var kept = 0
    for word in 0..<words {
      let range = Self.range(word, ends)
      if words > 1, Self.isFiller(letters, range) { continue }
      var place = kept
      while place > 0, Self.precedes(letters, range, Self.range(order[place - 1], ends)) {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = word
      kept += 1
    }
    guard kept > 0 else { return nil }
    for place in 0..<kept {
      let range = Self.range(order[place], ends)
      guard count + range.count + 1 <= Self.capacity else { return nil }
      if place > 0 { append(UInt8(ascii: " ")) }
      for position in range { append(letters[position]) }
    }
  }

  func equals(_ other: Span<UInt8>) -> Bool {
    guard other.count == count else { return false }
    for index in 0..<count where unsafe other[unchecked: index] != bytes[index] { return false }
    return true
  }

  private mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  /// The lower case of another script's letter, where it is one scalar of the same width in UTF-8.
  private static func lowered(_ value: UInt32, width: Int) -> UInt32? {
    let mapped = Unicode.Scalar(read: value).properties.lowercaseMapping.unicodeScalars
    guard let single = mapped.first, mapped.count == 1, single.value != value else { return nil }
    return UTF8.width(single) == width ? single.value : nil
  }

  private static func byte(_ offset: Int, of value: UInt32, width: Int) -> UInt8 {
    let bits = UInt8(truncatingIfNeeded: value >> UInt32(6 * (width - 1 - offset)))
    if offset > 0 { return 0x80 | bits & 0x3F }
    return width == 2 ? 0xC0 | bits & 0x1F : width == 3 ? 0xE0 | bits & 0x0F : 0xF0 | bits & 0x07
  }

  private enum Kind {
    case letter(UInt8)
    case other, ignored, separator
  }

  private static func kind(of value: UInt32) -> Kind {
    switch value {
    case 0x61...0x7A, 0x30...0x39: return .letter(UInt8(value))
    case 0x41...0x5A: return .letter(UInt8(value) | 0x20)
    // Inside a word: full stops, and whatever is used as an apostrophe.
    case 0x2E, 0x27, 0x22, 0x60, 0xB4, 0x2018, 0x2019, 0x02BC, 0x0300...0x036F, 0x200B...0x200D, 0xFEFF: return .ignored
    case 0..<0x80: return .separator
    case 0xC0..<0x180:
      let letter = unsafe baseLetters.utf8Start[Int(value - 0xC0)]
      return letter == UInt8(ascii: "-") ? .separator : .letter(letter)
    case 0x0219, 0x0218: return .letter(UInt8(ascii: "s"))
    case 0x021B, 0x021A: return .letter(UInt8(ascii: "t"))
    case 0x2010...0x2015, 0xFF0C: return .separator
    default: return Whitespace.isWhite(value) ? .separator : .other
    }
  }

  /// The letters under the marks of U+00C0 to U+017F.
  private static let baseLetters: StaticString = """
    aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn\
    oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs
    """

  private static func range(_ word: Int, _ ends: InlineArray<14, Int>) -> Range<Int> {
    (word == 0 ? 0 : ends[word - 1])..<ends[word]
  }

  private static func isFiller(_ letters: InlineArray<96, UInt8>, _ range: Range<Int>) -> Bool {
    isWord("the", letters, range) || isWord("of", letters, range) || isWord("and", letters, range)
  }

  private static func isWord(_ word: StaticString, _ letters: InlineArray<96, UInt8>, _ range: Range<Int>) -> Bool {
    guard word.utf8CodeUnitCount == range.count else { return false }
    for offset in 0..<range.count where unsafe letters[range.lowerBound + offset] != word.utf8Start[offset] { return false }
    return true
  }

  private static func precedes(_ letters: InlineArray<96, UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
    for offset in 0..<min(left.count, right.count) {
      let one = letters[left.lowerBound + offset]
      let other = letters[right.lowerBound + offset]
      if one != other { return one < other }
    }
    return left.count < right.count
  }
}
