import Core
import Values

/// A change that a destination makes to values by design. Two values match if they are equal after it is applied to both.
///
/// In a list or an object, it applies to each value. Values of other types are left unchanged.
package enum FieldNormalizer: String, Sendable, Hashable, CaseIterable {
  /// Ignores leading and trailing whitespace.
  case trim
  /// Treats each run of whitespace as one space and ignores it at both ends, like the function `collapse`.
  case spaces
  /// Ignores case, like the function `lower`.
  case lower
  /// Compares only the digits of a string and a leading `+`.
  case digits
  /// Treats a number in a string as that number: `"12.50"` matches `12.5`.
  case number
  /// Ignores the offset of a timestamp and fractions of a second.
  case instant
  /// Treats null, `""`, `[]`, a missing member, and an object that contains only such values as equal.
  case empty
  /// Ignores the order of a list.
  case unordered
  /// Where no value was sent, any value counts as equal: the destination fills in its own.
  case `default`

  /// The names as written in a pipeline.
  package static let names = allCases.map(\.rawValue)
}

extension Set<FieldNormalizer> {
  /// Applies all normalizers in the order of their declaration, whatever order the pipeline lists them in, so that none
  /// undoes what another one needs.
  func normalized(_ text: String) -> JSONValue {
    var text = text
    if contains(.trim) {
      let bytes = Array(text.utf8)
      text = String(decoding: bytes[Whitespace.trimmed(bytes.span)], as: UTF8.self)
    }
    if contains(.spaces) { text = Self.rewritten(text) { Whitespace.collapse($0, into: &$1) } }
    if contains(.lower) {
      // Unify both forms of lowercase sigma: not every system uses the word-final form.
      text = Self.rewritten(text) { Casing.lower($0, into: &$1) }.replacing("ς", with: "σ")
    }
    if contains(.digits) {
      let sign = text.drop { $0.isWhitespace }.hasPrefix("+") ? "+" : ""
      text = sign + Self.rewritten(text) { DigitText.digits($0, into: &$1) }
    }
    if contains(.number), let number = Self.number(text) { return .number(number) }
    if contains(.instant), let seconds = InstantText.seconds(of: Array(text.utf8).span) { return .number(String(seconds)) }
    return contains(.empty) && text.isEmpty ? .null : .string(text)
  }

  /// - Parameter kernel: returns false if it appended nothing and the text stays unchanged.
  private static func rewritten(_ text: String, _ kernel: (Span<UInt8>, inout ByteArena) -> Bool) -> String {
    let bytes = Array(text.utf8)
    var arena = ByteArena(capacity: bytes.count + 64)
    arena.begin()
    return kernel(bytes.span, &arena) ? arena.finish().string : text
  }

  private static func number(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    var arena = ByteArena(capacity: bytes.count + 64)
    arena.begin()
    return Numbers.number(bytes.span, into: &arena) == nil ? arena.finish().string : nil
  }
}
