/// A JSON value as its text has it: numbers by their digits, members in their order, doubled ones, too. Read by a reader of the tests'
/// own, so that what the product reads and writes is judged by somebody else.
indirect enum PlainJSON: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case text(String)
  case list([PlainJSON])
  case object([(name: String, value: PlainJSON)])

  struct Fault: Error { var offset: Int }

  /// The value of a whole text.
  init(_ text: some Collection<UInt8>) throws {
    var reader = Reader(bytes: Array(text))
    self = try reader.value()
    reader.skipSpace()
    guard reader.at == reader.bytes.count else { throw Fault(offset: reader.at) }
  }

  init(_ text: String) throws { try self.init(text.utf8) }

  /// The first member of that name; nil where there is none.
  func member(_ name: String) -> PlainJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value at the end of names.
  func member(at names: [String]) -> PlainJSON? {
    var found: PlainJSON? = self
    for name in names { found = found?.member(name) }
    return found
  }

  var string: String? { if case .text(let text) = self { text } else { nil } }
  var elements: [PlainJSON]? { if case .list(let elements) = self { elements } else { nil } }

  /// Compact, escaping no more than JSON asks for.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .text(let text): Self.quoted(text)
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\u{8}": out += "\\b"
      case "\u{C}": out += "\\f"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// Every text in it, names apart.
  var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let elements): elements.flatMap(\.texts)
    case .object(let members): members.flatMap(\.value.texts)
    default: []
    }
  }

  /// Texts by their scalars: what Unicode calls canonically equal is not the same text.
  static func == (left: PlainJSON, right: PlainJSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
    case (.list(let one), .list(let other)): one == other
    case (.object(let one), .object(let other)):
      one.count == other.count
        && zip(one, other).allSatisfy { $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value }
    default: false
    }
  }

  private struct Reader {
    var bytes: [UInt8]
    var at = 0

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skipSpace() {
      while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private mutating func take(_ wanted: String) throws {
      for byte in wanted.utf8 {
        guard self.byte == byte else { throw Fault(offset: at) }
        at += 1
      }
    }

    mutating func value() throws -> PlainJSON {
      skipSpace()
      switch byte {
      case UInt8(ascii: "n"):
        try take("null")
        return .null
      case UInt8(ascii: "t"):
        try take("true")
        return .bool(true)
      case UInt8(ascii: "f"):
        try take("false")
        return .bool(false)
      case UInt8(ascii: "\""): return .text(try string())
      case UInt8(ascii: "["):
        return .list(try series(UInt8(ascii: "]")) { reader in try reader.value() })
      case UInt8(ascii: "{"):
        return .object(
          try series(UInt8(ascii: "}")) { reader in
            reader.skipSpace()
            let name = try reader.string()
            reader.skipSpace()
            try reader.take(":")
            return (name, try reader.value())
          })
      default: return .number(try number())
      }
    }

    private mutating func series<Element>(_ end: UInt8, _ read: (inout Reader) throws -> Element) throws -> [Element] {
      at += 1
      var elements: [Element] = []
      skipSpace()
      if byte == end {
        at += 1
        return elements
      }
      while true {
        elements.append(try read(&self))
        skipSpace()
        if byte == end {
          at += 1
          return elements
        }
        try take(",")
      }
    }

    private mutating func number() throws -> String {
      let start = at
      func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }
      if byte == UInt8(ascii: "-") { at += 1 }
      let first = at
      while isDigit(byte) { at += 1 }
      guard at > first, at == first + 1 || bytes[first] != 0x30 else { throw Fault(offset: at) }
      if byte == UInt8(ascii: ".") {
        at += 1
        guard isDigit(byte) else { throw Fault(offset: at) }
        while isDigit(byte) { at += 1 }
      }
      if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
        at += 1
        if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
        guard isDigit(byte) else { throw Fault(offset: at) }
        while isDigit(byte) { at += 1 }
      }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    mutating func string() throws -> String {
      try take("\"")
      var units: [UInt8] = []
      while let byte {
        at += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let text = String(validating: units, as: UTF8.self) else { throw Fault(offset: at) }
          return text
        case UInt8(ascii: "\\"): try escape(&units)
        case 0..<0x20: throw Fault(offset: at)
        default: units.append(byte)
        }
      }
      throw Fault(offset: at)
    }

    private mutating func escape(_ units: inout [UInt8]) throws {
      let letters: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
      ]
      guard let byte else { throw Fault(offset: at) }
      at += 1
      if let letter = letters[byte] { return units.append(letter) }
      guard byte == UInt8(ascii: "u") else { throw Fault(offset: at) }
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        try take("\\u")
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw Fault(offset: at) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw Fault(offset: at) }
      units += Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws -> UInt32 {
      guard at + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else {
        throw Fault(offset: at)
      }
      at += 4
      return code
    }
  }
}
