/// How often each of many texts occurs, in bounded memory: exactly as long as there are few different ones, then in the largest
/// sample of records in which there are few.
///
/// The result does not depend on how the records are divided. Each entry counts its values by the rank of their records. When there
/// are too many entries, the next smaller sample is taken: counts of lower ranks no longer matter, and entries without any others
/// disappear. A part of the records has no more entries in a sample than all records together, so a part never needs a smaller
/// sample than the whole, and has every count that the whole needs.
struct SampledCounts: Sendable {
  /// Different texts, at most.
  private let capacity: Int
  /// Values that are counted, at most.
  private let mostCounted: Int
  /// The sample; 0: all records.
  private(set) var level = 0
  private var hashes: [UInt64] = []
  /// `RecordRank.levels` per entry.
  private var counts: [UInt32] = []
  private var texts: [ValueText] = []
  /// Values counted, by the ranks of their records.
  private var counted = [Int](repeating: 0, count: RecordRank.levels)
  /// The sum of those in the sample.
  private var total = 0
  /// Entries by their hashes, open addressing; -1: free.
  private var index: [Int32] = []

  init(capacity: Int, mostCounted: Int = .max) {
    self.capacity = capacity
    self.mostCounted = mostCounted
  }

  var isExact: Bool { level == 0 }
  /// Different texts in the sample.
  var entryCount: Int { hashes.count }
  /// Values in the sample.
  var observations: Int { total }
  /// Of all entries.
  var entryHashes: [UInt64] { hashes }

  /// Whether a value of a record with this rank is counted.
  @inline(__always)
  func takes(_ rank: Int) -> Bool { rank >= level }

  /// Counts one value of a record with this rank, if the sample has it. `text` is asked for only if the value is new.
  @inline(__always)
  mutating func add(_ hash: UInt64, rank: Int, text: () -> ValueText) {
    guard rank >= level else { return }
    counted[rank] += 1
    total += 1
    if let entry = find(hash) {
      counts[entry * RecordRank.levels + rank] &+= 1
    } else {
      insert(hash, text())
      counts[(hashes.count - 1) * RecordRank.levels + rank] = 1
    }
    if (hashes.count > capacity || total > mostCounted) && level < RecordRank.levels - 1 { shrink() }
  }

  func has(_ hash: UInt64) -> Bool { find(hash) != nil }

  mutating func merge(_ other: SampledCounts) {
    level = max(level, other.level)
    for rank in level..<RecordRank.levels { counted[rank] += other.counted[rank] }
    for (number, hash) in other.hashes.enumerated() {
      let counts = other.counts[number * RecordRank.levels + level..<(number + 1) * RecordRank.levels]
      guard counts.contains(where: { $0 > 0 }) else { continue }
      let entry = find(hash)
      if entry == nil { insert(hash, other.texts[number]) }
      let start = (entry ?? hashes.count - 1) * RecordRank.levels + level
      for (offset, count) in counts.enumerated() { self.counts[start + offset] &+= count }
    }
    level -= 1
    repeat { level += 1 } while retain()
  }

  /// The text and the count of each entry in the sample, most frequent first; equally frequent ones in the order of their texts.
  func ranked() -> [(text: ValueText, count: Int)] {
    var all = hashes.indices.map { entry in (entry, sum(entry)) }
    all.sort { left, right in
      if left.1 != right.1 { return left.1 > right.1 }
      let (one, other) = (texts[left.0], texts[right.0])
      return one == other ? hashes[left.0] < hashes[right.0] : one < other
    }
    return all.map { (texts[$0.0], $0.1) }
  }

  private func sum(_ entry: Int) -> Int {
    counts[entry * RecordRank.levels + level..<(entry + 1) * RecordRank.levels].reduce(0) { $0 + Int($1) }
  }

  private mutating func shrink() {
    repeat { level += 1 } while retain()
  }

  /// Keeps what the sample has. True: it is still too much.
  private mutating func retain() -> Bool {
    level = min(level, RecordRank.levels - 1)
    var kept = 0
    for entry in hashes.indices where sum(entry) > 0 {
      if kept != entry {
        hashes[kept] = hashes[entry]
        texts[kept] = texts[entry]
        for rank in 0..<RecordRank.levels {
          counts[kept * RecordRank.levels + rank] = counts[entry * RecordRank.levels + rank]
        }
      }
      kept += 1
    }
    hashes.removeLast(hashes.count - kept)
    texts.removeLast(texts.count - kept)
    counts.removeLast(counts.count - kept * RecordRank.levels)
    total = counted[level...].reduce(0, +)
    rebuild(Swift.max(16, index.count))
    return (kept > capacity || total > mostCounted) && level < RecordRank.levels - 1
  }

  // MARK: Table

  @inline(__always)
  private func find(_ hash: UInt64) -> Int? {
    guard !index.isEmpty else { return nil }
    let mask = index.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = index[place]
      if entry < 0 { return nil }
      if hashes[Int(entry)] == hash { return Int(entry) }
      place = (place + 1) & mask
    }
  }

  private mutating func insert(_ hash: UInt64, _ text: ValueText) {
    hashes.append(hash)
    texts.append(text)
    counts.append(contentsOf: repeatElement(0, count: RecordRank.levels))
    if hashes.count * 2 > index.count { rebuild(Swift.max(16, index.count * 2)) } else { place(hashes.count - 1) }
  }

  private mutating func rebuild(_ size: Int) {
    index = [Int32](repeating: -1, count: size)
    for entry in hashes.indices { place(entry) }
  }

  private mutating func place(_ entry: Int) {
    let mask = index.count - 1
    var place = Int(truncatingIfNeeded: hashes[entry]) & mask
    while index[place] >= 0 { place = (place + 1) & mask }
    index[place] = Int32(entry)
  }
}
