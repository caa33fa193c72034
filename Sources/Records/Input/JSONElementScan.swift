/// Finds the end of a JSON value by its brackets and quotes alone, over pieces of any size. The walker validates the rest.
struct JSONElementScan {
  private var depth = 0
  private var isString = false
  private var isEscaped = false
  private var hasBegun = false

  /// How many of `bytes` belong to the value, and whether it ends there. A bare number or word ends where white space, a
  /// comma or a closing bracket begins.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> (count: Int, hasEnded: Bool) {
    var at = 0
    while at < bytes.count {
      if isEscaped {
        isEscaped = false
        at += 1
        continue
      }
      if isString {
        at = Self.endOfRun(bytes, from: at)
        guard at < bytes.count else { break }
        if bytes[at] == UInt8(ascii: "\\") { isEscaped = true } else { isString = false }
        at += 1
        if !isString, depth == 0 { return (at, true) }
        continue
      }
      let byte = bytes[at]
      if depth == 0, hasBegun, Self.endsScalar(byte) { return (at, true) }
      hasBegun = true
      at += 1
      switch byte {
      case UInt8(ascii: "\""): isString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth <= 0 { return (at, true) }
      default: break
      }
    }
    return (bytes.count, false)
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  /// The first quote or backslash from `start` on, eight bytes at a time; the end if there is none.
  @inline(__always)
  private static func endOfRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return start }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var at = start
    while at + 8 <= bytes.count {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let slashes = word ^ (ones &* 0x5C)
      // The lowest set top bit marks the first byte that is one of the two.
      let found = ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & tops
      if found != 0 { return at + found.trailingZeroBitCount / 8 }
      at += 8
    }
    while at < bytes.count, base[at] != UInt8(ascii: "\""), base[at] != UInt8(ascii: "\\") { at += 1 }
    return at
  }
}
