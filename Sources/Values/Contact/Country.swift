package import Core

/// ISO 3166-1 alpha-2 codes out of codes and names.
package enum Country {
  /// The alpha-2 code that `text` means: an alpha-2 or alpha-3 code in any case, an English name as the standard or people
  /// write it, without regard to marks, punctuation, word order and `the`. Nil: no country is known by it. The answer
  /// is constant memory.
  package static func alpha2(of text: Span<UInt8>) -> Text? {
    let range = Whitespace.trimmed(text)
    if range.count == 2 {
      let first = (text[range.lowerBound] | 0x20) &- UInt8(ascii: "a")
      let second = (text[range.lowerBound + 1] | 0x20) &- UInt8(ascii: "a")
      if first < 26, second < 26, let code = index.code(first, second) { return code }
    }
    guard let key = CountryKey(text) else { return nil }
    return index.find(key)
  }

  /// Every code, sorted.
  package static var allCodes: [String] { index.codes.map(\.string) }

  private static let index = CountryIndex()
}

/// The table of names, and codes by their letters.
private struct CountryIndex: Sendable {
  private let names = NameIndex(CountryTable.rows)
  /// By both letters: index into `codes`, -1 where there is no such country.
  private var byLetters = [Int16](repeating: -1, count: 26 * 26)

  var codes: [Text] { names.codes }

  init() {
    for (index, code) in names.codes.enumerated() {
      unsafe byLetters[Int(code.start[0] - UInt8(ascii: "A")) * 26 + Int(code.start[1] - UInt8(ascii: "A"))] = Int16(index)
    }
  }

  func code(_ first: UInt8, _ second: UInt8) -> Text? {
    let code = byLetters[Int(first) * 26 + Int(second)]
    return code < 0 ? nil : names.codes[Int(code)]
  }

  func find(_ key: CountryKey) -> Text? { names.find(key) }
}
