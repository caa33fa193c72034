/// Words of a command line, as a shell takes them.
enum ShellText {
  static func words(_ words: [String]) -> String { words.map(word).joined(separator: " ") }

  /// In quotes where a shell would see more in it than the word.
  static func word(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`&|;<>()*?[]#~!{}".utf8.contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
