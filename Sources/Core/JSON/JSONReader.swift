/// Reads one JSON text (RFC 8259) into a `JSONValue`, strictly: anything after the value, a duplicate member, a lone
/// surrogate or invalid UTF-8 is an error with its line and column.
package struct JSONReader {
  package struct Failure: DescribedError, Sendable, Hashable {
    package var message: String
    /// From 1; the column counts bytes.
    package var line: Int
    package var column: Int
    package var description: String { "line \(line), column \(column): \(message)" }
  }

  package static let maximumDepth = 1024

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Members that occur twice, if they are collected instead of ending the parse.
  private var duplicates: [Failure]?

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  package static func read(_ text: String) throws(Failure) -> JSONValue { try read(Array(text.utf8)) }

  package static func read(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    var reader = JSONReader(bytes)
    return try reader.whole()
  }

  /// The same, but members that occur twice do not end the parse: all of them are reported, and are in the value.
  package static func readGatheringDuplicates(
    _ bytes: [UInt8]
  ) throws(Failure) -> (value: JSONValue, duplicates: [Failure]) {
    var reader = JSONReader(bytes)
    reader.duplicates = []
    let value = try reader.whole()
    return (value, reader.duplicates ?? [])
  }

  private mutating func whole() throws(Failure) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("unexpected text after the value") }
    return value
  }

  private func failure(_ message: String, at offset: Int? = nil) -> Failure {
    let end = min(offset ?? position, bytes.count)
    var line = 1
    var lineStart = 0
    for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    return Failure(message: message, line: line, column: end - lineStart + 1)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func value() throws(Failure) -> JSONValue {
    guard position < bytes.count else { throw failure("the text ends where a value is expected") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure("a value cannot start with '\(Character(UnicodeScalar(bytes[position])))'")
    }
  }

  private mutating func enter() throws(Failure) {
    depth += 1
    guard depth <= Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth) levels") }
    position += 1
    skipSpace()
  }

  private mutating func object() throws(Failure) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [JSONValue.Member] = []
    var names = SeenNames()
    if take("}") { return .object([]) }
    while true {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("a member's name in double quotes is expected")
      }
      let start = position
      let name = try string()
      if !names.insert(name) {
        let twice = failure("member \"\(name)\" occurs twice", at: start)
        guard duplicates != nil else { throw twice }
        duplicates?.append(twice)
      }
      skipSpace()
      guard take(":") else { throw failure("':' is expected after a member's name") }
      skipSpace()
      members.append(.init(name, try value()))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("',' or '}' is expected") }
      skipSpace()
    }
  }

  /// The names of one object's members.
  private struct SeenNames {
    /// Most objects have few members, and comparing a few names is faster than hashing them.
    private static let few = 8

    private var list: [String] = []
    private var set: Set<Name> = []

    /// Returns false if the name has already been inserted.
    mutating func insert(_ name: String) -> Bool {
      if list.count < Self.few {
        if list.contains(where: { $0.isExactly(name) }) { return false }
        list.append(name)
        return true
      }
      if set.isEmpty { set = Set(list.map { Name($0) }) }
      return set.insert(Name(name)).inserted
    }
  }

  private mutating func array() throws(Failure) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    if take("]") { return .array([]) }
    while true {
      elements.append(try value())
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw failure("',' or ']' is expected") }
      skipSpace()
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else { throw failure("'\(text)' is expected") }
    position += text.utf8.count
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = position
    _ = take("-")
    let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let count = digits()
    guard count > 0, !(leadingZero && count > 1) else { throw failure("not a JSON number", at: start) }
    if take("."), digits() == 0 { throw failure("digits are expected after '.'") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      if digits() == 0 { throw failure("digits are expected in the exponent") }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() throws(Failure) -> String {
    let open = position
    position += 1
    while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
    let plain = bytes[open + 1..<position]
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      position += 1
      guard let text = String(validating: plain, as: UTF8.self) else { throw failure("invalid UTF-8 in a string", at: open) }
      return text
    }
    var out = Array(plain)
    while true {
      guard position < bytes.count else { throw failure("a string is not closed", at: open) }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: out, as: UTF8.self) else { throw failure("invalid UTF-8 in a string", at: open) }
        return text
      case UInt8(ascii: "\\"): try escape(into: &out)
      case 0..<0x20: throw failure("a control character must be written as an escape")
      default:
        out.append(byte)
        position += 1
      }
    }
  }

  /// A byte that stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func escape(into out: inout [UInt8]) throws(Failure) {
    position += 1
    guard position < bytes.count else { throw failure("a string is not closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "u"):
      var code = try hex()
      if (0xD800..<0xDC00).contains(code) {
        guard take("\\"), take("u") else { throw failure("a lone surrogate") }
        let low = try hex()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
      out.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw failure("unknown escape", at: position - 2)
    }
  }

  private mutating func hex() throws(Failure) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected after \\u") }
    position += 4
    return code
  }
}
