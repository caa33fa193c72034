package import Core
import Records

/// Reads JSON text (RFC 8259) onto a tape, strictly, without recursion: depth costs no stack, and is limited all the
/// same, since the validator follows it.
struct InstanceReader {
  private let input: UnsafeBufferPointer<UInt8>
  private let tape: InstanceTape
  private var position = 0
  /// Containers that are open: their node, how many values they have, and how many nodes' names have been seen.
  private var open: [(node: Int, children: Int, isObject: Bool)] = []

  /// Nil: the tape holds the value, node 0. A text with anything but white space after its value is not valid JSON.
  static func read(_ input: UnsafeBufferPointer<UInt8>, onto tape: InstanceTape) -> InstanceFault? {
    tape.removeAll()
    // Offsets are 32 bits wide.
    guard input.count < 1 << 30 else { return InstanceFault(code: .recordTooLarge, offset: 0) }
    var reader = InstanceReader(input, tape)
    do throws(InstanceFault) {
      try reader.read()
      return nil
    } catch {
      return error
    }
  }

  private init(_ input: UnsafeBufferPointer<UInt8>, _ tape: InstanceTape) {
    self.input = input
    self.tape = tape
  }

  private func fault(_ code: ProblemCode = .invalidJSON, at offset: Int? = nil) -> InstanceFault {
    InstanceFault(code: code, offset: offset ?? position)
  }

  private mutating func read() throws(InstanceFault) {
    skipSpace()
    var name: (start: Int32, count: Int32)?
    while true {
      try value(name)
      name = nil
      // A value is complete, or a container has been opened and is empty so far.
      while true {
        skipSpace()
        guard let last = open.last else {
          guard position == input.count else { throw fault() }
          return
        }
        let closing = last.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        guard position < input.count else { throw fault() }
        if input[position] == closing {
          position += 1
          tape.close(last.node, children: last.children)
          if last.isObject { try checkNames(of: last.node, count: last.children) }
          open.removeLast()
          continue
        }
        if last.children > 0 {
          guard input[position] == UInt8(ascii: ",") else { throw fault() }
          position += 1
          skipSpace()
        }
        open[open.count - 1].children += 1
        if last.isObject { name = try memberName() }
        break
      }
    }
  }

  private mutating func memberName() throws(InstanceFault) -> (start: Int32, count: Int32) {
    guard position < input.count, input[position] == UInt8(ascii: "\"") else { throw fault() }
    let start = tape.byteCount
    try string()
    let count = tape.byteCount - start
    skipSpace()
    guard position < input.count, input[position] == UInt8(ascii: ":") else { throw fault() }
    position += 1
    skipSpace()
    return (Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: count))
  }

  /// Reads a scalar, or opens a container.
  private mutating func value(_ name: (start: Int32, count: Int32)?) throws(InstanceFault) {
    guard position < input.count else { throw fault() }
    var node = InstanceTape.Node(kind: .null)
    if let name { (node.nameStart, node.nameCount) = name }
    node.start = Int32(truncatingIfNeeded: tape.byteCount)
    switch input[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isObject = input[position] == UInt8(ascii: "{")
      node.kind = isObject ? .object : .array
      guard open.count < InstanceTape.maximumDepth else { throw fault(.recordTooDeep) }
      open.append((tape.append(node), 0, isObject))
      position += 1
      return
    case UInt8(ascii: "\""):
      node.kind = .string
      try string()
    case UInt8(ascii: "t"):
      node.kind = .true
      try word("true")
    case UInt8(ascii: "f"):
      node.kind = .false
      try word("false")
    case UInt8(ascii: "n"): try word("null")
    default:
      node.kind = .number
      try number()
    }
    node.count = Int32(truncatingIfNeeded: tape.byteCount) - node.start
    tape.close(tape.append(node), children: 0)
  }

  private mutating func skipSpace() {
    while position < input.count {
      switch input[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func word(_ word: StaticString) throws(InstanceFault) {
    let count = word.utf8CodeUnitCount
    guard position + count <= input.count else { throw fault() }
    for offset in 0..<count where input[position + offset] != word.utf8Start[offset] { throw fault() }
    position += count
  }

  private mutating func number() throws(InstanceFault) {
    let start = position
    if input[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    let count = digits()
    guard count == 1 || count > 1 && input[first] != UInt8(ascii: "0") else { throw fault(at: start) }
    if position < input.count, input[position] == UInt8(ascii: ".") {
      position += 1
      if digits() == 0 { throw fault() }
    }
    if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < input.count, input[position] == UInt8(ascii: "+") || input[position] == UInt8(ascii: "-") { position += 1 }
      if digits() == 0 { throw fault() }
    }
    tape.append(UnsafeBufferPointer(rebasing: input[start..<position]))
  }

  private mutating func digits() -> Int {
    let start = position
    while position < input.count, ASCII.isDigit(input[position]) { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(InstanceFault) {
    position += 1
    let textStart = tape.byteCount
    var isASCII = true
    while true {
      let start = position
      while position < input.count {
        let byte = input[position]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
        if byte >= 0x80 { isASCII = false }
        position += 1
      }
      guard position < input.count else { throw fault() }
      tape.append(UnsafeBufferPointer(rebasing: input[start..<position]))
      let byte = input[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        if !isASCII, !tape.isUTF8(from: textStart) { throw fault(.invalidUTF8, at: position - 1) }
        return
      }
      guard byte == UInt8(ascii: "\\") else { throw fault() }
      try escape()
    }
  }

  private mutating func escape() throws(InstanceFault) {
    guard position + 1 < input.count else { throw fault() }
    let byte = input[position + 1]
    position += 2
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): tape.append(byte)
    case UInt8(ascii: "b"): append(8)
    case UInt8(ascii: "f"): append(12)
    case UInt8(ascii: "n"): tape.append(10)
    case UInt8(ascii: "r"): tape.append(13)
    case UInt8(ascii: "t"): tape.append(9)
    case UInt8(ascii: "u"):
      let start = position - 2
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        guard position + 1 < input.count, input[position] == UInt8(ascii: "\\"), input[position + 1] == UInt8(ascii: "u") else {
          throw fault(.invalidUTF8, at: start)
        }
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw fault(.invalidUTF8, at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      } else if (0xDC00..<0xE000).contains(code) {
        throw fault(.invalidUTF8, at: start)
      }
      append(code)
    default: throw fault(at: position - 2)
    }
  }

  private func append(_ code: UInt32) {
    tape.append(scalar: code)
    if tape.controlCharacter == nil, ControlCharacters.contains(code) { tape.controlCharacter = code }
  }

  private mutating func hexadecimal() throws(InstanceFault) -> UInt32 {
    guard position + 4 <= input.count else { throw fault() }
    var value: UInt32 = 0
    for offset in 0..<4 {
      let byte = input[position + offset]
      guard ASCII.isHexDigit(byte) else { throw fault() }
      value = value << 4 | UInt32(ASCII.isDigit(byte) ? byte & 0x0F : (byte | 0x20) - UInt8(ascii: "a") + 10)
    }
    position += 4
    return value
  }

  // MARK: Names

  /// A member that occurs twice makes a record ambiguous.
  private func checkNames(of object: Int, count: Int) throws(InstanceFault) {
    guard count > 1, tape.hasDuplicateName(object, count: count) else { return }
    throw fault(.duplicateMember, at: position - 1)
  }
}

/// Why an instance cannot be read, and where, in bytes from its beginning.
package struct InstanceFault: Error, Sendable, Hashable {
  package var code: ProblemCode
  package var offset: Int
}
