/// How people write numbers in a column of text: `1.234,56 €` has the decimal mark `,`, the group mark `.` and the symbol `€`.
///
/// Nothing is guessed. A mark, a symbol or a way to write a negative number that the form does not have makes a text invalid.
package struct NumberForm: Sendable, Hashable {
  package enum Grouping: String, Sendable, Hashable, CaseIterable {
    /// `1,234,567`.
    case thousands
    /// `12,34,567`: the last group has three digits, the others two.
    case indian
  }

  package enum Negative: String, Sendable, Hashable, CaseIterable {
    /// `(12.00)`.
    case parentheses
    /// `12.00-`.
    case trailingMinus = "trailing_minus"
  }

  /// The mark before the fraction.
  package var decimalMark: NumberMark
  /// The mark between groups of digits; nil: digits are not grouped.
  package var groupMark: NumberMark?
  package var grouping: Grouping
  /// Currencies and units before or after the number.
  package var symbols: [String] {
    didSet { symbolBytes = Self.bytes(of: symbols) }
  }
  /// Besides a minus before the number.
  package var negatives: Set<Negative>
  /// `1.5e3` in a text is 1500.
  package var allowsExponent: Bool
  /// ASCII letters as small ones, the longest first.
  private(set) var symbolBytes: [[UInt8]]

  package init(
    decimalMark: NumberMark = .point, groupMark: NumberMark? = nil, grouping: Grouping = .thousands, symbols: [String] = [],
    negatives: Set<Negative> = [], allowsExponent: Bool = false
  ) {
    self.decimalMark = decimalMark
    self.groupMark = groupMark
    self.grouping = grouping
    self.symbols = symbols
    self.negatives = negatives
    self.allowsExponent = allowsExponent
    symbolBytes = Self.bytes(of: symbols)
  }

  /// Digits with a point before the fraction, and nothing else.
  package static let plain = NumberForm()

  package var isPlain: Bool { self == Self.plain }

  private static func bytes(of symbols: [String]) -> [[UInt8]] {
    symbols.map { $0.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }.sorted { $0.count > $1.count }
  }
}

/// One character between the digits of a number, with the characters that people write in its place.
package struct NumberMark: Sendable, Hashable {
  /// As the mapping has it.
  package let text: String
  /// The UTF-8 of each form, the mapping's own first.
  let forms: [[UInt8]]

  package static let point = NumberMark(unchecked: ".")

  /// Nil: not one character, or one that cannot be told from the number itself: a digit, a letter, a sign or a parenthesis.
  package init?(_ text: String) {
    let scalars = text.unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first, !scalar.properties.isAlphabetic, scalar.properties.numericType == nil,
      !"+-\u{2212}()".unicodeScalars.contains(scalar), scalar.value >= 0x20, scalar.value != 0x7F
    else { return nil }
    self.init(unchecked: text)
  }

  private init(unchecked text: String) {
    self.text = text
    let alike = Self.alike.first { $0.contains { $0.unicodeScalars.elementsEqual(text.unicodeScalars) } } ?? []
    forms = ([text] + alike.filter { !$0.unicodeScalars.elementsEqual(text.unicodeScalars) }).map { Array($0.utf8) }
  }

  /// Whether a text could have either.
  package func isAlike(_ other: NumberMark) -> Bool { forms.contains { other.forms.contains($0) } }

  /// Spaces are written as no-break, thin, narrow and figure spaces; Swiss numbers have either apostrophe.
  private static let alike: [[String]] = [
    [" ", "\u{A0}", "\u{202F}", "\u{2009}", "\u{2007}"], ["'", "\u{2019}"],
  ]
}
