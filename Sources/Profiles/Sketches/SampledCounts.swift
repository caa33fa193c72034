/// How often each of many texts occurs, in bounded memory: exactly as long as there are few different ones, then in the largest
/// sample of records in which there are few.
///
/// The result does not depend on how the records are divided. Each entry counts its values by the rank of their records. When there
/// are too many entries, the next smaller sample is taken: counts of lower ranks no longer matter, and entries without any others
/// disappear. A part of the records has no more entries in a sample than all records together, so a part never needs a smaller
/// sample than the whole, and has every count that the whole needs.
struct SampledCounts: Sendable {
  /// The sample; 0: all records.
  private(set) var level = 0
  /// Different texts, at most.
  private let capacity: Int
  /// Values that are counted, at most.
  private let mostCounted: Int
  private(set) var entryCount = 0
  /// Of the entries.
  private var hashes = OwnedMemory<UInt64>(16, 0)
  /// `RecordRank.levels` per entry.
  private var counts = OwnedMemory<UInt32>(16 * RecordRank.levels, 0)
  private var texts: [ValueText] = []
  /// Values counted, by the ranks of their records.
  private let counted = OwnedMemory(RecordRank.levels, 0)
  /// The sum of those in the sample.
  private var total = 0
  /// Entries by their hashes, open addressing over a power of two; -1: free.
  private var index = OwnedMemory<Int32>(32, -1)

  init(capacity: Int, mostCounted: Int = .max) {
    self.capacity = capacity
    self.mostCounted = mostCounted
  }

  func release() {
    hashes.release()
    counts.release()
    counted.release()
    index.release()
  }

  var isExact: Bool { level == 0 }
  /// Values in the sample.
  var observations: Int { total }
  /// Of all entries.
  var entryHashes: [UInt64] { (0..<entryCount).map { hashes[$0] } }

  /// Whether a value of a record with this rank is counted.
  @inline(__always)
  func takes(_ rank: Int) -> Bool { rank >= level }

  /// Counts one value of a record with this rank, if the sample has it. `text` is asked for only if the value is new.
  @inline(__always)
  mutating func add(_ hash: UInt64, rank: Int, text: () -> ValueText) {
    guard rank >= level else { return }
    counted[rank] &+= 1
    total &+= 1
    let entry = find(hash)
    if entry >= 0 {
      counts[entry &* RecordRank.levels &+ rank] &+= 1
      guard total > mostCounted else { return }
    } else {
      insert(hash, text())
      counts[(entryCount - 1) * RecordRank.levels + rank] = 1
    }
    if (entryCount > capacity || total > mostCounted) && level < RecordRank.levels - 1 { shrink() }
  }

  func has(_ hash: UInt64) -> Bool { find(hash) >= 0 }

  mutating func merge(_ other: SampledCounts) {
    level = max(level, other.level)
    for rank in level..<RecordRank.levels { counted[rank] += other.counted[rank] }
    for number in 0..<other.entryCount where other.sum(number, from: level) > 0 {
      var entry = find(other.hashes[number])
      if entry < 0 {
        insert(other.hashes[number], other.texts[number])
        entry = entryCount - 1
      }
      for rank in level..<RecordRank.levels {
        counts[entry * RecordRank.levels + rank] &+= other.counts[number * RecordRank.levels + rank]
      }
    }
    level -= 1
    shrink()
  }

  /// The text and the count of each entry in the sample, most frequent first; equally frequent ones in the order of their texts.
  func ranked() -> [(text: ValueText, count: Int)] {
    var all: [(text: ValueText, count: Int, hash: UInt64)] = []
    for entry in 0..<entryCount { all.append((texts[entry], sum(entry, from: level), hashes[entry])) }
    all.sort { left, right in
      if left.count != right.count { return left.count > right.count }
      return left.text == right.text ? left.hash < right.hash : left.text < right.text
    }
    return all.map { ($0.text, $0.count) }
  }

  private func sum(_ entry: Int, from level: Int) -> Int {
    var sum = 0
    for rank in level..<RecordRank.levels { sum += Int(counts[entry * RecordRank.levels + rank]) }
    return sum
  }

  @inline(never)
  private mutating func shrink() {
    repeat { level += 1 } while retain()
  }

  /// Keeps what the sample has. True: it is still too much.
  private mutating func retain() -> Bool {
    var kept = 0
    for entry in 0..<entryCount where sum(entry, from: level) > 0 {
      if kept != entry {
        hashes[kept] = hashes[entry]
        texts[kept] = texts[entry]
        for rank in 0..<RecordRank.levels {
          counts[kept * RecordRank.levels + rank] = counts[entry * RecordRank.levels + rank]
        }
      }
      kept += 1
    }
    texts.removeLast(entryCount - kept)
    entryCount = kept
    total = 0
    for rank in level..<RecordRank.levels { total += counted[rank] }
    rebuild(index.count)
    return (kept > capacity || total > mostCounted) && level < RecordRank.levels - 1
  }

  // MARK: Table

  /// -1: there is no such entry.
  @inline(__always)
  private func find(_ hash: UInt64) -> Int {
    let mask = index.count &- 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = Int(index[place])
      if entry < 0 || hashes[entry] == hash { return entry }
      place = (place &+ 1) & mask
    }
  }

  @inline(never)
  private mutating func insert(_ hash: UInt64, _ text: ValueText) {
    if entryCount == hashes.count {
      hashes = hashes.grown(to: entryCount * 2, 0)
      counts = counts.grown(to: entryCount * 2 * RecordRank.levels, 0)
    }
    let entry = entryCount
    entryCount += 1
    hashes[entry] = hash
    texts.append(text)
    for rank in 0..<RecordRank.levels { counts[entry * RecordRank.levels + rank] = 0 }
    if entryCount * 2 > index.count { rebuild(index.count * 2) } else { place(entry) }
  }

  private mutating func rebuild(_ size: Int) {
    index.release()
    index = OwnedMemory(size, -1)
    for entry in 0..<entryCount { place(entry) }
  }

  private func place(_ entry: Int) {
    let mask = index.count - 1
    var place = Int(truncatingIfNeeded: hashes[entry]) & mask
    while index[place] >= 0 { place = (place + 1) & mask }
    index[place] = Int32(entry)
  }
}
