/// Cuts an expression's text into words. Comments (`//` to the end of the line) and white space part them.
///
/// All tokens are produced before parsing begins: expressions are short, and the parser can look ahead freely.
struct Lexer {
  let bytes: [UInt8]
  private(set) var position = 0
  private(set) var tokens: [Token] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  static func tokens(of text: String) throws(ExpressionDiagnostic) -> Lexer {
    var lexer = Lexer(text)
    while true {
      lexer.skipSpace()
      guard lexer.position < lexer.bytes.count else { break }
      try lexer.token()
    }
    lexer.tokens.append(Token(kind: .end, range: lexer.bytes.count..<lexer.bytes.count))
    return lexer
  }

  func fail(_ message: String, _ range: Range<Int>, hint: String? = nil) -> ExpressionDiagnostic {
    ExpressionDiagnostic(.syntax, at: range, message, hint: hint)
  }

  func byte(_ ahead: Int = 0) -> UInt8 { position + ahead < bytes.count ? bytes[position + ahead] : 0 }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
      default: return
      }
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") }

  private mutating func token() throws(ExpressionDiagnostic) {
    let start = position
    let first = bytes[position]
    if Self.isDigit(first) || (first == UInt8(ascii: ".") && Self.isDigit(byte(1))) {
      let kind = try number()
      tokens.append(Token(kind: kind, range: start..<position))
      return
    }
    if let kind = try literal() {
      tokens.append(Token(kind: kind, range: start..<position))
      return
    }
    if Self.isLetter(first) {
      while Self.isLetter(byte()) || Self.isDigit(byte()) { position += 1 }
      let name = String(decoding: bytes[start..<position], as: UTF8.self)
      tokens.append(Token(kind: .identifier(name), range: start..<position))
      return
    }
    if first == UInt8(ascii: "`") { return try quotedIdentifier() }
    guard let (symbol, length) = symbol() else { throw unknownCharacter() }
    position += length
    tokens.append(Token(kind: .symbol(symbol), range: start..<position))
  }

  private func symbol() -> (Token.Symbol, length: Int)? {
    let isDoubled = byte(1) == byte()
    let hasEqual = byte(1) == UInt8(ascii: "=")
    switch byte() {
    case UInt8(ascii: "="): return isDoubled ? (.equal, 2) : nil
    case UInt8(ascii: "!"): return hasEqual ? (.unequal, 2) : (.not, 1)
    case UInt8(ascii: "<"): return hasEqual ? (.lessEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"): return hasEqual ? (.greaterEqual, 2) : (.greater, 1)
    case UInt8(ascii: "&"): return isDoubled ? (.and, 2) : nil
    case UInt8(ascii: "|"): return isDoubled ? (.or, 2) : nil
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "-"): return (.minus, 1)
    case UInt8(ascii: "*"): return (.times, 1)
    case UInt8(ascii: "/"): return (.divide, 1)
    case UInt8(ascii: "%"): return (.modulo, 1)
    case UInt8(ascii: "?"): return (.question, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: "."): return (.dot, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: "("): return (.openParenthesis, 1)
    case UInt8(ascii: ")"): return (.closeParenthesis, 1)
    case UInt8(ascii: "["): return (.openBracket, 1)
    case UInt8(ascii: "]"): return (.closeBracket, 1)
    case UInt8(ascii: "{"): return (.openBrace, 1)
    case UInt8(ascii: "}"): return (.closeBrace, 1)
    default: return nil
    }
  }

  private func unknownCharacter() -> ExpressionDiagnostic {
    var end = position + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: bytes[position..<end], as: UTF8.self)
    let hint: String? =
      switch text {
      case "=": "write == for equality"
      case "&": "write && for 'and'"
      case "|": "write || for 'or'"
      case "‘", "’", "“", "”": "write texts between straight quotation marks: ' or \""
      default: nil
      }
    return fail("'\(text)' is not part of an expression", position..<end, hint: hint)
  }

  /// `` `a name` `` after a dot: letters, digits, `_ . - /` and spaces.
  private mutating func quotedIdentifier() throws(ExpressionDiagnostic) {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "`") {
      let byte = bytes[position]
      guard Self.isLetter(byte) || Self.isDigit(byte) || "-./ ".utf8.contains(byte) else {
        throw fail(
          "a name between backticks can have only letters, digits, '_', '.', '-', '/' and spaces", position..<position + 1,
          hint: "read the member by index: object[\"name\"]")
      }
      position += 1
    }
    guard position < bytes.count, position > start + 1 else {
      throw fail("a name between backticks is empty or not closed", start..<position)
    }
    let name = String(decoding: bytes[start + 1..<position], as: UTF8.self)
    position += 1
    tokens.append(Token(kind: .quotedIdentifier(name), range: start..<position))
  }

  mutating func advance(_ count: Int = 1) { position += count }
}
