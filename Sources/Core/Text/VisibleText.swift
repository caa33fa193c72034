/// Text that contains other people's data, for a terminal or a log line: nothing in it can move the cursor, change colors,
/// break the line, change the direction of writing, or hide.
package enum VisibleText {
  /// This covers control characters of both ranges (an escape sequence may also begin with U+009B), line and paragraph
  /// separators, direction overrides, and zero-width characters.
  package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 }
    switch value {
    case 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
      0xE0000...0xE007F:
      return true
    default: return false
    }
  }

  /// Shows such characters as JSON or Swift escapes: `\n`, `\t`, `\u001b`. Everything else stays as it is, and so do the
  /// invisible joiners between the parts of an emoji.
  package static func escaped(_ text: String) -> String { escaped(text, keeping: []) }

  /// Like `escaped`, for text with several lines and columns: line feeds and tabs stay.
  package static func escapedLines(_ text: String) -> String { escaped(text, keeping: ["\n", "\t"]) }

  private static func escaped(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard text.unicodeScalars.contains(where: { isUnsafe($0) && !kept.contains($0) }) else { return text }
    var out = String.UnicodeScalarView()
    let scalars = text.unicodeScalars
    for index in scalars.indices {
      let scalar = scalars[index]
      if isUnsafe(scalar), !kept.contains(scalar), !joinsEmoji(index, in: scalars) {
        out.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }

  /// Whether this is the joiner (U+200D) between two emoji, which are shown as one.
  static func joinsEmoji(_ index: String.Index, in scalars: String.UnicodeScalarView) -> Bool {
    func isEmoji(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x80 && scalar.properties.isEmoji }
    guard scalars[index].value == 0x200D, index > scalars.startIndex else { return false }
    let next = scalars.index(after: index)
    guard next < scalars.endIndex, isEmoji(scalars[next]) else { return false }
    var before = scalars.index(before: index)
    // The presentation selector of the emoji before it.
    if scalars[before].value == 0xFE0F, before > scalars.startIndex { before = scalars.index(before: before) }
    return isEmoji(scalars[before])
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: return String(scalar).utf16.map { "\\u" + padded(String($0, radix: 16)) }.joined()
    }
  }

  private static func padded(_ digits: String) -> String { String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits }
}
