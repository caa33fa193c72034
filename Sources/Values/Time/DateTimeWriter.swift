package import Core

/// Writes dates as `yyyy-MM-dd` and moments as RFC 3339.
package enum DateTimeWriter {
  /// Appends the moment `seconds` (since 1970-01-01T00:00:00Z) plus `nanosecond` on a clock that is `offset` seconds
  /// east of UTC, `+00:00` for 0; nil: as UTC, with `Z`. False, and nothing appended, where the clock would show a
  /// year outside of 1 to 9999.
  ///
  /// RFC 3339 has offsets of whole minutes only; with another one (local mean time before zones were introduced)
  /// the moment is written as UTC.
  package static func append(
    seconds: Int64, nanosecond: Int = 0, offset: Int?, to arena: inout ByteArena
  ) -> Bool {
    var zone = DateTimeFields.Zone.zulu
    var local = seconds
    if let offset, offset % 60 == 0 {
      zone = .offset(offset)
      local += Int64(offset)
    }
    guard let fields = DateTimeFields(localSeconds: local, nanosecond: nanosecond, zone: zone) else { return false }
    append(fields, to: &arena)
    return true
  }

  /// Appends the day that is `days` after 1970-01-01; false, and nothing appended, outside of the years 1 to 9999.
  package static func append(days: Int, to arena: inout ByteArena) -> Bool {
    guard CivilDate.days.contains(days) else { return false }
    append(CivilDate(days: days), to: &arena)
    return true
  }

  static func append(_ date: CivilDate, to arena: inout ByteArena) {
    var buffer = Buffer()
    buffer.put(date)
    arena.append(buffer.bytes.span.extracting(first: buffer.count))
  }

  /// Appends valid fields; a local time gets no offset.
  static func append(_ fields: DateTimeFields, to arena: inout ByteArena) {
    var buffer = Buffer()
    buffer.put(fields.date)
    buffer.put(UInt8(ascii: "T"))
    buffer.put(two: fields.hour)
    buffer.put(UInt8(ascii: ":"))
    buffer.put(two: fields.minute)
    buffer.put(UInt8(ascii: ":"))
    buffer.put(two: fields.second)
    if fields.nanosecond != 0 { buffer.put(fraction: fields.nanosecond) }
    switch fields.zone {
    case .local: break
    case .zulu: buffer.put(UInt8(ascii: "Z"))
    case .offset(let seconds):
      buffer.put(seconds < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
      let minutes = abs(seconds) / 60
      buffer.put(two: minutes / 60)
      buffer.put(UInt8(ascii: ":"))
      buffer.put(two: minutes % 60)
    }
    arena.append(buffer.bytes.span.extracting(first: buffer.count))
  }

  /// The longest text, `yyyy-MM-ddTHH:mm:ss.SSSSSSSSS+HH:mm`, has 35 bytes.
  private struct Buffer {
    var bytes = InlineArray<36, UInt8>(repeating: 0)
    var count = 0

    @inline(__always)
    mutating func put(_ byte: UInt8) {
      bytes[count] = byte
      count &+= 1
    }

    @inline(__always)
    mutating func put(two value: Int) {
      let tens = value / 10
      put(UInt8(truncatingIfNeeded: 48 &+ tens))
      put(UInt8(truncatingIfNeeded: 48 &+ value &- tens &* 10))
    }

    @inline(__always)
    mutating func put(_ date: CivilDate) {
      let century = date.year / 100
      put(two: century)
      put(two: date.year &- century &* 100)
      put(UInt8(ascii: "-"))
      put(two: date.month)
      put(UInt8(ascii: "-"))
      put(two: date.day)
    }

    /// `.` and the digits up to the last that is not 0; `nanosecond` is not 0.
    mutating func put(fraction nanosecond: Int) {
      put(UInt8(ascii: "."))
      // Divisions by constants only, and few for milliseconds, the usual case.
      var rest = nanosecond
      var width = 9
      if rest % 1_000_000 == 0 { (rest, width) = (rest / 1_000_000, 3) }
      while rest % 10 == 0 { (rest, width) = (rest / 10, width - 1) }
      var position = count + width
      count = position
      while width > 0 {
        position &-= 1
        bytes[position] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
        rest /= 10
        width &-= 1
      }
    }
  }
}
