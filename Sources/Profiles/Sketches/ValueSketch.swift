/// The different values of a field: how many there are, and which occur most often.
///
/// As long as there are at most `exactLimit`, all are known. From then on their number is an estimate, and frequencies come from a
/// sample of the records.
struct ValueSketch: Sendable {
  static let exactLimit = 512

  /// All values, once there are more than `counts` can have.
  private var registers: RegisterSketch?
  private(set) var isExact = true
  private(set) var counts = SampledCounts(capacity: exactLimit)

  func release() {
    counts.release()
    registers?.release()
  }

  @inline(__always)
  mutating func add(_ hash: UInt64, rank: Int, text: () -> ValueText) {
    if !isExact {
      registers?.add(hash)
      guard counts.takes(rank) else { return }
    } else if counts.entryCount == Self.exactLimit, !counts.has(hash) {
      overflow(with: hash)
    }
    counts.add(hash, rank: rank, text: text)
  }

  @inline(never)
  private mutating func overflow(with hash: UInt64) {
    var all = RegisterSketch(hashes: counts.entryHashes)
    all.add(hash)
    registers = all
    isExact = false
  }

  mutating func merge(_ other: ValueSketch) {
    let known = counts.entryHashes + other.counts.entryHashes
    counts.merge(other.counts)
    guard !counts.isExact || !isExact || !other.isExact else { return }
    var all = registers ?? RegisterSketch()
    for hash in known { all.add(hash) }
    if let more = other.registers { all.merge(more) }
    registers = all
    isExact = false
  }

  var distinct: FieldSummary.Distinct {
    guard !isExact, let estimate = registers?.estimate else { return .init(estimate: counts.entryCount, errorPercent: 0) }
    return .init(estimate: max(Self.exactLimit + 1, estimate), errorPercent: RegisterSketch.errorPercent)
  }

  var sketch: FieldSummary.Sketch {
    guard !isExact, let registers = registers?.registers else { return .hashes(counts.entryHashes.sorted()) }
    return .registers(registers)
  }
}
