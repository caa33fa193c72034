/// Rules out most absent keys of a run without reading the disk. With ten bits per key, one absent key in a hundred is a
/// false positive; present keys are never ruled out.
struct BloomFilter {
  private var words: [UInt64]
  private let bits: UInt64

  private static let probes: UInt64 = 7
  private static let bitsPerKey = 10

  /// At most `limit` bytes, with which a large set's filter gets weaker.
  init(count: Int, limit: Int) {
    let wanted = max(1, min(count * Self.bitsPerKey / 64 + 1, limit / 8))
    words = [UInt64](repeating: 0, count: wanted)
    bits = UInt64(wanted) * 64
  }

  mutating func insert(_ key: KeyDigest) {
    for probe in 0..<Self.probes {
      let bit = position(key, probe)
      words[Int(bit >> 6)] |= 1 << (bit & 63)
    }
  }

  func mayContain(_ key: KeyDigest) -> Bool {
    for probe in 0..<Self.probes {
      let bit = position(key, probe)
      if words[Int(bit >> 6)] & 1 << (bit & 63) == 0 { return false }
    }
    return true
  }

  /// The halves of a digest are independent hashes, from which all others are made (Kirsch and Mitzenmacher).
  @inline(__always)
  private func position(_ key: KeyDigest, _ probe: UInt64) -> UInt64 {
    (key.low &+ probe &* (key.high | 1)).multipliedFullWidth(by: bits).high
  }
}
