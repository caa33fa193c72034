/// A 64-bit hash of bytes for tables in memory: fast for short keys, the same in every process. Not for digests that
/// must withstand anybody's intent.
package enum Hash64 {
  package static func of(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    let count = bytes.count
    var state = seed ^ mix(0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count), first)
    if count >= 8 {
      var index = 0
      while index + 16 <= count {
        state = mix(ByteWord.load(bytes, at: index) ^ first, ByteWord.load(bytes, at: index + 8) ^ state)
        index += 16
      }
      if index + 8 < count { state = mix(ByteWord.load(bytes, at: index) ^ second, state ^ third) }
      // The last eight bytes, some of which may have been read before.
      return finish(ByteWord.load(bytes, at: count - 8), state)
    }
    var word: UInt64 = 0
    var index = count
    while index > 0 {
      index -= 1
      word = unsafe word << 8 | UInt64(bytes[unchecked: index])
    }
    return finish(word, state)
  }

  private static let first: UInt64 = 0xD1B5_4A32_D192_ED03
  private static let second: UInt64 = 0xABCC_5167_CCAD_925F
  private static let third: UInt64 = 0x8CB9_2BA7_2F3D_8DD7

  @inline(__always)
  private static func finish(_ word: UInt64, _ state: UInt64) -> UInt64 { mix(mix(word ^ second, state ^ third), first) }

  /// Both halves of the 128-bit product.
  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
