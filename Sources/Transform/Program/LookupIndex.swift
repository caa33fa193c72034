import Core
import Values

/// A lookup table for the hot path: key bytes to a row, open addressing, no `String` touched.
struct LookupIndex {
  private var buckets: [Int32]
  private let mask: Int
  private let keys: [Text]
  private let hashes: [UInt64]
  /// Row-major.
  private let values: [Cell]
  private let columnCount: Int

  init(_ table: LookupTable, pool: ConstantPool) {
    columnCount = max(1, table.columns.count)
    var keys: [Text] = []
    var hashes: [UInt64] = []
    var values: [Cell] = []
    var size = 16
    while size < table.keys.count * 2 { size *= 2 }
    var buckets = [Int32](repeating: -1, count: size)
    for name in table.keys {
      let key = pool.keep(name)
      let hash = Hash64.of(key.span)
      var bucket = Int(truncatingIfNeeded: hash) & (size - 1)
      while buckets[bucket] >= 0 { bucket = (bucket + 1) & (size - 1) }
      buckets[bucket] = Int32(keys.count)
      keys.append(key)
      hashes.append(hash)
      let row = table.entries[Name(name)] ?? []
      for column in 0..<columnCount {
        values.append(column < row.count ? pool.cell(of: row[column]) : .null)
      }
    }
    (self.buckets, self.mask, self.keys, self.hashes, self.values) = (buckets, size - 1, keys, hashes, values)
  }

  /// The row of `key`, in the order of the table.
  func find(_ key: Text) -> Int? {
    let hash = Hash64.of(key.span)
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while true {
      let row = Int(buckets[bucket])
      guard row >= 0 else { return nil }
      if hashes[row] == hash, keys[row].count == key.count, memoryEquals(keys[row], key) {
        return row
      }
      bucket = (bucket + 1) & mask
    }
  }

  var keyCount: Int { keys.count }
  /// Its keys as texts, for messages.
  var names: some Sequence<String> { keys.lazy.map(\.string) }

  func value(row: Int, column: Int) -> Cell { values[row * columnCount + column] }

  private func memoryEquals(_ left: Text, _ right: Text) -> Bool {
    for index in 0..<left.count where left.start[index] != right.start[index] { return false }
    return true
  }
}
