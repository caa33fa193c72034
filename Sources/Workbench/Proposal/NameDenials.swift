/// The words of a name, without prefixes that may deny. No list contains all opposites, but two words that differ only by
/// such a prefix are more often opposites than two spellings of the same word.
struct NameDenials: Sendable {
  private let forms: Set<String>
  private let stripped: [(word: String, rest: String)]

  init(_ words: [String]) {
    forms = Set(words + words.map(Self.stem))
    stripped = forms.flatMap { word in
      let behind = Self.prefixes.filter { word.hasPrefix($0) }.map { (word, String(word.dropFirst($0.count))) }
      let before = word.hasSuffix("less") ? [(word, String(word.dropLast(4)))] : []
      return (behind + before).filter { $0.1.count >= 3 }
    }
  }

  /// Whether one has a word that the other has only with such a prefix.
  func oppose(_ other: NameDenials) -> Bool { denies(other) || other.denies(self) }

  private func denies(_ other: NameDenials) -> Bool {
    stripped.contains { other.forms.contains($0.rest) && !other.forms.contains($0.word) && !forms.contains($0.rest) }
  }

  /// Whether the longer is the shorter with such a prefix inserted somewhere: `emailunfriendly`, `emailfriendly`.
  static func isInserted(_ one: String, _ other: String) -> Bool {
    let (short, long) =
      one.utf8.count < other.utf8.count ? (Array(one.utf8), Array(other.utf8)) : (Array(other.utf8), Array(one.utf8))
    let added = long.count - short.count
    guard (1...5).contains(added), short.count >= 3 else { return false }
    let same = zip(short, long).prefix { $0 == $1 }.count
    // If the prefix ends as it begins, it can be inserted at several positions.
    for start in 0...min(same, short.count - 3) where short[start...] == long[(start + added)...] {
      let prefix = String(decoding: long[start..<(start + added)], as: UTF8.self)
      if prefixes.contains(prefix), added > 1 || start == 0 { return true }
    }
    return false
  }

  /// The word without its inflection: `opted` and `opting` as `opt`, `subscribe` and `subscribed` as `subscrib`.
  static func stem(_ word: String) -> String {
    for ending in ["ing", "ed", "es", "s", "e"] where word.hasSuffix(ending) && word.count >= ending.count + 3 {
      return String(word.dropLast(ending.count))
    }
    return word
  }

  private static let prefixes = [
    "un", "in", "il", "im", "ir", "dis", "non", "de", "anti", "mis", "a", "no", "not", "ex", "nicht", "des", "dés", "mal",
  ]
}
