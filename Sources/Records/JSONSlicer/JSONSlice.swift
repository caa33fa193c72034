import Core

/// One value inside a checked JSON text: shares the text's bytes.
package struct JSONSlice: Sendable {
  package enum Kind: Sendable, Hashable { case object, array, string, number, boolean, null }

  package struct Member: Sendable {
    package var name: String
    package var value: JSONSlice
  }

  private let bytes: [UInt8]
  package let range: Range<Int>
  /// Where its parts are; nil if that was not recorded when the text was checked.
  private let place: JSONIndexPlace?

  init(bytes: [UInt8], range: Range<Int>, place: JSONIndexPlace? = nil) {
    self.bytes = bytes
    self.range = range
    self.place = place
  }

  package var kind: Kind {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  /// The first member with this name; nil if there is none or this is not an object.
  package subscript(_ name: String) -> JSONSlice? {
    var found: JSONSlice?
    eachMember { text, key, value in
      guard Self.matches(text, key, name) else { return true }
      found = value
      return false
    }
    return found
  }

  /// For each of `names`, the first member that has it; nil if there is none. One pass over the value, however many names.
  package func members(named names: [String]) -> [JSONSlice?] {
    var found = [JSONSlice?](repeating: nil, count: names.count)
    eachMember { text, key, value in
      for (index, name) in names.enumerated() where found[index] == nil && Self.matches(text, key, name) {
        found[index] = value
        break
      }
      return true
    }
    return found
  }

  /// All members, in order; empty if this is not an object.
  package var members: [Member] {
    var members: [Member] = []
    eachMember { _, key, value in
      members.append(Member(name: JSONSlice(bytes: bytes, range: key).stringValue ?? "", value: value))
      return true
    }
    return members
  }

  /// All members, each with its text as it is written: `"name":value`. In order; empty if this is not an object.
  package var memberTexts: [(name: String, text: ArraySlice<UInt8>)] {
    var members: [(name: String, text: ArraySlice<UInt8>)] = []
    eachMember { _, key, value in
      let name = JSONSlice(bytes: bytes, range: key).stringValue ?? ""
      members.append((name, bytes[key.lowerBound..<value.range.upperBound]))
      return true
    }
    return members
  }

  /// The elements, in order; empty if this is not an array.
  package var elements: [JSONSlice] {
    guard kind == .array else { return [] }
    if let place, place.hasChildren {
      var elements: [JSONSlice] = []
      place.eachChild { _, value, child in
        elements.append(JSONSlice(bytes: bytes, range: value, place: child))
        return true
      }
      return elements
    }
    var ranges: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer, at: range.lowerBound + 1)
      scanner.skipSpace()
      if scanner.take(UInt8(ascii: "]")) { return }
      repeat {
        ranges.append(scanner.nextValue())
        scanner.skipSpace()
      } while scanner.take(UInt8(ascii: ","))
    }
    return ranges.map { JSONSlice(bytes: bytes, range: $0) }
  }

  /// The text of a string, escapes resolved; invalid UTF-8 and lone surrogates become U+FFFD.
  package var stringValue: String? {
    guard kind == .string else { return nil }
    let inner = bytes[(range.lowerBound + 1)..<(range.upperBound - 1)]
    if !inner.contains(UInt8(ascii: "\\")) { return String(decoding: inner, as: UTF8.self) }
    return JSONEscapes.resolve(inner)
  }

  package var integerValue: Int? { kind == .number ? Int(json: String(decoding: raw, as: UTF8.self)) : nil }
  package var doubleValue: Double? { kind == .number ? Double(String(decoding: raw, as: UTF8.self)) : nil }
  package var boolValue: Bool? { kind == .boolean ? bytes[range.lowerBound] == UInt8(ascii: "t") : nil }
  package var isNull: Bool { kind == .null }

  /// The value's own bytes.
  package var raw: ArraySlice<UInt8> { bytes[range] }

  /// The value on one line: byte for byte, except line breaks between tokens (inside strings they are escaped).
  package var line: [UInt8] {
    let own = raw
    guard own.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return Array(own) }
    return own.filter { $0 != 0x0A && $0 != 0x0D }
  }

  /// Calls `body` with the text, the name with its quotes, and the value of each member, until it returns false.
  private func eachMember(_ body: (UnsafeBufferPointer<UInt8>, Range<Int>, JSONSlice) -> Bool) {
    guard kind == .object else { return }
    bytes.withUnsafeBufferPointer { buffer in
      if let place, place.hasChildren {
        return place.eachChild { key, value, child in body(buffer, key, JSONSlice(bytes: bytes, range: value, place: child)) }
      }
      var scanner = JSONScanner(buffer, at: range.lowerBound + 1)
      scanner.skipSpace()
      if scanner.take(UInt8(ascii: "}")) { return }
      repeat {
        scanner.skipSpace()
        let start = scanner.position
        scanner.skipString()
        let key = start..<scanner.position
        scanner.skipSpace()
        _ = scanner.take(UInt8(ascii: ":"))
        let value = scanner.nextValue()
        if !body(buffer, key, JSONSlice(bytes: bytes, range: value)) { return }
        scanner.skipSpace()
      } while scanner.take(UInt8(ascii: ","))
    }
  }

  /// `key` is a string with its quotes.
  private static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ key: Range<Int>, _ name: String) -> Bool {
    let inner = bytes[(key.lowerBound + 1)..<(key.upperBound - 1)]
    if inner.count == name.utf8.count, inner.elementsEqual(name.utf8) { return true }
    return inner.contains(UInt8(ascii: "\\")) && JSONEscapes.resolve(inner).isExactly(name)
  }
}

/// Escapes inside a JSON string that was checked.
enum JSONEscapes {
  static func resolve(_ inner: some RandomAccessCollection<UInt8>) -> String {
    let bytes = Array(inner)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    func unit(at start: Int) -> UInt32? {
      guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
        return nil
      }
      return bytes[(start + 2)..<(start + 6)].reduce(0) { $0 << 4 | (JSONScanner.hexValue($1) ?? 0) }
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        out.append(bytes[index])
        index += 1
        continue
      }
      if let code = unit(at: index) {
        var scalar = Unicode.Scalar(code)
        index += 6
        if scalar == nil, code < 0xDC00, let low = unit(at: index), (0xDC00..<0xE000).contains(low) {
          scalar = Unicode.Scalar(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00))
          index += 6
        }
        out.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "t"): out.append(9)
      default: out.append(bytes[index + 1])
      }
      index += 2
    }
    return String(decoding: out, as: UTF8.self)
  }
}
