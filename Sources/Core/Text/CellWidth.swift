/// How many terminal cells a text takes, for texts that `VisibleText` has made safe.
///
/// A character as people see it (a grapheme cluster) is measured as a whole: an emoji takes two cells however many parts it is
/// made of; of everything else, the widths of the parts are added, and marks above, below and around a letter have none.
package enum CellWidth {
  package static func of(_ text: some StringProtocol) -> Int {
    let bytes = text.utf8
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
    return text.reduce(0) { $0 + of($1) }
  }

  package static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    let rest = scalars.dropFirst()
    if rest.isEmpty { return of(first) }
    if first.properties.isEmoji, rest.contains(where: joinsEmoji) { return 2 }
    return scalars.reduce(0) { $0 + of($1) }
  }

  /// The emoji presentation selector, the joiner of emoji, a skin color, or the second letter of a flag.
  private static func joinsEmoji(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xFE0F, 0x200D, 0x1F3FB...0x1F3FF, 0x1F1E6...0x1F1FF: true
    default: false
    }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x300: return 1
    // Signs that precede and enclose Arabic, Syriac and Kaithi numbers are formats in Unicode, but they are visible.
    case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: return 1
    // Vowels and final consonants of Korean syllables that are written letter by letter.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .format, .nonspacingMark, .enclosingMark: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    var (low, high) = (0, wide.count)
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(value)
  }
}
