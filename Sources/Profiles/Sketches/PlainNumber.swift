/// The value of a number from its text. Near enough for ranges and bounds: digits beyond the nineteenth round it.
enum PlainNumber {
  /// A text that people would read as a number: `12`, `-0.5`. Nil for others, with a leading zero (`007`), an exponent or spaces.
  @inline(__always)
  static func ofText(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count > 0, text.count <= 40 else { return nil }
    let first = text[0]
    guard first == UInt8(ascii: "-") || isDigit(first) else { return nil }
    let start = first == UInt8(ascii: "-") ? 1 : 0
    guard start < text.count, isDigit(text[start]) else { return nil }
    if text[start] == UInt8(ascii: "0"), start + 1 < text.count, text[start + 1] != UInt8(ascii: ".") { return nil }
    return read(text, takesExponent: false)
  }

  /// A JSON number, or a decimal.
  static func ofNumber(_ text: UnsafeBufferPointer<UInt8>) -> Double? { read(text, takesExponent: true) }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

  private static func read(_ text: UnsafeBufferPointer<UInt8>, takesExponent: Bool) -> Double? {
    var index = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { index = 1 }
    var mantissa: UInt64 = 0
    var dropped = 0
    var decimals = 0
    var digits = 0
    var hasPoint = false
    while index < text.count {
      let byte = text[index]
      if isDigit(byte) {
        digits += 1
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
          if hasPoint { decimals += 1 }
        } else if !hasPoint {
          dropped += 1
        }
      } else if byte == UInt8(ascii: "."), !hasPoint, digits > 0, index + 1 < text.count {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0, text[index - 1] != UInt8(ascii: ".") else { return nil }
    var power = dropped - decimals
    if index < text.count {
      guard takesExponent, text[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      var sign = 1
      if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        sign = text[index] == UInt8(ascii: "-") ? -1 : 1
        index += 1
      }
      var exponent = 0
      while index < text.count, isDigit(text[index]) {
        exponent = min(100_000, exponent * 10 + Int(text[index] &- 0x30))
        index += 1
      }
      guard index == text.count else { return nil }
      power += sign * exponent
    }
    var value = Double(mantissa)
    if power > 0, mantissa > 0 { value *= PowersOfTen.of(power) } else if power < 0 { value /= PowersOfTen.of(-power) }
    return isNegative ? -value : value
  }
}
