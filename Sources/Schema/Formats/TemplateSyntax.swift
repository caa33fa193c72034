import Values

/// `uri-template`: RFC 6570, section 2, all four levels; the apostrophe is a literal (erratum 6937).
enum TemplateSyntax {
  private static let literalCharacters = ASCIISet("!#$&'()*+,-./:;=?@[]_~", lettersAndDigits: true)
  private static let operators = ASCIISet("+#./;?&=,!@|")

  static func matches(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if literalCharacters.contains(byte) {
        index += 1
      } else if byte == UInt8(ascii: "{") {
        guard expression(text, &index) else { return false }
      } else if byte == UInt8(ascii: "%") {
        guard ASCII.isPercentEscape(text, at: index, end: text.count) else { return false }
        index += 3
      } else {
        let (value, length) = UTF8Scalar.read(text, at: index)
        guard URISyntax.isInternational(value) || URISyntax.isPrivate(value) else { return false }
        index += length
      }
    }
    return true
  }

  /// `{`, perhaps an operator, names with perhaps `*` or `:` and a length, `}`.
  private static func expression(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
    let end = text.count
    index += 1
    if index < end, operators.contains(text[index]) { index += 1 }
    while true {
      guard name(text, &index), index < end else { return false }
      if text[index] == UInt8(ascii: "*") {
        index += 1
      } else if text[index] == UInt8(ascii: ":") {
        let start = index + 1
        index = start
        while index < end, ASCII.isDigit(text[index]) { index += 1 }
        guard index > start, index - start <= 4, text[start] != UInt8(ascii: "0") else { return false }
      }
      guard index < end else { return false }
      index += 1
      if text[index - 1] == UInt8(ascii: "}") { return true }
      guard text[index - 1] == UInt8(ascii: ",") else { return false }
    }
  }

  private static func name(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
    var afterDot = true
    while index < text.count {
      let byte = text[index]
      if ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "_") {
        afterDot = false
        index += 1
      } else if ASCII.isPercentEscape(text, at: index, end: text.count) {
        afterDot = false
        index += 3
      } else if byte == UInt8(ascii: "."), !afterDot {
        afterDot = true
        index += 1
      } else {
        break
      }
    }
    return !afterDot
  }
}
