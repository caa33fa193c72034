/// A regular expression in RE2's syntax, in PCRE2's words.
///
/// RE2 knows less than PCRE2: what it does not know (looking around, back references, atomic groups, conditions, verbs) is
/// refused, so that a pattern means the same wherever CEL runs. What both know means the same but for white space in `\s`, which is
/// spelled out; names of groups, flags, POSIX classes, `\Q…\E`, `\pL`, `\A`, `\z` are PCRE2's own.
struct RE2Translation {
  private(set) var text: [UInt8] = []
  /// For each byte of `text` the byte of the source that it comes from, and one more for the end.
  private(set) var offsets: [Int] = []

  private let source: [UInt8]
  private var index = 0
  private var isInClass = false
  private var canQuantify = false
  /// RE2 allows no more repetitions.
  private static let mostRepetitions = 1000

  init(_ pattern: String) throws(PatternError) {
    source = Array(pattern.utf8)
    while index < source.count { try step() }
    if isInClass { throw fail("a class '[' without its ']'", at: source.count) }
    offsets.append(source.count)
  }

  private func fail(_ message: String, at offset: Int) -> PatternError { PatternError(message: message, offset: offset) }

  private func byte(_ ahead: Int) -> UInt8 { index + ahead < source.count ? source[index + ahead] : 0 }

  private mutating func copy(_ count: Int) {
    for _ in 0..<count where index < source.count {
      text.append(source[index])
      offsets.append(index)
      index += 1
    }
  }

  private mutating func replace(_ count: Int, with bytes: String) {
    for byte in bytes.utf8 {
      text.append(byte)
      offsets.append(index)
    }
    index += count
  }

  private mutating func step() throws(PatternError) {
    let byte = byte(0)
    if byte == UInt8(ascii: "\\") { return try escape() }
    if isInClass { return classMember(byte) }
    switch byte {
    case UInt8(ascii: "["):
      isInClass = true
      copy(self.byte(1) == UInt8(ascii: "^") ? 2 : 1)
      // A bracket that comes first is a member.
      if self.byte(0) == UInt8(ascii: "]") { replace(1, with: "\\]") }
    case UInt8(ascii: "("):
      try group()
      canQuantify = false
    case UInt8(ascii: "|"):
      copy(1)
      canQuantify = false
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): try quantifier(length: 1)
    case UInt8(ascii: "{"):
      if let length = try boundedQuantifier() {
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

  private mutating func classMember(_ byte: UInt8) {
    if byte == UInt8(ascii: "]") {
      isInClass = false
      canQuantify = true
      return copy(1)
    }
    if byte == UInt8(ascii: "["), self.byte(1) == UInt8(ascii: ":") {
      // [:alpha:] up to its end.
      var length = 2
      while self.byte(length) != 0, self.byte(length) != UInt8(ascii: "]") { length += 1 }
      if self.byte(length - 1) == UInt8(ascii: ":"), length > 3 { return copy(length + 1) }
    }
    if byte == UInt8(ascii: "[") { return replace(1, with: "\\[") }
    copy(1)
  }

  private mutating func quantifier(length: Int) throws(PatternError) {
    guard canQuantify else { throw fail("a quantifier with nothing to repeat", at: index) }
    copy(length)
    canQuantify = false
    if byte(0) == UInt8(ascii: "?") { copy(1) }
    if byte(0) == UInt8(ascii: "+") || byte(0) == UInt8(ascii: "*") {
      throw fail("a quantifier repeats a quantifier", at: index)
    }
  }

  /// Bytes of `{n}`, `{n,}` or `{n,m}`.
  private func boundedQuantifier() throws(PatternError) -> Int? {
    var length = 1
    var numbers: [Int] = []
    while true {
      var value = 0
      let start = length
      while byte(length) &- UInt8(ascii: "0") < 10 {
        value = min(value * 10 + Int(byte(length) - 0x30), Self.mostRepetitions + 1)
        length += 1
      }
      if length > start { numbers.append(value) } else if numbers.isEmpty { return nil }
      if byte(length) == UInt8(ascii: "}") { break }
      guard byte(length) == UInt8(ascii: ","), numbers.count == 1 else { return nil }
      length += 1
      if byte(length) == UInt8(ascii: "}") { break }
    }
    if numbers.contains(where: { $0 > Self.mostRepetitions }) {
      throw fail("more than \(Self.mostRepetitions) repetitions", at: index)
    }
    if numbers.count == 2, numbers[0] > numbers[1] { throw fail("the repetitions' bounds are in the wrong order", at: index) }
    return length + 1
  }

  private mutating func group() throws(PatternError) {
    if byte(1) == UInt8(ascii: "*") { throw fail("a quantifier with nothing to repeat", at: index + 1) }
    guard byte(1) == UInt8(ascii: "?") else { return copy(1) }
    switch byte(2) {
    case UInt8(ascii: "P") where byte(3) == UInt8(ascii: "<"): return copy(4)
    case UInt8(ascii: "<") where byte(3) != UInt8(ascii: "=") && byte(3) != UInt8(ascii: "!"): return copy(3)
    default: break
    }
    // Flags: (?i) up to the end of the group, (?i:…) for one.
    var length = 2
    while "imsU-".utf8.contains(byte(length)), byte(length) != 0 { length += 1 }
    guard byte(length) == UInt8(ascii: ")") && length > 2 || byte(length) == UInt8(ascii: ":") else {
      throw fail("RE2 has no such group", at: index)
    }
    copy(length + 1)
  }

  private mutating func escape() throws(PatternError) {
    guard index + 1 < source.count else { throw fail("a backslash at the end", at: index) }
    let next = byte(1)
    canQuantify = true
    switch next {
    case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "n"), UInt8(ascii: "r"),
      UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "a"):
      copy(2)
    case UInt8(ascii: "v"): replace(2, with: "\\x0B")
    case UInt8(ascii: "s"): replace(2, with: isInClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]")
    case UInt8(ascii: "S"):
      replace(2, with: isInClass ? "\\x00-\\x08\\x0B\\x0E-\\x1F\\x21-\\x{10FFFF}" : "[^\\t\\n\\f\\r ]")
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"):
      guard !isInClass else { throw fail("there is no such escape in a class", at: index) }
      copy(2)
      canQuantify = false
    case UInt8(ascii: "Q"): quoted()
    case UInt8(ascii: "x"): try hexadecimal()
    case UInt8(ascii: "p"), UInt8(ascii: "P"): try property()
    case UInt8(ascii: "0"): octal()
    case UInt8(ascii: "1")...UInt8(ascii: "7") where isOctal(byte(2)) && isOctal(byte(3)): octal()
    case UInt8(ascii: "1")...UInt8(ascii: "9"): throw fail("RE2 has no back references", at: index)
    case 0x80...: throw fail("this character needs no backslash", at: index)
    default:
      guard (next | 0x20) &- UInt8(ascii: "a") >= 26 else {
        throw fail("RE2 has no escape '\\\(Character(Unicode.Scalar(next)))'", at: index)
      }
      copy(2)
    }
  }

  private func isOctal(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 8 }

  private mutating func octal() {
    var value: UInt32 = 0
    var length = 1
    while length < 4, isOctal(byte(length)) {
      value = value * 8 + UInt32(byte(length) - 0x30)
      length += 1
    }
    replace(length, with: "\\x{\(String(value, radix: 16))}")
  }

  /// `\Q…\E`: each character for itself.
  private mutating func quoted() {
    index += 2
    while index < source.count {
      if byte(0) == UInt8(ascii: "\\"), byte(1) == UInt8(ascii: "E") {
        index += 2
        return
      }
      let isPlain = byte(0) >= 0x80 || (byte(0) | 0x20) &- UInt8(ascii: "a") < 26 || byte(0) &- UInt8(ascii: "0") < 10
      if !isPlain {
        text.append(UInt8(ascii: "\\"))
        offsets.append(index)
      }
      copy(1)
    }
  }

  private mutating func hexadecimal() throws(PatternError) {
    let digits: Range<Int>
    let end: Int
    if byte(2) == UInt8(ascii: "{") {
      var length = 3
      while byte(length) != 0, byte(length) != UInt8(ascii: "}") { length += 1 }
      digits = index + 3..<index + length
      end = length + 1
    } else {
      digits = min(index + 2, source.count)..<min(index + 4, source.count)
      end = 4
    }
    let word = String(decoding: source[digits.clamped(to: 0..<source.count)], as: UTF8.self)
    guard word.count >= (end == 4 ? 2 : 1), word.count <= 8, let value = UInt32(word, radix: 16), word.first != "+",
      Unicode.Scalar(value) != nil
    else { throw fail("\\x needs a character's hexadecimal number", at: index) }
    replace(end, with: "\\x{\(String(value, radix: 16))}")
  }

  private mutating func property() throws(PatternError) {
    if byte(2) == UInt8(ascii: "{") {
      var length = 3
      while byte(length) != 0, byte(length) != UInt8(ascii: "}") { length += 1 }
      guard byte(length) != 0, length > 3 else { throw fail("\\p needs a property: \\pL or \\p{Greek}", at: index) }
      return copy(length + 1)
    }
    guard "CLMNPSZ".utf8.contains(byte(2)), byte(2) != 0 else {
      throw fail("\\p needs a property: \\pL or \\p{Greek}", at: index)
    }
    copy(3)
  }
}
