/// Text that other people's data is part of, for a terminal or a line of a log: nothing in it moves the cursor, changes colors,
/// breaks the line, turns the direction of writing, or hides.
package enum VisibleText {
  /// Control characters of both ranges (an escape sequence may begin with U+009B as well), line and paragraph separators, what
  /// overrides the direction of text, and characters without width.
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

  /// Such characters as the escapes that JSON and Swift know: `\n`, `\t`, `\u001b`. Everything else stays as it is.
  package static func escaped(_ text: String) -> String { escaped(text, keeping: []) }

  /// As `escaped`, for text of several lines and columns: line feeds and tabs stay.
  package static func escapedLines(_ text: String) -> String { escaped(text, keeping: ["\n", "\t"]) }

  private static func escaped(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard text.unicodeScalars.contains(where: { isUnsafe($0) && !kept.contains($0) }) else { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar), !kept.contains(scalar) {
        out.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
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
