/// Lengths of text in characters as JSON Schema counts them: Unicode code points.
package enum CharacterCount {
  /// Code points in `text`.
  package static func of(_ text: Span<UInt8>) -> Int {
    var index = 0
    var continuations = 0
    let count = text.count
    while index + 8 <= count {
      let word = ByteWord.load(text, at: index)
      // A continuation byte has its high bit set and the next one clear.
      continuations &+= (word & ~(word << 1) & ByteWord.highs).nonzeroBitCount
      index += 8
    }
    while index < count {
      if unsafe text[unchecked: index] & 0xC0 == 0x80 { continuations &+= 1 }
      index += 1
    }
    return count - continuations
  }

  /// Whether `text` has more than `limit` code points; most texts are decided by their size in bytes.
  package static func exceeds(_ limit: Int, _ text: Span<UInt8>) -> Bool {
    if text.count <= limit { return false }
    // A code point has at most four bytes.
    if text.count > 4 * limit && limit <= Int.max / 4 { return true }
    return of(text) > limit
  }

  /// Bytes of the longest beginning that has at most `limit` code points and does not end inside what readers see as
  /// one character: a letter keeps its marks, an emoji its modifiers and joined parts, a flag both its halves. Where
  /// the first character alone is longer than `limit`, it is cut between code points after all.
  package static func prefix(of text: Span<UInt8>, limit: Int) -> Int {
    let count = text.count
    if count <= limit { return count }
    guard limit > 0 else { return 0 }
    var index = 0
    var scalars = 0
    while index < count {
      if unsafe text[unchecked: index] & 0xC0 != 0x80 {
        if scalars == limit { break }
        scalars += 1
      }
      index += 1
    }
    if index == count { return count }
    let cut = index
    while index > 0, isInsideCharacter(text, at: index) { index = UTF8Scalar.start(before: index, in: text) }
    return index == 0 ? cut : index
  }

  /// Bytes of the code points from `from` up to but not including `to` (nil: to the end). Negative positions count from
  /// the end, those beyond either end are held there. Both cuts are made as `prefix(of:limit:)` makes its one, so that
  /// adjacent slices always add up to the text.
  package static func slice(of text: Span<UInt8>, from: Int, to: Int?) -> Range<Int> {
    var (first, last) = (from, to)
    if from < 0 || (to ?? 0) < 0 {
      let count = of(text)
      if from < 0 { first = from < -count ? 0 : count + from }
      if let to, to < 0 { last = to < -count ? 0 : count + to }
    }
    let start = prefix(of: text, limit: first)
    let end = last.map { prefix(of: text, limit: $0) } ?? text.count
    return start..<max(start, end)
  }

  /// Whether the scalar at `index` continues the character before it. An approximation of Unicode's extended
  /// grapheme clusters that needs no state but the run of regional indicators.
  private static func isInsideCharacter(_ text: Span<UInt8>, at index: Int) -> Bool {
    let next = UTF8Scalar.read(text, at: index).value
    let before = UTF8Scalar.read(text, at: UTF8Scalar.start(before: index, in: text)).value
    if next < 0x80 { return next == 0x0A && before == 0x0D || before == 0x200D }
    if next == 0x200D || before == 0x200D { return true }
    let properties = Unicode.Scalar(read: next).properties
    if properties.isGraphemeExtend || properties.isEmojiModifier || properties.generalCategory == .spacingMark { return true }
    // Conjoining Hangul: a vowel or a final consonant never begins a syllable.
    if (0x1160...0x11FF).contains(next) { return (0x1100...0x11FF).contains(before) || (0xAC00...0xD7A3).contains(before) }
    guard isRegionalIndicator(next) else { return false }
    var indicators = 0
    var position = index
    while position > 0 {
      position = UTF8Scalar.start(before: position, in: text)
      guard isRegionalIndicator(UTF8Scalar.read(text, at: position).value) else { break }
      indicators += 1
    }
    return indicators % 2 == 1
  }

  private static func isRegionalIndicator(_ value: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(value) }
}
