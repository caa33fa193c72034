/// Texts and bytes: `'…'` `"…"`, over several lines between three marks, raw with `r` before them, bytes with `b`.
extension Lexer {
  /// Nil where no literal begins here.
  mutating func literal() throws(ExpressionDiagnostic) -> Token.Kind? {
    let start = position
    var ahead = 0
    var isBytes = false
    var isRaw = false
    if byte(ahead) | 0x20 == UInt8(ascii: "b") {
      isBytes = true
      ahead += 1
    }
    if byte(ahead) | 0x20 == UInt8(ascii: "r") {
      isRaw = true
      ahead += 1
    }
    let quote = byte(ahead)
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    let isTriple = byte(ahead + 1) == quote && byte(ahead + 2) == quote
    advance(ahead + (isTriple ? 3 : 1))
    var value: [UInt8] = []
    while true {
      guard position < bytes.count else { throw fail("the text is not closed", start..<position) }
      let byte = bytes[position]
      if byte == quote, !isTriple || (self.byte(1) == quote && self.byte(2) == quote) {
        advance(isTriple ? 3 : 1)
        return isBytes ? .bytes(value) : .string(value)
      }
      // In a raw text a backslash is a character like others.
      if byte == UInt8(ascii: "\\"), !isRaw {
        try escape(into: &value, isBytes: isBytes)
        continue
      }
      if !isTriple, Self.isLineEnd(byte) {
        throw fail(
          "the text is not closed on its line", start..<position, hint: "write texts of several lines between triple quotes")
      }
      value.append(byte)
      advance()
    }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private mutating func escape(into value: inout [UInt8], isBytes: Bool) throws(ExpressionDiagnostic) {
    let start = position
    advance()
    let letter = byte()
    advance()
    switch letter {
    case UInt8(ascii: "a"): value.append(7)
    case UInt8(ascii: "b"): value.append(8)
    case UInt8(ascii: "f"): value.append(12)
    case UInt8(ascii: "n"): value.append(10)
    case UInt8(ascii: "r"): value.append(13)
    case UInt8(ascii: "t"): value.append(9)
    case UInt8(ascii: "v"): value.append(11)
    case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): value.append(letter)
    case UInt8(ascii: "x"), UInt8(ascii: "X"): try code(digits: 2, radix: 16, from: start, isBytes: isBytes, into: &value)
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      guard !isBytes else {
        throw fail(
          "bytes have no \\\(Character(Unicode.Scalar(letter))) escapes", start..<min(position, bytes.count),
          hint: "write its octets: \\xC3\\xBF")
      }
      try code(digits: letter == UInt8(ascii: "u") ? 4 : 8, radix: 16, from: start, isBytes: false, into: &value)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      advance(-1)
      try code(digits: 3, radix: 8, from: start, isBytes: isBytes, into: &value)
    default:
      var end = min(position, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      throw fail(
        "there is no escape '\(String(decoding: bytes[start..<end], as: UTF8.self))'", start..<end,
        hint: "write a backslash as \\\\, or use a raw text: r'\\d+'")
    }
  }

  /// In a text the number is a code point, in bytes an octet.
  private mutating func code(
    digits: Int, radix: UInt32, from start: Int, isBytes: Bool, into value: inout [UInt8]
  ) throws(ExpressionDiagnostic) {
    var number: UInt32 = 0
    for _ in 0..<digits {
      let byte = byte()
      let digit: UInt32? =
        Self.isDigit(byte) ? UInt32(byte - 0x30) : isHexDigit(byte) ? UInt32((byte | 0x20) - 0x61 + 10) : nil
      guard let digit, digit < radix else {
        throw fail(
          "the escape needs \(digits) \(radix == 8 ? "octal" : "hexadecimal") digits", start..<min(position + 1, bytes.count))
      }
      number = number &* radix &+ digit
      advance()
    }
    if isBytes { return value.append(UInt8(truncatingIfNeeded: number)) }
    // Two \u escapes can make one character beyond the first plane.
    if digits == 4, (0xD800..<0xDC00).contains(number), let low = lowSurrogate() {
      number = 0x10000 + (number - 0xD800) << 10 + (low - 0xDC00)
      advance(6)
    }
    guard let scalar = Unicode.Scalar(number) else {
      throw fail(
        "the escape is not a Unicode character", start..<position,
        hint: "half of a surrogate pair is not a character; write the character's own number")
    }
    value.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  /// The second half of a surrogate pair, if it follows here.
  private func lowSurrogate() -> UInt32? {
    guard byte() == UInt8(ascii: "\\"), byte(1) == UInt8(ascii: "u") else { return nil }
    var number: UInt32 = 0
    for index in 2..<6 {
      guard isHexDigit(byte(index)) else { return nil }
      let byte = byte(index)
      number = number << 4 | (Self.isDigit(byte) ? UInt32(byte - 0x30) : UInt32((byte | 0x20) - 0x61 + 10))
    }
    return (0xDC00..<0xE000).contains(number) ? number : nil
  }
}
