/// Checks and walks JSON text (RFC 8259's grammar) without building a tree and without recursion, so that depth costs nothing.
/// The bytes inside strings are not interpreted: only the form of escapes is checked; UTF-8 and surrogates are checked when
/// the record is read.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  // MARK: Checking

  /// Checks one value from `position` on, and records in `index` where its parts are. Brackets that are open are kept as bits:
  /// true for an object.
  mutating func checkValue(_ index: inout JSONIndex) throws(JSONSlicer.Failure) {
    var open: [Bool] = []
    var key = 0..<0
    while true {
      skipSpace()
      guard position < bytes.count else { throw failure("the text ends where a value is expected") }
      let byte = bytes[position]
      index.begin(key, at: position, depth: open.count)
      if byte == UInt8(ascii: "{") {
        position += 1
        skipSpace()
        if !take(UInt8(ascii: "}")) {
          open.append(true)
          key = try checkName()
          continue
        }
      } else if byte == UInt8(ascii: "[") {
        position += 1
        skipSpace()
        if !take(UInt8(ascii: "]")) {
          open.append(false)
          key = 0..<0
          continue
        }
      } else {
        try checkScalar(byte)
      }
      index.end(at: position, depth: open.count)
      // A value is complete: close what ends here, or continue with the next one.
      closing: while true {
        guard let isObject = open.last else { return }
        skipSpace()
        if take(UInt8(ascii: ",")) {
          if isObject {
            skipSpace()
            key = try checkName()
          } else {
            key = 0..<0
          }
          break closing
        }
        guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw failure(position == bytes.count ? "the text ends inside a value" : "',' or a closing bracket is expected")
        }
        open.removeLast()
        index.end(at: position, depth: open.count)
      }
    }
  }

  /// - Returns: the name with its quotes.
  private mutating func checkName() throws(JSONSlicer.Failure) -> Range<Int> {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw failure(position == bytes.count ? "the text ends inside an object" : "a member's name is expected")
    }
    let start = position
    try checkString()
    let name = start..<position
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw failure("':' is expected after a member's name") }
    return name
  }

  private mutating func checkScalar(_ byte: UInt8) throws(JSONSlicer.Failure) {
    switch byte {
    case UInt8(ascii: "\""): try checkString()
    case UInt8(ascii: "t"): try checkWord("true")
    case UInt8(ascii: "f"): try checkWord("false")
    case UInt8(ascii: "n"): try checkWord("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try checkNumber()
    default: throw failure("a value is expected")
    }
  }

  private mutating func checkString() throws(JSONSlicer.Failure) {
    let start = position
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte < 0x20 { throw failure("a control character must be written as an escape", at: position - 1) }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard position < bytes.count else { break }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
        UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        continue
      case UInt8(ascii: "u"):
        for offset in 0..<4 {
          guard position + offset < bytes.count, Self.hexValue(bytes[position + offset]) != nil else {
            throw failure("four hexadecimal digits are expected after \\u")
          }
        }
        position += 4
      default: throw failure("unknown escape", at: position - 2)
      }
    }
    throw failure("a string is not closed", at: start)
  }

  private mutating func checkWord(_ word: StaticString) throws(JSONSlicer.Failure) {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw failure("the text ends inside a word") }
    for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] { throw failure("unknown word") }
    position += count
  }

  private mutating func checkNumber() throws(JSONSlicer.Failure) {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let first = position
    let count = skipDigits()
    guard count == 1 || count > 1 && bytes[first] != UInt8(ascii: "0") else { throw failure("not a JSON number", at: start) }
    if take(UInt8(ascii: ".")), skipDigits() == 0 { throw failure("digits are expected after '.'") }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if skipDigits() == 0 { throw failure("digits are expected in the exponent") }
    }
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return position - start
  }

  // MARK: Walking checked text

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// The next value's bytes, without space around it.
  mutating func nextValue() -> Range<Int> {
    skipSpace()
    let start = position
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        skipString()
        if depth == 0 { return start..<position }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // At depth 0, this closes the container of the value.
        if depth == 0 { return start..<position }
        depth -= 1
        position += 1
        if depth == 0 { return start..<position }
      case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
        if depth == 0 { return start..<position }
        position += 1
      default: position += 1
      }
    }
    return start..<position
  }

  /// Moves past the string that starts here.
  mutating func skipString() {
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\") { position += 1 }
    }
  }

  static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private func failure(_ message: String, at offset: Int? = nil) -> JSONSlicer.Failure {
    JSONSlicer.Failure(message: message, offset: offset ?? position)
  }
}
