package import Core

/// The function `datetime`: reads a moment and writes it as RFC 3339.
///
/// `Z` stays for moments given with `Z` and stands for counts since 1970; an offset is kept where one was given; a local
/// time gets the zone's offset at that moment. Up to nine digits of a fraction are kept, but for zeros at its end.
///
///     2021-07-16 11:00:00 in Europe/Berlin -> 2021-07-16T11:00:00+02:00
package struct DateTimeReader: Sendable {
  private let formats: DateFormats
  private let zone: TimeZoneRules?
  private let gap: Disambiguation
  private let overlap: Disambiguation?

  /// `zone` is for texts without an offset; nil: these are refused. `overlap` nil: the earlier moment, with a warning.
  package init(
    formats: [DateFormat], zone: TimeZoneRules?, gap: Disambiguation = .reject, overlap: Disambiguation? = nil
  ) {
    self.formats = DateFormats(formats)
    self.zone = zone
    self.gap = gap
    self.overlap = overlap
  }

  /// Appends the timestamp to `arena`; nothing if it fails.
  package func read(_ text: Span<UInt8>, into arena: inout ByteArena) -> DateTimeResult {
    var fields = DateTimeFields()
    if let failure = formats.read(text, into: &fields) { return .failure(failure) }
    switch fields.zone {
    case .zulu:
      DateTimeWriter.append(fields, to: &arena)
      return .value(seconds: fields.localSeconds, warning: nil)
    case .offset(let offset):
      DateTimeWriter.append(fields, to: &arena)
      return .value(seconds: fields.localSeconds - Int64(offset), warning: nil)
    case .local:
      guard let zone else { return .failure(.noZone) }
      return place(fields, in: zone, into: &arena)
    }
  }

  private func place(
    _ fields: DateTimeFields, in zone: TimeZoneRules, into arena: inout ByteArena
  ) -> DateTimeResult {
    let local = fields.localSeconds
    var warning: ProblemCode?
    let seconds: Int64
    switch zone.resolve(local: local) {
    case .unique(let moment):
      seconds = moment
      let offset = Int(local - moment)
      if offset % 60 == 0 {
        var fields = fields
        fields.zone = .offset(offset)
        DateTimeWriter.append(fields, to: &arena)
        return .value(seconds: moment, warning: nil)
      }
    case .gap(_, let earlier, let later):
      switch gap {
      case .reject: return .failure(.gap)
      case .earlier: seconds = earlier
      case .later: seconds = later
      }
    case .overlap(let earlier, let later):
      switch overlap {
      case .reject: return .failure(.overlap)
      case .earlier: seconds = earlier
      case .later: seconds = later
      case nil:
        seconds = earlier
        warning = .dateOverlap
      }
    }
    let offset = zone.offset(at: seconds)
    guard DateTimeWriter.append(seconds: seconds, nanosecond: fields.nanosecond, offset: offset, to: &arena) else {
      return .failure(.outOfRange)
    }
    return .value(seconds: seconds, warning: warning)
  }
}

package enum DateTimeResult: Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down; the fraction is in the text only.
  /// `warning` is nil or `dateOverlap`.
  case value(seconds: Int64, warning: ProblemCode?)
  case failure(DateFailure)
}
