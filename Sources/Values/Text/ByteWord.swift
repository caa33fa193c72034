/// Eight bytes of text inspected in one step. A mask has the high bit set in the byte of each hit; only its lowest
/// hit is exact (a borrow may mark bytes above a true hit), which is all that a scan from the left needs.
enum ByteWord {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The bytes `index..<index + 8`, the first one lowest. The caller guarantees that they exist.
  @inline(__always)
  static func load(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
  }

  @inline(__always)
  static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
    let other = word ^ (ones &* UInt64(byte))
    return (other &- ones) & ~other & highs
  }

  /// Bytes under `limit` (at most 0x80).
  @inline(__always)
  static func less(_ word: UInt64, than limit: UInt8) -> UInt64 {
    (word &- ones &* UInt64(limit)) & ~word & highs
  }

  /// ASCII letters from `first` to `last`; exact in every byte.
  @inline(__always)
  static func within(_ word: UInt64, from first: UInt8, to last: UInt8) -> UInt64 {
    let low = word & ~highs
    let reached = low &+ ones &* UInt64(0x80 - first)
    let passed = low &+ ones &* UInt64(0x7F - last)
    return (reached ^ passed) & ~word & highs
  }

  /// Index of the lowest hit, 0 to 7; 8 if there is none.
  @inline(__always)
  static func firstHit(_ mask: UInt64) -> Int { mask.trailingZeroBitCount >> 3 }
}
