/// A field's name, taken apart once to be compared with many others.
struct NameWords: Sendable {
  let path: [String]
  /// The words of all names in the path, and of its last name.
  let all: [String]
  let leaf: [String]
  /// The words run together: `firstname`.
  let joined: String
  let joinedLeaf: String
  /// For the whole path, its last name, and the names before that.
  let polarity: NamePolarity
  let leafPolarity: NamePolarity
  let spacePolarity: NamePolarity
  /// What the words mean: their stems, without `is` and similar words.
  let meaningful: Set<String>
  let denials: NameDenials
  let sides: (left: UInt64, right: UInt64)

  init(_ path: [String]) {
    self.path = path
    let words = path.map(Self.words)
    all = words.flatMap(\.self)
    leaf = words.last ?? []
    joined = all.joined()
    joinedLeaf = leaf.joined()
    polarity = NamePolarity(all)
    leafPolarity = path.count == 1 ? polarity : NamePolarity(leaf)
    spacePolarity = NamePolarity(Array(words.dropLast().joined()))
    meaningful = Set(all.map(NameDenials.stem)).subtracting(Self.fillers)
    denials = NameDenials(all)
    sides = NameMatch.sides(of: all)
  }

  private static let fillers: Set<String> = ["is", "has", "are", "was", "were", "have", "be", "been", "the", "of", "flag"]

  enum Agreement { case same, opposite, doubtful }

  /// Whether the two say the same about what they name. A denial in front of a name may be the same one as in the name, or
  /// invert it (`suppression.unsubscribed`): only a person knows.
  func agreement(with other: NameWords) -> Agreement {
    if deniesTwice || other.deniesTwice { return .doubtful }
    // What is doubtful in equal words is equally doubtful in both.
    if all == other.all { return .same }
    if polarity.isDoubtful || other.polarity.isDoubtful { return .doubtful }
    let isLeafSame = leafPolarity.isNegative == other.leafPolarity.isNegative
    let isPathSame = polarity.isNegative == other.polarity.isNegative
    guard isLeafSame == isPathSame else { return .doubtful }
    return isPathSame ? .same : .opposite
  }

  private var deniesTwice: Bool { spacePolarity.isNegative && leafPolarity.isNegative }

  /// Whether the names differ by a denying prefix on any word: `insecure` and `secure`.
  func differsByDenial(from other: NameWords) -> Bool {
    denials.oppose(other.denials) || NameDenials.isInserted(joinedLeaf, other.joinedLeaf)
      || NameDenials.isInserted(joined, other.joined)
  }

  /// `firstName`, `first_name`, `First Name` -> first, name; `DNDEmail` -> dnd, email.
  static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      guard character.isLetter || character.isNumber else {
        // An apostrophe joins: don't.
        if "'’".contains(character), !word.isEmpty, index + 1 < characters.count, characters[index + 1].isLetter { continue }
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      if character.isUppercase, !word.isEmpty, beginsWord(characters, at: index) {
        words.append(word)
        word = ""
      }
      word += character.lowercased()
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Whether a capital letter begins a word: after a lower-case letter or a digit, or as the last of several before a
  /// lower-case one.
  private static func beginsWord(_ characters: [Character], at index: Int) -> Bool {
    let before = characters[index - 1]
    if before.isLowercase || before.isNumber { return true }
    guard before.isUppercase, index + 1 < characters.count, characters[index + 1].isLowercase else { return false }
    // The plural of an abbreviation: IDs, URLs.
    let isPlural = characters[index + 1] == "s" && (index + 2 == characters.count || !characters[index + 2].isLowercase)
    return !isPlural
  }
}
