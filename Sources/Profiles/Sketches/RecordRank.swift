/// Which samples a record belongs to. Its position in the input alone decides: every fourth record is in the first sample, every
/// sixteenth in the second, and so on, each sample being part of the one before it.
enum RecordRank {
  static let levels = 12

  /// Of the record at this position, counted from 0: the number of the last sample that it is in; 0: all records only.
  @inline(__always)
  static func of(_ position: Int) -> Int {
    var state = UInt64(truncatingIfNeeded: position) &+ 0x9E37_79B9_7F4A_7C15
    state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
    state ^= state >> 31
    return min(levels - 1, state.trailingZeroBitCount / 2)
  }

  /// One record in this many is in the sample.
  static func share(_ level: Int) -> Int { 1 << (2 * level) }
}
