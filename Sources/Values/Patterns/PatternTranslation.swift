/// An ECMA-262 regular expression (as with the flag `u`, which JSON Schema requires) in PCRE2's syntax.
///
/// Most of the two languages is the same; what looks the same but has a different meaning is spelled out: `.` and `\s` with
/// ECMA's line ends and white space, `\v`, `\u`, `\x`, `[` inside a class, a `{` that is not a quantifier, long names of
/// Unicode categories. What PCRE2 knows and ECMA-262 does not (`\A \Z \h \K`, possessive quantifiers, `(?>`, `(*VERB)`, `(?P<`) is
/// refused rather than taken in another meaning. Lenient in one thing: any ASCII punctuation may be escaped.
struct PatternTranslation {
  private(set) var text: [UInt8] = []
  /// For each byte of `text` the byte of the source that it comes from, and one more for the end.
  private(set) var offsets: [Int] = []

  private let source: [UInt8]
  private var index = 0
  private var isInClass = false
  private var canQuantify = false

  init(_ pattern: String) throws(PatternError) {
    source = Array(pattern.utf8)
    while index < source.count { try step() }
    if isInClass { throw fail("a class '[' without its ']'", at: source.count) }
    offsets.append(source.count)
  }

  private func fail(_ message: String, at offset: Int) -> PatternError { PatternError(message: message, offset: offset) }

  private func byte(_ ahead: Int) -> UInt8 { index + ahead < source.count ? source[index + ahead] : 0 }

  private mutating func emit(_ bytes: String, from offset: Int) {
    for byte in bytes.utf8 {
      text.append(byte)
      offsets.append(offset)
    }
  }

  private mutating func copy(_ count: Int) {
    for _ in 0..<count {
      text.append(source[index])
      offsets.append(index)
      index += 1
    }
  }

  private mutating func replace(_ count: Int, with bytes: String) {
    emit(bytes, from: index)
    index += count
  }

  private mutating func step() throws(PatternError) {
    let byte = byte(0)
    if byte == UInt8(ascii: "\\") { return try escape() }
    if isInClass {
      switch byte {
      case UInt8(ascii: "]"):
        isInClass = false
        canQuantify = true
        copy(1)
      case UInt8(ascii: "["): replace(1, with: "\\[")
      default: copy(1)
      }
      return
    }
    switch byte {
    case UInt8(ascii: "."):
      replace(1, with: "[^\\n\\r\\x{2028}\\x{2029}]")
      canQuantify = true
    case UInt8(ascii: "["):
      isInClass = true
      copy(self.byte(1) == UInt8(ascii: "^") ? 2 : 1)
    case UInt8(ascii: "("):
      try group()
      canQuantify = false
    case UInt8(ascii: "|"), UInt8(ascii: "^"):
      copy(1)
      canQuantify = false
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      try quantifier(length: 1)
    case UInt8(ascii: "{"):
      if let length = boundedQuantifier() {
        try quantifier(length: length)
      } else {
        replace(1, with: "\\{")
        canQuantify = true
      }
    default:
      copy(1)
      canQuantify = true
    }
  }

  private mutating func quantifier(length: Int) throws(PatternError) {
    guard canQuantify else { throw fail("a quantifier with nothing to repeat", at: index) }
    copy(length)
    canQuantify = false
    if byte(0) == UInt8(ascii: "?") { copy(1) }
    if byte(0) == UInt8(ascii: "+") {
      throw fail("possessive quantifiers ('a++') are not part of ECMA-262", at: index)
    }
  }

  /// Bytes of `{n}`, `{n,}` or `{n,m}`.
  private func boundedQuantifier() -> Int? {
    var length = 1
    let digits = { (length: inout Int) in
      let start = length
      while self.byte(length) &- UInt8(ascii: "0") < 10 { length += 1 }
      return length > start
    }
    guard digits(&length) else { return nil }
    if byte(length) == UInt8(ascii: ",") {
      length += 1
      _ = digits(&length)
    }
    return byte(length) == UInt8(ascii: "}") ? length + 1 : nil
  }

  private mutating func group() throws(PatternError) {
    if byte(1) == UInt8(ascii: "*") { throw fail("a quantifier with nothing to repeat", at: index + 1) }
    guard byte(1) == UInt8(ascii: "?") else { return copy(1) }
    switch byte(2) {
    case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "!"): copy(3)
    case UInt8(ascii: "<"):
      copy(byte(3) == UInt8(ascii: "=") || byte(3) == UInt8(ascii: "!") ? 4 : 3)
    case UInt8(ascii: "i") where byte(3) == UInt8(ascii: ":"): copy(4)
    case UInt8(ascii: "-") where byte(3) == UInt8(ascii: "i") && byte(4) == UInt8(ascii: ":"): copy(5)
    default:
      if let letters = modifiers() {
        throw PatternError(
          message: "of the modifiers of ECMA-262, only (?i:…) is supported here, not (?\(letters):…)", offset: index,
          isLimit: true)
      }
      throw fail("ECMA-262 has no such group; to ignore case, write (?i:…) around that part", at: index)
    }
  }

  /// The letters of `(?ims-ims:` (ECMA-262, 2025), at a group.
  private func modifiers() -> String? {
    var length = 2
    while "ims-".utf8.contains(byte(length)) { length += 1 }
    guard length > 2, byte(length) == UInt8(ascii: ":") else { return nil }
    return String(decoding: source[index + 2..<index + length], as: UTF8.self)
  }

  private mutating func escape() throws(PatternError) {
    let next = byte(1)
    guard index + 1 < source.count else { throw fail("a backslash at the end", at: index) }
    canQuantify = true
    switch next {
    case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "n"), UInt8(ascii: "r"),
      UInt8(ascii: "t"), UInt8(ascii: "f"):
      copy(2)
    case UInt8(ascii: "b"):
      copy(2)
      canQuantify = isInClass
    case UInt8(ascii: "B") where !isInClass:
      copy(2)
      canQuantify = false
    case UInt8(ascii: "v"): replace(2, with: "\\x0B")
    case UInt8(ascii: "s"): replace(2, with: isInClass ? Self.white : "[\(Self.white)]")
    case UInt8(ascii: "S"): replace(2, with: isInClass ? Self.nonWhite : "[^\(Self.white)]")
    case UInt8(ascii: "u"): try unicodeEscape()
    case UInt8(ascii: "x"):
      guard let value = hexadecimal(at: index + 2, count: 2) else { throw fail("\\x needs two hexadecimal digits", at: index) }
      replace(4, with: Self.codePoint(value))
    case UInt8(ascii: "c"):
      guard (byte(2) | 0x20) &- UInt8(ascii: "a") < 26 else { throw fail("\\c needs a letter", at: index) }
      replace(3, with: Self.codePoint(UInt32(byte(2) & 0x1F)))
    case UInt8(ascii: "p"), UInt8(ascii: "P"): try property()
    case UInt8(ascii: "k") where !isInClass && byte(2) == UInt8(ascii: "<"): copy(3)
    case UInt8(ascii: "0"):
      guard byte(2) &- UInt8(ascii: "0") >= 10 else { throw fail("ECMA-262 has no octal escapes", at: index) }
      replace(2, with: "\\x00")
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      guard !isInClass else { throw fail("ECMA-262 has no octal escapes", at: index) }
      var length = 2
      while byte(length) &- UInt8(ascii: "0") < 10 { length += 1 }
      // `\g{10}`: PCRE2 would take `\10` for an octal number where there are fewer groups.
      emit("\\g{", from: index)
      index += 1
      copy(length - 1)
      emit("}", from: index)
    case 0x80...: throw fail("this character needs no backslash", at: index)
    default:
      let isAlphanumeric = (next | 0x20) &- UInt8(ascii: "a") < 26 || next &- UInt8(ascii: "0") < 10
      guard !isAlphanumeric else {
        throw fail("ECMA-262 has no escape '\\\(Character(Unicode.Scalar(next)))'", at: index)
      }
      copy(2)
    }
  }

  private mutating func unicodeEscape() throws(PatternError) {
    if byte(2) == UInt8(ascii: "{") {
      var length = 3
      var value: UInt32 = 0
      while let digit = Self.hexDigit(byte(length)), value <= 0x10FFFF {
        value = value << 4 | digit
        length += 1
      }
      guard length > 3, byte(length) == UInt8(ascii: "}"), Unicode.Scalar(value) != nil else {
        throw fail("\\u{…} needs the number of a Unicode character", at: index)
      }
      return replace(length + 1, with: Self.codePoint(value))
    }
    guard let value = hexadecimal(at: index + 2, count: 4) else {
      throw fail("\\u needs four hexadecimal digits", at: index)
    }
    if (0xD800..<0xDC00).contains(value), byte(6) == UInt8(ascii: "\\"), byte(7) == UInt8(ascii: "u"),
      let low = hexadecimal(at: index + 8, count: 4), (0xDC00..<0xE000).contains(low)
    {
      return replace(12, with: Self.codePoint(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)))
    }
    guard Unicode.Scalar(value) != nil else {
      throw PatternError(message: "half of a surrogate pair matches no text", offset: index, isLimit: true)
    }
    replace(6, with: Self.codePoint(value))
  }

  private mutating func property() throws(PatternError) {
    guard byte(2) == UInt8(ascii: "{") else { throw fail("\\p needs a property in braces: \\p{L}", at: index) }
    var length = 3
    while byte(length) != 0, byte(length) != UInt8(ascii: "}") { length += 1 }
    guard byte(length) == UInt8(ascii: "}") else { throw fail("\\p needs a property in braces: \\p{L}", at: index) }
    var name = String(decoding: source[index + 3..<index + length], as: UTF8.self)
    for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    if name == "Assigned" {
      return replace(length + 1, with: byte(1) == UInt8(ascii: "p") ? "\\P{Cn}" : "\\p{Cn}")
    }
    replace(length + 1, with: "\\\(byte(1) == UInt8(ascii: "p") ? "p" : "P"){\(Self.categories[name] ?? name)}")
  }

  private func hexadecimal(at start: Int, count: Int) -> UInt32? {
    guard start + count <= source.count else { return nil }
    var value: UInt32 = 0
    for position in start..<start + count {
      guard let digit = Self.hexDigit(source[position]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    let digit = byte &- UInt8(ascii: "0")
    if digit < 10 { return UInt32(digit) }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? UInt32(letter) + 10 : nil
  }

  private static func codePoint(_ value: UInt32) -> String { "\\x{\(String(value, radix: 16))}" }

  /// ECMA-262's WhiteSpace and LineTerminator, and all the rest, as parts of a class.
  private static let white =
    "\\x09-\\x0D\\x20\\xA0\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}"
  private static let nonWhite =
    "\\x00-\\x08\\x0E-\\x1F\\x21-\\x9F\\xA1-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}"
    + "\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}"

  /// Long names of general categories, which PCRE2 does not know.
  private static let categories: [String: String] = [
    "Letter": "L", "Cased_Letter": "L&", "LC": "L&", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
    "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Combining_Mark": "M",
    "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd",
    "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
    "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe",
    "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm",
    "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs",
    "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf",
    "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
  ]
}
