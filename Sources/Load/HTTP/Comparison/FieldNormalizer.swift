import Core
import Values

/// A change that a destination makes to values on purpose. Two values are the same if they are equal after it was applied to both.
///
/// Of a list or an object, it is applied to each value in it. Values of another kind stay as they are.
package enum FieldNormalizer: String, Sendable, Hashable, CaseIterable {
  /// White space around a text does not count.
  case trim
  /// Each run of white space in a text is one space, and none counts at its ends, as after the function `collapse`.
  case spaces
  /// Upper and lower case are the same, as after the function `lower`.
  case lower
  /// Only the digits of a text count, and a `+` before them.
  case digits
  /// A number that is written as a text is the same as the number: `"12.50"` and `12.5`.
  case number
  /// A timestamp is the same in any offset. Fractions of a second do not count.
  case instant
  /// null, `""`, `[]`, an object with nothing else in it, and a missing member are the same.
  case empty
  /// The order of a list does not count.
  case unordered

  /// As they are written in a pipeline.
  package static let names = allCases.map(\.rawValue)
}

extension Set<FieldNormalizer> {
  /// The text after all of them, in the order of their declaration: whatever the order in which somebody names them, one does not
  /// undo what another one needs.
  func normalized(_ text: String) -> JSONValue {
    var text = text
    if contains(.trim) {
      let bytes = Array(text.utf8)
      text = String(decoding: bytes[Whitespace.trimmed(bytes.span)], as: UTF8.self)
    }
    if contains(.spaces) { text = Self.rewritten(text) { Whitespace.collapse($0, into: &$1) } }
    if contains(.lower) {
      // Both forms of the small sigma: not every system knows that of the end of a word.
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

  /// - Parameter kernel: false: the text stays as it is, and nothing was appended.
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
