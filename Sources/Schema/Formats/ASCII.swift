/// Classes of ASCII bytes.
enum ASCII {
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  @inline(__always)
  static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

  @inline(__always)
  static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

  /// Whether `%` and two hexadecimal digits are at `index`.
  static func isPercentEscape(_ text: Span<UInt8>, at index: Int, end: Int) -> Bool {
    index + 2 < end && text[index] == UInt8(ascii: "%") && isHexDigit(text[index + 1]) && isHexDigit(text[index + 2])
  }
}

/// A set of ASCII characters as 128 bits.
struct ASCIISet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// The characters of `text`; with `letters`, also all letters and digits.
  init(_ text: StaticString, lettersAndDigits: Bool = false) {
    for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) { insert(byte) }
    guard lettersAndDigits else { return }
    for byte in UInt8(0)..<128 where ASCII.isLetterOrDigit(byte) { insert(byte) }
  }

  private mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
    return byte < 128 && high >> UInt64(byte - 64) & 1 == 1
  }
}
