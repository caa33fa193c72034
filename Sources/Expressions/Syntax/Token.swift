/// A word of the language. `range` is in bytes of the text.
struct Token: Hashable {
  enum Kind: Hashable {
    case identifier(String)
    /// A name between backticks: only after a dot.
    case quotedIdentifier(String)
    /// The magnitude: a minus before it is a word of its own.
    case integer(UInt64)
    case unsigned(UInt64)
    case double(Double)
    case string([UInt8])
    case bytes([UInt8])
    case symbol(Symbol)
    case end
  }

  enum Symbol: String, Hashable {
    case equal = "=="
    case unequal = "!="
    case lessEqual = "<="
    case greaterEqual = ">="
    case and = "&&"
    case or = "||"
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case not = "!"
    case question = "?"
    case colon = ":"
    case dot = "."
    case comma = ","
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
  }

  var kind: Kind
  var range: Range<Int>

  /// As messages call it.
  func description(in bytes: [UInt8]) -> String {
    if kind == .end { return "the end" }
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard let line = text.split(whereSeparator: \.isNewline).first else { return "'\(text)'" }
    return line.count > 24 ? "'\(line.prefix(24))…'" : "'\(line)'"
  }
}

/// Words that are not names (language definition, "Syntax").
enum ReservedWords {
  /// Never a name, not even after a dot.
  static let keywords: Set<String> = ["false", "in", "null", "true"]
  /// Not a name of a value; after a dot they are names like others.
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace", "package",
    "return", "var", "void", "while",
  ]
}
