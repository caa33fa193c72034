package import Core

/// `title`: the first letter of each word in title case, the others lower.
///
/// A word is a run of letters, marks and digits; anything else ends it, so `jean-luc` becomes `Jean-Luc` and `1ST`
/// becomes `1st`. An apostrophe stays inside its word (`DON'T`: `Don't`), but begins a new one where a single letter
/// stands before it and three or more follow (`o'brien`: `O'Brien`, `d'angelo`: `D'Angelo`, but `I'll`). Names with
/// capitals of their own are not guessed: `MCDONALD` becomes `Mcdonald`.
package enum TitleCase {
  /// Appends the result; false: that is `text` itself, and nothing was appended.
  package static func title(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    let mark = arena.pendingCount
    var index = 0
    var lettersInWord = 0
    var isInWord = false
    while index < text.count {
      let (value, length) = UTF8Scalar.read(text, at: index)
      switch kind(of: value) {
      case .letter where isInWord:
        if value < 0x80 {
          let byte = UInt8(truncatingIfNeeded: value)
          arena.append(byte &- UInt8(ascii: "A") < 26 ? byte ^ 0x20 : byte)
        } else {
          _ = CaseMapping.appendLower(value, at: index, length: length, in: text, into: &arena)
        }
        lettersInWord += 1
      case .letter:
        CaseMapping.appendTitle(value, into: &arena)
        isInWord = true
        lettersInWord = 1
      case .digit:
        arena.append(text.extracting(index..<index + length))
        isInWord = true
        lettersInWord += 1
      case .mark:
        arena.append(text.extracting(index..<index + length))
      case .apostrophe:
        arena.append(text.extracting(index..<index + length))
        if isInWord, lettersInWord == 1, letters(in: text, from: index + length, atMost: 3) == 3 { isInWord = false }
        if !isInWord { lettersInWord = 0 }
      case .other:
        arena.append(text.extracting(index..<index + length))
        isInWord = false
        lettersInWord = 0
      }
      index += length
    }
    if arena.pendingEquals(text, from: mark) {
      arena.removeLast(arena.pendingCount - mark)
      return false
    }
    return true
  }

  private enum Kind { case letter, digit, mark, apostrophe, other }

  private static func kind(of value: UInt32) -> Kind {
    if value < 0x80 {
      let byte = UInt8(truncatingIfNeeded: value)
      if (byte | 0x20) &- UInt8(ascii: "a") < 26 { return .letter }
      if byte &- UInt8(ascii: "0") < 10 { return .digit }
      return byte == UInt8(ascii: "'") ? .apostrophe : .other
    }
    if value == 0x2019 || value == 0x02BC { return .apostrophe }
    return switch Unicode.Scalar(read: value).properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
    case .decimalNumber, .letterNumber, .otherNumber: .digit
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: .mark
    default: .other
    }
  }

  /// Letters from `index` on, without a break.
  private static func letters(in text: Span<UInt8>, from index: Int, atMost limit: Int) -> Int {
    var found = 0
    var index = index
    while index < text.count, found < limit {
      let (value, length) = UTF8Scalar.read(text, at: index)
      switch kind(of: value) {
      case .letter: found += 1
      case .mark: break
      default: return found
      }
      index += length
    }
    return found
  }
}
