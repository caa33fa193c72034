import Core

/// Words of a command line, quoted for a shell.
enum ShellText {
  static func words(_ words: [String]) -> String { words.map(word).joined(separator: " ") }

  /// In quotes if a shell would interpret it.
  static func word(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`&|;<>()*?[]#~!{}".utf8.contains($0) }
    if isPlain { return word }
    guard VisibleText.escaped(word).isExactly(word) else { return escaped(word) }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// In `$'…'` quotes, in which bash and zsh read escapes: for characters that a terminal would not show.
  private static func escaped(_ word: String) -> String {
    let text = word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "\n"): "\\n"
      case UInt8(ascii: "\t"): "\\t"
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return "$'" + text.joined() + "'"
  }
}
