/// One way in which a date or a moment may be written.
package enum DateFormat: Sendable, Hashable {
  /// ISO 8601 and RFC 3339: see `ISODateTime`.
  case iso
  case pattern(DatePattern)
  /// Since 1970-01-01T00:00:00Z, as the digits of a number.
  case epochMilliseconds, epochSeconds
  /// Milliseconds since 1970, because the source says so and not the mapping: a count that would be of the first months of 1970 is
  /// refused, because it more likely counts seconds or days.
  case declaredMilliseconds
  /// A spreadsheet's day number: see `ExcelSerial`.
  case excel1900, excel1904

  /// Reads bare numbers, as the mapping says.
  package var isOfNumbers: Bool {
    switch self {
    case .epochMilliseconds, .epochSeconds, .excel1900, .excel1904: true
    case .iso, .pattern, .declaredMilliseconds: false
    }
  }
}

/// What becomes of a local time that a zone skipped (a gap) or had twice (an overlap).
package enum Disambiguation: String, Sendable, Hashable, CaseIterable {
  case reject
  /// Gap: moved back by the gap's length. Overlap: the first of the two moments.
  case earlier
  /// Gap: moved on by the gap's length. Overlap: the second of the two moments.
  case later
}
