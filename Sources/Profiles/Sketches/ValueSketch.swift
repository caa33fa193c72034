/// The different values of a field: how many there are, and which occur most often.
///
/// As long as there are at most `exactLimit`, all are known. From then on their number is an estimate, and frequencies come from a
/// sample of the records.
struct ValueSketch: Sendable {
  static let exactLimit = 512

  private(set) var counts = SampledCounts(capacity: exactLimit)
  /// All values; nil as long as `counts` has them all.
  private(set) var registers: RegisterSketch?

  @inline(__always)
  mutating func add(_ hash: UInt64, rank: Int, text: () -> ValueText) {
    if registers != nil {
      registers!.add(hash)
    } else if counts.entryCount == Self.exactLimit, !counts.has(hash) {
      // One more than can be kept.
      registers = RegisterSketch(hashes: counts.entryHashes)
      registers!.add(hash)
    }
    counts.add(hash, rank: rank, text: text)
  }

  mutating func merge(_ other: ValueSketch) {
    let known = [registers, other.registers].compactMap(\.self)
    var all = RegisterSketch(hashes: counts.entryHashes + other.counts.entryHashes)
    counts.merge(other.counts)
    guard !counts.isExact || !known.isEmpty else { return }
    for sketch in known { all.merge(sketch) }
    registers = all
  }

  var distinct: FieldSummary.Distinct {
    guard let registers else { return .init(estimate: counts.entryCount, errorPercent: 0) }
    return .init(estimate: max(ValueSketch.exactLimit + 1, registers.estimate), errorPercent: RegisterSketch.errorPercent)
  }

  var sketch: FieldSummary.Sketch {
    registers.map { .registers($0.registers) } ?? .hashes(counts.entryHashes.sorted())
  }
}

extension RegisterSketch {
  init(hashes: some Sequence<UInt64>) {
    self.init()
    for hash in hashes { add(hash) }
  }
}
