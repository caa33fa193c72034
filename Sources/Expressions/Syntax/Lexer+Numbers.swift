extension Lexer {
  /// `12` `0x1F` `12u` `1.5` `.5` `1e3` `1.5E-3`. No sign: that is an operator, and part of the literal for the parser.
  mutating func number() throws(ExpressionDiagnostic) -> Token.Kind {
    let start = position
    if byte() == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x") {
      advance(2)
      let digits = position
      while isHexDigit(byte()) { advance() }
      return try integer(digits: digits..<position, radix: 16, start: start)
    }
    while Self.isDigit(byte()) { advance() }
    var isDouble = false
    if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
      isDouble = true
      advance()
      while Self.isDigit(byte()) { advance() }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if Self.isDigit(byte(1 + sign)) {
        isDouble = true
        advance(1 + sign)
        while Self.isDigit(byte()) { advance() }
      } else {
        throw fail("digits are expected in the exponent", start..<position + 1 + sign)
      }
    }
    guard isDouble else { return try integer(digits: start..<position, radix: 10, start: start) }
    try checkEnd(of: start)
    // Too large a number is infinity by IEEE 754; written down it can only be a mistake.
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
      throw fail("the number is too large for a double", start..<position)
    }
    return .double(value)
  }

  private mutating func integer(digits: Range<Int>, radix: Int, start: Int) throws(ExpressionDiagnostic) -> Token.Kind {
    guard !digits.isEmpty else { throw fail("digits are expected after '0x'", start..<position) }
    let isUnsigned = byte() | 0x20 == UInt8(ascii: "u")
    if isUnsigned { advance() }
    try checkEnd(of: start)
    guard let value = UInt64(String(decoding: bytes[digits], as: UTF8.self), radix: radix) else {
      throw fail("the number is outside 64 bits", start..<position)
    }
    return isUnsigned ? .unsigned(value) : .integer(value)
  }

  private func checkEnd(of start: Int) throws(ExpressionDiagnostic) {
    guard Self.isLetter(byte()) || Self.isDigit(byte()) else { return }
    throw fail("a letter follows the number directly", start..<position + 1)
  }

  func isHexDigit(_ byte: UInt8) -> Bool { Self.isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
}
