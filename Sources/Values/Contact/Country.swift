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
  package static var allCodes: [String] { index.codes.map { Text(start: $0, count: 2).string } }

  private static let index = CountryIndex()
}

/// The table of names as a hash table with open addressing; made once.
private struct CountryIndex: @unchecked Sendable {
  /// Where each code stands in the table's text.
  private(set) var codes: [UnsafePointer<UInt8>] = []
  /// By both letters: index into `codes`, -1 where there is no such country.
  private var byLetters = [Int16](repeating: -1, count: 26 * 26)
  private var keys: [UInt8] = []
  private var entries: [Entry]
  private static let size = 4096

  private struct Entry {
    var start: Int32 = 0
    /// 0: the place is free.
    var count: Int16 = 0
    var code: Int16 = 0
  }

  init() {
    entries = [Entry](repeating: Entry(), count: Self.size)
    let table = CountryTable.rows
    let rows = Text(start: table.utf8Start, count: table.utf8CodeUnitCount)
    var lines = TextPieces()
    while let line = lines.next(in: rows.span, on: [UInt8(ascii: "\n")].span) {
      let row = rows[line]
      var cells = TextPieces()
      var column = 0
      while let cell = cells.next(in: row.span, on: [UInt8(ascii: "|")].span) {
        if column == 0 {
          let letters = Int(row.start[0] - UInt8(ascii: "A")) * 26 + Int(row.start[1] - UInt8(ascii: "A"))
          if byLetters[letters] < 0 {
            byLetters[letters] = Int16(codes.count)
            codes.append(row.start)
          }
        } else if let key = CountryKey(row[cell].span) {
          insert(key, code: Int16(codes.count - 1))
        }
        column += 1
      }
    }
  }

  func code(_ first: UInt8, _ second: UInt8) -> Text? {
    let code = byLetters[Int(first) * 26 + Int(second)]
    return code < 0 ? nil : Text(start: codes[Int(code)], count: 2)
  }

  func find(_ key: CountryKey) -> Text? {
    var place = Self.hash(key)
    while entries[place].count > 0 {
      let entry = entries[place]
      let start = Int(entry.start)
      if key.equals(keys.span.extracting(start..<start + Int(entry.count))) {
        return Text(start: codes[Int(entry.code)], count: 2)
      }
      place = (place + 1) % Self.size
    }
    return nil
  }

  /// The first country to claim a name keeps it; the tests see to it that no second one does.
  private mutating func insert(_ key: CountryKey, code: Int16) {
    var place = Self.hash(key)
    while entries[place].count > 0 {
      let start = Int(entries[place].start)
      if key.equals(keys.span.extracting(start..<start + Int(entries[place].count))) { return }
      place = (place + 1) % Self.size
    }
    entries[place] = Entry(start: Int32(keys.count), count: Int16(key.count), code: code)
    for index in 0..<key.count { keys.append(key.bytes[index]) }
  }

  private static func hash(_ key: CountryKey) -> Int {
    Int(truncatingIfNeeded: Hash64.of(key.bytes.span.extracting(0..<key.count)) % UInt64(size))
  }
}
