/// A field's name taken apart once, for being compared with many others.
struct NameWords: Sendable {
  let path: [String]
  /// Of all names of the path, and of its last name.
  let all: [String]
  let leaf: [String]
  /// The words in one: `firstname`.
  let joined: String
  let joinedLeaf: String
  let polarity: NamePolarity
  let sides: (left: UInt64, right: UInt64)

  init(_ path: [String]) {
    self.path = path
    let words = path.map(Self.words)
    all = words.flatMap(\.self)
    leaf = words.last ?? []
    joined = all.joined()
    joinedLeaf = leaf.joined()
    polarity = NamePolarity(all)
    sides = NameMatch.sides(of: all)
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

  /// Whether a capital letter begins a word: behind a small letter or a digit, or as the last of several before a small one.
  private static func beginsWord(_ characters: [Character], at index: Int) -> Bool {
    let before = characters[index - 1]
    if before.isLowercase || before.isNumber { return true }
    guard before.isUppercase, index + 1 < characters.count, characters[index + 1].isLowercase else { return false }
    // The plural of an abbreviation: IDs, URLs.
    let isPlural = characters[index + 1] == "s" && (index + 2 == characters.count || !characters[index + 2].isLowercase)
    return !isPlural
  }
}
