/// Comparisons of strings by their UTF-8. `String`'s own methods treat canonical equivalents as equal and work on grapheme
/// clusters: `"e\u{301}".hasPrefix("e")` is false. Use these methods for names and values in the data.
extension StringProtocol {
  package func isExactly(_ other: some StringProtocol) -> Bool { hasSameBytes(as: other) }

  fileprivate func hasSameBytes(as other: some StringProtocol) -> Bool {
    let same = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        unsafe left.count == right.count && left.elementsEqual(right)
      }
    }
    return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// The same, ignoring the case of ASCII letters.
  package func isExactlyInAnyCase(_ other: some StringProtocol) -> Bool {
    func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    return utf8.elementsEqual(other.utf8) { folded($0) == folded($1) }
  }

  package func precedesExactly(_ other: some StringProtocol) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

  package func hasPrefix(exactly prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

  package func hasSuffix(exactly suffix: some StringProtocol) -> Bool {
    utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  /// The parts between occurrences of the ASCII character `separator`, including empty ones. A mark that combines with the
  /// separator begins the next part.
  package func split(exactly separator: Unicode.Scalar) -> [String] {
    unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map { String(String.UnicodeScalarView($0)) }
  }

  /// The string without white space at its ends, by code points: a combining mark after a space is part of the name,
  /// although the two display as one character.
  package var trimmedExactly: String {
    var rest = unicodeScalars[...]
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    return String(String.UnicodeScalarView(rest))
  }

  package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

extension String {
  /// As for other kinds of strings. Most names that are compared differ in their length, which costs nothing.
  package func isExactly(_ other: String) -> Bool { utf8.count == other.utf8.count && hasSameBytes(as: other) }
}

extension Sequence where Element: StringProtocol {
  package func contains(exactly text: some StringProtocol) -> Bool { contains { $0.isExactly(text) } }

  /// In byte order.
  package func sortedExactly() -> [Element] { sorted { $0.precedesExactly($1) } }

  /// Whether both contain the same strings in the same order.
  package func isExactly<Other: Sequence>(_ other: Other) -> Bool where Other.Element: StringProtocol {
    elementsEqual(other) { $0.isExactly($1) }
  }
}

extension Collection where Element: StringProtocol {
  package func firstIndex(exactly text: some StringProtocol) -> Index? { firstIndex { $0.isExactly(text) } }
}

extension Optional where Wrapped: StringProtocol {
  /// False for nil.
  package func isExactly(_ other: some StringProtocol) -> Bool { map { $0.isExactly(other) } ?? false }
}
