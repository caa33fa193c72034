/// A name of the data (a field, a key, a member, a header cell, an enum member), as a key of dictionaries and sets.
///
/// Two names are equal when their UTF-8 is equal. `String` compares by canonical equivalence instead: there "é" as one code point and
/// "e" with a combining accent are one key, although the records, the files and the receiving system keep them apart.
package struct Name: Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(_ text: Substring) { self.text = String(text) }
  package init(stringLiteral text: String) { self.text = text }

  package var description: String { text }

  package static func == (left: Name, right: Name) -> Bool { left.text.isExactly(right.text) }

  /// The order of the bytes, which in UTF-8 is the order of the code points.
  package static func < (left: Name, right: Name) -> Bool { left.text.precedesExactly(right.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // No byte of UTF-8: where one name ends and the next begins is part of the hash.
    hasher.combine(0xFF as UInt8)
  }
}

/// A stored text that takes part in its type's equality and hash with its bytes. The synthesized `==` of a type compares what the
/// wrapper wraps, so `@ByBytes var name: String` is all that it takes.
@propertyWrapper
package struct ByBytes: Sendable, Hashable {
  package var wrappedValue: String

  package init(wrappedValue: String) { self.wrappedValue = wrappedValue }

  package static func == (left: ByBytes, right: ByBytes) -> Bool { left.wrappedValue.isExactly(right.wrappedValue) }

  package func hash(into hasher: inout Hasher) { Name(wrappedValue).hash(into: &hasher) }
}
