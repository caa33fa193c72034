import Core

/// Most addresses: ASCII, a dot-atom before the @, lower-case labels after it. One pass over the bytes; an address that
/// passes is its own result. What does not pass is `Email`'s to judge.
package enum PlainEmail {
  package static func passes(_ text: Span<UInt8>) -> Bool {
    guard text.count <= 254 else { return false }
    return unsafe text.withUnsafeBufferPointer { bytes in
      guard let at = unsafe endOfLocal(bytes) else { return false }
      return unsafe isDomain(bytes, from: at + 1)
    }
  }

  /// The index of the @ after 1 to 64 bytes of atoms with single dots between them.
  private static func endOfLocal(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var isAfterDot = true
    for index in 0..<min(bytes.count, 65) {
      let byte = unsafe bytes[index]
      if isAtom(byte) {
        isAfterDot = false
      } else if byte == UInt8(ascii: "@") {
        return isAfterDot ? nil : index
      } else if byte == UInt8(ascii: "."), !isAfterDot {
        isAfterDot = true
      } else {
        return nil
      }
    }
    return nil
  }

  private static func isDomain(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) -> Bool {
    var start = first
    var labels = 0
    var isNumeric = true
    for index in first..<bytes.count {
      let byte = unsafe bytes[index]
      if byte &- UInt8(ascii: "a") < 26 {
        isNumeric = false
      } else if byte == UInt8(ascii: ".") {
        guard unsafe isLabel(bytes, start..<index) else { return false }
        labels += 1
        start = index + 1
        isNumeric = true
      } else if byte == UInt8(ascii: "-") {
        isNumeric = false
      } else if byte &- UInt8(ascii: "0") >= 10 {
        return false
      }
    }
    return unsafe labels >= 1 && !isNumeric && isLabel(bytes, start..<bytes.count)
  }

  private static func isLabel(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    unsafe !range.isEmpty && range.count <= 63 && bytes[range.lowerBound] != UInt8(ascii: "-")
      && bytes[range.upperBound - 1] != UInt8(ascii: "-")
  }

  /// Letters, digits and the signs of RFC 5322's `atext`, a bit each.
  @inline(__always)
  private static func isAtom(_ byte: UInt8) -> Bool {
    guard byte < 0x80 else { return false }
    let low: UInt64 = 0xA3FF_ACFA_0000_0000  // ! # $ % & ' * + - / 0-9 = ?
    let high: UInt64 = 0x7FFF_FFFF_C7FF_FFFE  // A-Z ^ _ ` a-z { | } ~
    return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 != 0
  }
}
