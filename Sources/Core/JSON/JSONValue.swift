/// A JSON value as a tree, for documents that are read once: schemas, definitions, manifests. Never on the hot path.
///
/// Numbers keep their original digits; objects keep the order of their members. Texts and names are equal when their bytes
/// are.
package indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Hashable {
    @ByBytes package var name: String
    package var value: JSONValue
    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  package subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name.isExactly(name) }?.value
  }

  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)), (.string(let left), .string(let right)): left.isExactly(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let text), .string(let text): hasher.combine(Name(text))
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }

  package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var objectValue: [Member]? { if case .object(let value) = self { value } else { nil } }
  package var intValue: Int? { if case .number(let digits) = self { Int(json: digits) } else { nil } }
  package var doubleValue: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }

  package static func number(_ value: Int) -> JSONValue { .number(String(value)) }
  package static func number(_ value: Double) -> JSONValue {
    value == value.rounded() && abs(value) < 1e15 ? .number(String(Int(value))) : .number(String(value))
  }

  /// Compact JSON text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Compact JSON text.
  package var bytes: [UInt8] {
    var out: [UInt8] = []
    write(to: &out)
    return out
  }

  /// Indented JSON text, ending in a line break: for files that people read.
  package var prettyText: String {
    var out: [UInt8] = []
    write(to: &out, indent: 0)
    return String(decoding: out, as: UTF8.self) + "\n"
  }

  private func write(to out: inout [UInt8], indent: Int? = nil) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .number(let digits): out += digits.utf8
    case .string(let value): Self.write(value, to: &out)
    case .array(let elements):
      Self.write("[", "]", elements, to: &out, indent) { element, out, inner in element.write(to: &out, indent: inner) }
    case .object(let members):
      Self.write("{", "}", members, to: &out, indent) { member, out, inner in
        Self.write(member.name, to: &out)
        out += (indent == nil ? ":" : ": ").utf8
        member.value.write(to: &out, indent: inner)
      }
    }
  }

  /// A comma-separated list in brackets.
  private static func write<Part>(
    _ start: String, _ end: String, _ parts: [Part], to out: inout [UInt8], _ indent: Int?,
    _ write: (Part, inout [UInt8], _ indent: Int?) -> Void
  ) {
    func breakLine(_ depth: Int?) {
      if let depth { out += ("\n" + String(repeating: "  ", count: depth)).utf8 }
    }
    let inner = indent.map { $0 + 1 }
    out += start.utf8
    for (index, part) in parts.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      breakLine(inner)
      write(part, &out, inner)
    }
    if !parts.isEmpty { breakLine(indent) }
    out += end.utf8
  }

  /// A quoted string.
  package static func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    defer { out.append(UInt8(ascii: "\"")) }
    // Most strings have nothing to escape.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      out += text.utf8
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case UInt8(ascii: "\n"): out += "\\n".utf8
      case UInt8(ascii: "\r"): out += "\\r".utf8
      case UInt8(ascii: "\t"): out += "\\t".utf8
      case 0..<0x20:
        let hex = String(byte, radix: 16)
        out += ("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8
      default: out.append(byte)
      }
    }
  }
}
