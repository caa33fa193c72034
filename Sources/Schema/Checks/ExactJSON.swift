package import Core
import Values

/// Equality as JSON Schema means it: numbers by value (1 is 1.0), objects without order, text by code points.
package enum ExactJSON {
  /// Bytes that are equal for equal values and only for those.
  static func key(of value: JSONValue) -> [UInt8] {
    var key: [UInt8] = []
    append(value, to: &key)
    return key
  }

  package static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool { key(of: left) == key(of: right) }

  /// The values of `list` that are also in `other`; all of `list` if `other` is nil.
  static func common(_ other: [JSONValue]?, _ list: [JSONValue]) -> [JSONValue] {
    guard let other else { return list }
    let keys = Set(other.map(key))
    return list.filter { keys.contains(key(of: $0)) }
  }

  private static func append(_ value: JSONValue, to key: inout [UInt8]) {
    switch value {
    case .null: key.append(UInt8(ascii: "n"))
    case .bool(let value): key.append(UInt8(ascii: value ? "t" : "f"))
    case .number(let digits): digits.withBytes { Numbers.appendKey(of: $0, to: &key) }
    case .string(let text): appendText(text.utf8, to: &key)
    case .array(let elements):
      key.append(UInt8(ascii: "["))
      for element in elements { append(element, to: &key) }
      key.append(UInt8(ascii: "]"))
    case .object(let members):
      key.append(UInt8(ascii: "{"))
      let sorted = members.sorted { $0.name.precedesExactly($1.name) }
      for member in sorted {
        appendText(member.name.utf8, to: &key)
        append(member.value, to: &key)
      }
      key.append(UInt8(ascii: "}"))
    }
  }

  /// Length first, so that no text can look like the end of another.
  static func appendText(_ text: some Collection<UInt8>, to key: inout [UInt8]) {
    key.append(UInt8(ascii: "\""))
    key.append(contentsOf: String(text.count).utf8)
    key.append(UInt8(ascii: ":"))
    key.append(contentsOf: text)
  }
}

extension String {
  /// The UTF-8 of a text that is read once, outside of the hot path.
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = Array(utf8)
    return body(bytes.span)
  }
}
