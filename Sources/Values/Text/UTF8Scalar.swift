/// Reads Unicode scalars out of UTF-8 that is known to be valid. Bytes that are none read as U+FFFD, one by one, so
/// that a kernel never runs past its text.
package enum UTF8Scalar {
  @inline(__always)
  package static func read(_ bytes: Span<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    return readLong(bytes, at: index, first: first)
  }

  private static func readLong(_ bytes: Span<UInt8>, at index: Int, first: UInt8) -> (value: UInt32, length: Int) {
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first < 0xF5, index + length <= bytes.count else { return (0xFFFD, 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = unsafe value << 6 | UInt32(bytes[unchecked: index + offset] & 0x3F) }
    guard Unicode.Scalar(value) != nil else { return (0xFFFD, 1) }
    return (value, length)
  }

  /// Where the scalar begins that ends before `end` (over 0).
  @inline(__always)
  static func start(before end: Int, in bytes: Span<UInt8>) -> Int {
    var index = end - 1
    while index > 0, bytes[index] & 0xC0 == 0x80, end - index < 4 { index -= 1 }
    return index
  }
}

extension Unicode.Scalar {
  /// The scalar of a value that `UTF8Scalar.read` gave.
  @inline(__always)
  init(read value: UInt32) { self = Unicode.Scalar(value) ?? "\u{FFFD}" }
}
