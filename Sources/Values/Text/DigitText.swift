package import Core

/// `digits`: the decimal digits of a text and nothing else. Digits of other scripts become ASCII ones: `٣` gives `3`.
package enum DigitText {
  /// Appends the digits; false: `text` consists of ASCII digits only, and nothing was appended.
  package static func digits(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    var index = 0
    while index < text.count, unsafe text[unchecked: index] &- UInt8(ascii: "0") < 10 { index += 1 }
    if index == text.count { return false }
    arena.append(text.extracting(0..<index))
    while index < text.count {
      let byte = unsafe text[unchecked: index]
      if byte < 0x80 {
        if byte &- UInt8(ascii: "0") < 10 { arena.append(byte) }
        index += 1
        continue
      }
      let (value, length) = UTF8Scalar.read(text, at: index)
      let properties = Unicode.Scalar(read: value).properties
      if properties.numericType == .decimal, let digit = properties.numericValue, digit >= 0, digit < 10 {
        arena.append(UInt8(ascii: "0") + UInt8(digit))
      }
      index += length
    }
    return true
  }
}
