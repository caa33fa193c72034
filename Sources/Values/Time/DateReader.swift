package import Core

/// The function `date`: reads a day and writes it as `yyyy-MM-dd`.
///
/// Of a date-time, the date part is taken as written, whatever its time and offset. A count since 1970 gives
/// the day in `zone`, in UTC without one.
package struct DateReader: Sendable {
  private let formats: DateFormats
  private let zone: TimeZoneRules?

  package init(formats: [DateFormat], zone: TimeZoneRules? = nil) {
    self.formats = DateFormats(formats)
    self.zone = zone
  }

  /// Appends the day to `arena`; nothing if it fails.
  package func read(_ text: Span<UInt8>, into arena: inout ByteArena) -> DateResult {
    var fields = DateTimeFields()
    if let failure = formats.read(text, into: &fields) { return .failure(failure) }
    var days = fields.date.daysSinceEpoch
    if fields.isEpoch, let zone {
      let moment = fields.localSeconds
      days = (Int(moment) + zone.offset(at: moment)).flooredQuotient(by: 86_400)
    }
    guard DateTimeWriter.append(days: days, to: &arena) else { return .failure(.outOfRange) }
    return .value(days: days)
  }
}

package enum DateResult: Sendable {
  /// Days since 1970-01-01.
  case value(days: Int)
  case failure(DateFailure)
}
