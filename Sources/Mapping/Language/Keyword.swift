/// One key of a file's language: its value and its purpose. The parser and the JSON Schema that editors use are both made
/// from these declarations, so that they cannot differ.
package struct Keyword: Sendable {
  package var name: String
  package var shape: KeywordShape
  /// One sentence that editors show.
  package var summary: String
  package var isRequired: Bool
  /// Belongs to the language, but this version refuses it by name (`not-supported-yet`); the schema omits it.
  package var isReserved: Bool

  package init(_ name: String, _ shape: KeywordShape, required: Bool = false, reserved: Bool = false, _ summary: String) {
    self.name = name
    self.shape = shape
    self.summary = summary
    isRequired = required
    isReserved = reserved
  }
}

/// The kinds of values of a key.
package indirect enum KeywordShape: Sendable {
  /// Text, not empty; numbers and booleans must be quoted.
  case text
  /// A name or a path: any plain scalar except null, as written in the file.
  case word
  case words([String])
  case boolean
  case integer(ClosedRange<Int>)
  /// With or without a fraction.
  case number(ClosedRange<Double>)
  /// From 0 to 100.
  case percent
  /// A plain value or null.
  case scalar
  /// Anything.
  case literal
  /// Anything but a map.
  case flat
  case list(KeywordShape, counts: ClosedRange<Int>)
  /// User-defined keys with values of one shape; never one of `except`.
  case map(KeywordShape, atLeast: Int, except: [String] = [])
  /// User-defined keys that must not all occur together.
  case table(KeywordShape, without: [String])
  case group(KeywordGroup)
  case anyOf([KeywordShape])
  /// One of the definitions that the schema gives beside the document.
  case named(String)

  package static func list(_ element: KeywordShape) -> KeywordShape { .list(element, counts: 0...Int.max) }
  package static func nonEmptyList(_ element: KeywordShape) -> KeywordShape { .list(element, counts: 1...Int.max) }
  /// One, or a list of at least one.
  package static func oneOrMore(_ element: KeywordShape) -> KeywordShape { .anyOf([element, .nonEmptyList(element)]) }
  package static var count: KeywordShape { .integer(0...Int.max) }
}
