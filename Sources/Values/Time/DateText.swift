/// A date or a date-time in its ISO form, as it can be compared with others.
///
///     2026-05-01   2026-05-01T10:00:00+02:00   2026-05-01T10:00:00
package struct DateText: Sendable, Hashable {
  /// Those of different forms cannot be compared.
  package enum Form: Sendable, Hashable {
    case date
    /// A date-time with an offset.
    case instant
    /// A date-time without one.
    case local
  }

  package let form: Form
  /// Since 1970-01-01T00:00:00Z; of a date and of a local time, as if they were UTC.
  package let seconds: Int64
  package let nanoseconds: Int

  /// Nil if the text is not such a date.
  package init?(_ text: String) {
    let bytes = text.utf8Span.span
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-") else { return nil }
    var fields = DateTimeFields()
    guard ISODateTime.read(bytes, into: &fields) == nil else { return nil }
    nanoseconds = fields.nanosecond
    switch fields.zone {
    case .zulu: (form, seconds) = (.instant, fields.localSeconds)
    case .offset(let offset): (form, seconds) = (.instant, fields.localSeconds - Int64(offset))
    case .local: (form, seconds) = (text.utf8.count == 10 ? .date : .local, fields.localSeconds)
    }
  }

  package func isBefore(_ other: DateText) -> Bool { (seconds, nanoseconds) < (other.seconds, other.nanoseconds) }
}
