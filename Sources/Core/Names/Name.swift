/// A name in the data (a field, a key, a member, a header cell, an enum member), for dictionary keys and set elements.
///
/// Two names are equal when their UTF-8 is equal. `String` instead compares by canonical equivalence: "é" as one code point
/// and "e" with a combining accent would be one key, although the records, the files and the receiving system keep them
/// apart.
package struct Name: Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(_ text: Substring) { self.text = String(text) }
  package init(stringLiteral text: String) { self.text = text }

  package var description: String { text }

  package static func == (left: Name, right: Name) -> Bool { left.text.isExactly(right.text) }

  /// Byte order, which in UTF-8 is code point order.
  package static func < (left: Name, right: Name) -> Bool { left.text.precedesExactly(right.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // A byte that UTF-8 never contains: it makes the boundary between names part of the hash.
    hasher.combine(0xFF as UInt8)
  }
}

/// A stored text that takes part in its type's equality and hash by its bytes. The synthesized `==` of a type compares property
/// wrappers, so declaring `@ByBytes var name: String` is enough.
@propertyWrapper
package struct ByBytes: Sendable, Hashable {
  package var wrappedValue: String

  package init(wrappedValue: String) { self.wrappedValue = wrappedValue }

  package static func == (left: ByBytes, right: ByBytes) -> Bool { left.wrappedValue.isExactly(right.wrappedValue) }

  package func hash(into hasher: inout Hasher) { Name(wrappedValue).hash(into: &hasher) }
}

extension Name: Codable {
  package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
