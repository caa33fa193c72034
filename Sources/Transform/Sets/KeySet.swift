package import Core

/// An exact set of keys in bounded memory, each with what its first owner left (64 bits: a line number, a place in a file).
///
/// Keys are `KeyDigest`s. They lie in one table in memory; when that is full, its content goes to the disk as a sorted run with
/// a filter in memory, and runs of one size are merged eight at a time. So a lookup costs a probe of the table, a probe of
/// each filter, and for most present keys one read of a page.
///
///     let keys = KeySet(folder: folder)
///     if let first = try keys.insert(digest, value: line) { … }      // was there, put in by `first`
///
/// Memory: the limit, and 1.25 bytes for each key on the disk (never more than the limit again). One task inserts; any number of tasks
/// look up while nobody inserts.
package final class KeySet: @unchecked Sendable {
  /// How many runs of one size become one.
  static let fanIn = 8
  package static let standardLimit = 64 << 20

  private let folder: String
  private let limit: Int
  private let largest: Int
  private var table: UnsafeMutableBufferPointer<KeyEntry>
  /// Of `table`, without the room behind them that takes what would wrap around.
  private var slots: Int
  private var used = 0
  private var runs: [KeyRun] = []

  private static let stride = MemoryLayout<KeyEntry>.stride
  private static let smallest = 64
  private static let overflow = 256

  /// `limit`: bytes in memory, for the table. `folder`: where the rest goes.
  package init(limit: Int = KeySet.standardLimit, folder: String) {
    self.folder = folder
    self.limit = max(limit, 1024)
    var slots = Self.smallest
    while slots * 2 * Self.stride <= self.limit { slots *= 2 }
    largest = slots
    self.slots = min(Self.smallest, largest)
    table = Self.allocate(self.slots)
  }

  deinit { table.deallocate() }

  package var count: Int { used + runs.reduce(0) { $0 + $1.count } }
  /// Whether something is on the disk.
  package var hasSpilled: Bool { !runs.isEmpty }

  private static func allocate(_ slots: Int) -> UnsafeMutableBufferPointer<KeyEntry> {
    let table = UnsafeMutableBufferPointer<KeyEntry>.allocate(capacity: slots + overflow)
    table.initialize(repeating: KeyEntry(key: .none, value: 0))
    return table
  }

  /// Nil: the key was absent and has been inserted. Otherwise the value that it was inserted with.
  ///
  /// - Throws: `OperationFailure`.
  package func insert(_ key: KeyDigest, value: UInt64 = 0) throws(OperationFailure) -> UInt64? {
    if let found = try self.value(of: key) { return found }
    var place = slot(of: key)
    while place < table.count, !table[place].key.isNone { place += 1 }
    // A run of neighbors that reaches the end of the table counts as full.
    if place == table.count || used * 5 >= slots * 4 {
      try makeRoom()
      return try insert(key, value: value)
    }
    table[place] = KeyEntry(key: key, value: value)
    used += 1
    return nil
  }

  /// The value that was inserted with the key; nil if it is absent.
  ///
  /// - Throws: `OperationFailure`.
  package func value(of key: KeyDigest) throws(OperationFailure) -> UInt64? {
    var place = slot(of: key)
    while place < table.count, !table[place].key.isNone {
      if table[place].key == key { return table[place].value }
      place += 1
    }
    for run in runs { if let found = try run.value(of: key) { return found } }
    return nil
  }

  /// By the upper bits, so that the table is almost in the order of the keys.
  @inline(__always)
  private func slot(of key: KeyDigest) -> Int { Int(key.high.multipliedFullWidth(by: UInt64(slots)).high) }

  private func makeRoom() throws(OperationFailure) {
    guard slots < largest else { return try spill() }
    let old = table
    // In few steps, so that the old table and the new one together stay within the limit.
    slots = min(slots * 8, largest)
    table = Self.allocate(slots)
    for entry in old where !entry.key.isNone {
      var place = slot(of: entry.key)
      while place < table.count, !table[place].key.isNone { place += 1 }
      guard place < table.count else {
        // Not with keys as they are made: the old table stays, and goes to the disk.
        table.deallocate()
        (table, slots) = (old, old.count - Self.overflow)
        return try spill()
      }
      table[place] = entry
    }
    old.deallocate()
  }

  /// Puts the table's content on the disk, sorted in place: each entry is only a few places away from its own.
  private func spill() throws(OperationFailure) {
    var end = 0
    for index in table.indices where !table[index].key.isNone {
      let entry = table[index]
      var place = end
      while place > 0, entry.key < table[place - 1].key {
        table[place] = table[place - 1]
        place -= 1
      }
      table[place] = entry
      end += 1
    }
    var writer = try KeyRun.Writer(folder: folder, expected: end, filterLimit: limit)
    for index in 0..<end { try writer.append(table[index]) }
    runs.append(try writer.finish(level: 0))
    table.update(repeating: KeyEntry(key: .none, value: 0))
    used = 0
    try mergeRuns()
  }

  private func mergeRuns() throws(OperationFailure) {
    while let level = runs.last?.level, runs.count(where: { $0.level == level }) >= Self.fanIn {
      let merged = runs.filter { $0.level == level }
      let total = merged.reduce(0) { $0 + $1.count }
      var writer = try KeyRun.Writer(folder: folder, expected: total, filterLimit: limit)
      var readers = merged.map { KeyRun.Reader($0) }
      var heads: [KeyEntry?] = []
      for index in readers.indices { heads.append(try readers[index].read()) }
      // Eight heads: looking at each is as good as a heap. No key is in two runs.
      while true {
        var first = -1
        for index in heads.indices {
          guard let head = heads[index] else { continue }
          if first < 0 || head < heads[first] ?? head { first = index }
        }
        guard first >= 0, let head = heads[first] else { break }
        try writer.append(head)
        heads[first] = try readers[first].read()
      }
      runs.removeAll { $0.level == level }
      runs.append(try writer.finish(level: level + 1))
    }
  }
}
