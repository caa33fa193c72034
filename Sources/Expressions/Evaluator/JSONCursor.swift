import Core
import Values

/// Reads JSON text that is known to be valid, where it is asked: members and elements of objects that a record carries as text.
///
/// Only what is needed is read; the rest is skipped. No recursion.
struct JSONCursor {
  private let start: UnsafePointer<UInt8>
  private let count: Int
  private var position = 0

  init(_ text: Text) {
    start = text.start
    count = text.count
  }

  @inline(__always)
  private var byte: UInt8 { position < count ? start[position] : 0 }

  @inline(__always)
  private mutating func skipSpace() { while position < count, start[position] <= 0x20 { position += 1 } }

  /// Steps into the object or array.
  mutating func enter() {
    skipSpace()
    position += 1
    skipSpace()
  }

  /// Whether a member or element follows; passes the comma before it.
  mutating func hasMore() -> Bool {
    skipSpace()
    if byte == UInt8(ascii: ",") {
      position += 1
      skipSpace()
    }
    return position < count && byte != UInt8(ascii: "}") && byte != UInt8(ascii: "]")
  }

  /// The content of the string here, as written; skips it.
  mutating func string() -> (text: Text, hasEscapes: Bool) {
    position += 1
    let first = position
    var hasEscapes = false
    while position < count, start[position] != UInt8(ascii: "\"") {
      if start[position] == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
      position += 1
    }
    let end = min(position, count)
    position += 1
    return (Text(start: start + first, count: end - first), hasEscapes)
  }

  /// Skips the colon after a member's name.
  mutating func colon() {
    skipSpace()
    position += 1
    skipSpace()
  }

  /// The text of the value here; passes it.
  mutating func value() -> Text {
    skipSpace()
    let first = position
    switch byte {
    case UInt8(ascii: "\""): _ = string()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      var depth = 0
      repeat {
        switch byte {
        case UInt8(ascii: "\""):
          _ = string()
          continue
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        position += 1
      } while depth > 0 && position < count
    default:
      while position < count, start[position] > 0x20, !",]}".utf8.contains(start[position]) { position += 1 }
    }
    return Text(start: start + first, count: min(position, count) - first)
  }
}

extension ExpressionEvaluator {
  /// Reading JSON takes this many times as long as searching a text.
  private static let costOfReading = 4

  /// A JSON value's text as a value; objects and arrays stay text.
  mutating func value(ofJSON text: Text) -> ExpressionValue {
    guard text.count > 0 else { return .null }
    switch text.start[0] {
    case UInt8(ascii: "\""):
      var cursor = JSONCursor(text)
      let (inner, hasEscapes) = cursor.string()
      return .string(hasEscapes ? unescaped(inner) : inner)
    case UInt8(ascii: "{"): return ExpressionValue(.object, pointer: UnsafeRawPointer(text.start), count: text.count)
    case UInt8(ascii: "["): return ExpressionValue(.array, pointer: UnsafeRawPointer(text.start), count: text.count)
    case UInt8(ascii: "t"): return .bool(true)
    case UInt8(ascii: "f"): return .bool(false)
    case UInt8(ascii: "n"): return .null
    default: return Self.number(text)
    }
  }

  /// The text of a JSON string's inside.
  mutating func unescaped(_ text: Text) -> Text {
    madeBytes &+= text.count
    bytes.begin()
    var index = 0
    while index < text.count {
      let byte = text.start[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < text.count else {
        bytes.append(byte)
        continue
      }
      let letter = text.start[index]
      index += 1
      switch letter {
      case UInt8(ascii: "b"): bytes.append(8)
      case UInt8(ascii: "f"): bytes.append(12)
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "u"):
        var code = Self.hexadecimal(text, at: index)
        index += 4
        if (0xD800..<0xDC00).contains(code), index + 6 <= text.count {
          code = 0x10000 + (code - 0xD800) << 10 + (Self.hexadecimal(text, at: index + 2) & 0x3FF)
          index += 6
        }
        bytes.append(scalar: Unicode.Scalar(code) ?? "\u{FFFD}")
      default: bytes.append(letter)
      }
    }
    return bytes.finish()
  }

  private static func hexadecimal(_ text: Text, at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for position in index..<min(index + 4, text.count) {
      let byte = text.start[position]
      value = value << 4 | UInt32(byte < 0x3A ? byte & 15 : (byte & 15) + 9)
    }
    return value
  }

  /// A list of an array's text, a map of an object's; others as they are. Objects and arrays inside stay text. An error where that
  /// would be too much.
  mutating func resolved(_ value: ExpressionValue) -> ExpressionValue {
    guard value.kind == .array || value.kind == .object else { return value }
    if let known = resolvedTexts.value(of: value) { return known }
    guard mayRead(bytes: Self.costOfReading * value.size) else { return .error(.tooManySteps) }
    let isObject = value.kind == .object
    let start = pending.count
    var cursor = JSONCursor(value.text)
    cursor.enter()
    while cursor.hasMore() {
      if isObject {
        let (name, hasEscapes) = cursor.string()
        cursor.colon()
        pending.push(.string(hasEscapes ? unescaped(name) : name))
      }
      let element = cursor.value()
      pending.push(self.value(ofJSON: element))
    }
    let count = pending.count - start
    defer { pending.truncate(to: start) }
    guard mayMake(bytes: 2 * count * MemoryLayout<ExpressionValue>.stride) else { return .error(.tooLarge) }
    let values = lists.take(count)
    if count > 0 { values.update(from: pending.base + start, count: count) }
    let made = ExpressionValue(
      isObject ? .map : .list, pointer: UnsafeRawPointer(values), count: isObject ? count / 2 : count)
    resolvedTexts.keep(made, of: value)
    hasMemories = true
    return made
  }

  /// The member of an object's text; nil if there is none.
  mutating func member(_ name: Text, ofJSON object: Text) -> ExpressionValue? {
    work &+= Self.costOfReading * object.count
    var cursor = JSONCursor(object)
    cursor.enter()
    while cursor.hasMore() {
      let (written, hasEscapes) = cursor.string()
      let found = hasEscapes ? unescaped(written) : written
      cursor.colon()
      let text = cursor.value()
      if Keys.equal(found, name) { return value(ofJSON: text) }
    }
    return nil
  }
}
