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
  package var text: String {
    var out = ""
    write(to: &out)
    return out
  }

  /// Indented JSON text, ending in a line break: for files that people read.
  package var prettyText: String {
    var out = ""
    write(to: &out, indent: 0)
    return out + "\n"
  }

  private func write(to out: inout String, indent: Int? = nil) {
    let inner = indent.map { $0 + 1 }
    func lineBreak(_ depth: Int?) -> String { depth.map { "\n" + String(repeating: "  ", count: $0) } ?? "" }
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .number(let digits): out += digits
    case .string(let value): Self.write(value, to: &out)
    case .array(let elements):
      out += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { out += "," }
        out += lineBreak(inner)
        element.write(to: &out, indent: inner)
      }
      if !elements.isEmpty { out += lineBreak(indent) }
      out += "]"
    case .object(let members):
      out += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { out += "," }
        out += lineBreak(inner)
        Self.write(member.name, to: &out)
        out += indent == nil ? ":" : ": "
        member.value.write(to: &out, indent: inner)
      }
      if !members.isEmpty { out += lineBreak(indent) }
      out += "}"
    }
  }

  private static func write(_ value: String, to out: inout String) {
    out += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0}"..<"\u{20}":
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
