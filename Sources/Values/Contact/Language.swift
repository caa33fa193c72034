package import Core

/// ISO 639 language codes out of codes, BCP 47 tags and names.
package enum Language {
  /// The longest code.
  package static let longestCode = 3

  /// The code of the language that `text` means, in lower case: two letters where ISO 639-1 has them, else the three of
  /// ISO 639-3. The text is such a code, a three-letter code of a language with two letters (`ger`, `deu`), a language tag whose
  /// script, region and variants are left out (`en-US`, `zh_Hant_TW`), or an English name or the language's own. Withdrawn
  /// codes give those that replaced them (`iw`: `he`). Nil: no language is known by it. The answer is constant memory.
  package static func code(of text: Span<UInt8>) -> Text? {
    let range = Whitespace.trimmed(text)
    let word = text.extracting(range)
    if let primary = primarySubtag(of: word), let key = CountryKey(word.extracting(0..<primary)) {
      if let code = codes.find(key) { return code }
      // A tag is nothing else; two or three letters alone may yet be a name.
      if primary < word.count { return nil }
    }
    return CountryKey(word).flatMap { names.find($0) }
  }

  /// Every code, sorted.
  package static var allCodes: [String] { codes.codes.map(\.string) }

  /// The length of the first subtag, where the text has the form of a tag (RFC 5646, section 2.1): two or three letters,
  /// then parts of one to eight letters and digits.
  private static func primarySubtag(of text: Span<UInt8>) -> Int? {
    var length = 0
    while length < text.count, isLetter(text[length]) { length += 1 }
    guard length == 2 || length == 3 else { return nil }
    var index = length
    while index < text.count {
      guard text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "_") else { return nil }
      var width = 0
      index += 1
      while index < text.count, isLetter(text[index]) || text[index] &- UInt8(ascii: "0") < 10 {
        index += 1
        width += 1
      }
      guard width >= 1, width <= 8 else { return nil }
    }
    return length
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  private static let codes = NameIndex(LanguageTable.codes)
  private static let names = NameIndex(LanguageTable.names)
}
