/// IP addresses by their syntax.
package enum IPAddress {
  /// Four decimal numbers up to 255 without leading zeros (RFC 2673, section 3.2).
  package static func isV4(_ text: Span<UInt8>) -> Bool {
    var parts = 0
    var digits = 0
    var value = 0
    for index in 0..<text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, parts < 3 else { return false }
        parts += 1
        digits = 0
        value = 0
        continue
      }
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10, digits == 0 || value > 0 else { return false }
      value = value * 10 + Int(digit)
      digits += 1
      guard value <= 255 else { return false }
    }
    return parts == 3 && digits > 0
  }

  /// Groups of hexadecimal digits, at most one `::`, perhaps an IPv4 address at the end (RFC 4291, section 2.2); no zone.
  package static func isV6(_ text: Span<UInt8>) -> Bool {
    var groups = 0
    var isShortened = false
    var index = 0
    let count = text.count
    if count >= 2, text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return false }
      isShortened = true
      index = 2
    }
    while index < count {
      let start = index
      while index < count, isHex(text[index]) { index += 1 }
      if index < count, text[index] == UInt8(ascii: ".") {
        guard isV4(text.extracting(start..<count)) else { return false }
        groups += 2
        index = count
        break
      }
      guard index > start, index - start <= 4 else { return false }
      groups += 1
      if index == count { break }
      guard text[index] == UInt8(ascii: ":") else { return false }
      index += 1
      guard index < count else { return false }
      if text[index] == UInt8(ascii: ":") {
        guard !isShortened else { return false }
        isShortened = true
        index += 1
      }
    }
    return isShortened ? groups <= 7 : groups == 8
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }
}
