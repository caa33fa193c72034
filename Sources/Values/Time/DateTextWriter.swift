package import Core

/// The function `format`: writes a day or a moment in a pattern's form, the inverse of reading it.
///
///     2021-07-16T09:00:00Z, dd.MM.yyyy HH:mm in Europe/Berlin -> 16.07.2021 11:00
package struct DateTextWriter: Sendable {
  /// Whose clock is shown.
  package enum Clock: Sendable {
    /// That of the value's own offset.
    case own
    case zone(TimeZoneRules)
    /// The location's, which is not known.
    case unknown
  }

  private let pattern: DatePattern
  private let clock: Clock

  package init(pattern: DatePattern, clock: Clock = .own) {
    self.pattern = pattern
    self.clock = clock
  }

  /// Appends a day that is `yyyy-MM-dd`; nothing where there is a failure.
  package func write(date text: Span<UInt8>, into arena: inout ByteArena) -> DateFailure? {
    var fields = DateTimeFields()
    if let failure = ISODateTime.read(text, into: &fields) { return failure }
    if pattern.hasTime { return .dateWithoutTime }
    pattern.write(fields, into: &arena)
    return nil
  }

  /// Appends a moment that is RFC 3339; nothing where there is a failure.
  ///
  /// Patterns have offsets of whole minutes only; a moment with another one (local mean time before zones were
  /// introduced) is written as UTC where the pattern has an offset, as `DateTimeWriter` does.
  package func write(datetime text: Span<UInt8>, into arena: inout ByteArena) -> DateFailure? {
    var fields = DateTimeFields()
    if let failure = ISODateTime.read(text, into: &fields) { return failure }
    switch clock {
    case .own: break
    case .unknown: return .unknownLocation
    case .zone(let rules):
      var moment = fields.localSeconds
      if case .offset(let offset) = fields.zone { moment -= Int64(offset) }
      var offset = rules.offset(at: moment)
      if pattern.hasZone, offset % 60 != 0 { offset = 0 }
      guard
        let shown = DateTimeFields(
          localSeconds: moment + Int64(offset), nanosecond: fields.nanosecond, zone: .offset(offset))
      else { return .outOfRange }
      fields = shown
    }
    pattern.write(fields, into: &arena)
    return nil
  }
}

/// The function `epoch`: a moment as a count since 1970-01-01T00:00:00Z.
package enum EpochCount {
  /// Milliseconds of an RFC 3339 text whose whole seconds are `seconds`; what is below a millisecond is cut off.
  package static func milliseconds(_ text: Span<UInt8>, seconds: Int64) -> Int64 {
    var milliseconds: Int64 = 0
    if text.count > 20, text[19] == UInt8(ascii: ".") {
      var unit: Int64 = 100
      var index = 20
      while index < text.count, unit > 0, text[index] &- UInt8(ascii: "0") < 10 {
        milliseconds += Int64(text[index] &- UInt8(ascii: "0")) * unit
        unit /= 10
        index += 1
      }
    }
    return seconds * 1_000 + milliseconds
  }
}
