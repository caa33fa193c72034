import Core

/// A table of codes and the names that each is known by, as a hash table with open addressing; made once. Names are
/// compared by their `CountryKey`s.
///
/// One row per line: the code, then its names, parted by `|`. A row may go on with the code of the one before.
struct NameIndex: @unchecked Sendable {
  /// Where each code stands in the table's text.
  private(set) var codes: [Text] = []
  private var keys: [UInt8] = []
  private var entries: [Entry]
  private static let size = 4096

  private struct Entry {
    var start: Int32 = 0
    /// 0: the place is free.
    var count: Int16 = 0
    var code: Int16 = 0
  }

  init(_ table: StaticString) {
    entries = [Entry](repeating: Entry(), count: Self.size)
    let rows = unsafe Text(start: table.utf8Start, count: table.utf8CodeUnitCount)
    var lines = TextPieces()
    while let line = lines.next(in: rows.span, on: [UInt8(ascii: "\n")].span) {
      let row = rows[line]
      var cells = TextPieces()
      var isCode = true
      while let cell = cells.next(in: row.span, on: [UInt8(ascii: "|")].span) {
        if isCode {
          if codes.last?.string != row[cell].string { codes.append(row[cell]) }
          isCode = false
        } else if let key = CountryKey(row[cell].span) {
          insert(key, code: Int16(codes.count - 1))
        }
      }
    }
  }

  func find(_ key: CountryKey) -> Text? {
    var place = Self.hash(key)
    while entries[place].count > 0 {
      let entry = entries[place]
      let start = Int(entry.start)
      if key.equals(keys.span.extracting(start..<start + Int(entry.count))) { return codes[Int(entry.code)] }
      place = (place + 1) % Self.size
    }
    return nil
  }

  /// The first code to claim a name keeps it; the tests see to it that no second one does.
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
