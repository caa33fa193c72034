/// Reads ISO 8601 in its extended form, which RFC 3339 and what GHL sends are parts of:
///
///     date      2024-03-10
///     time      T12:30  T12:30:05  T12:30:05.25  T12:30:05,25      (T, t or one space between date and time)
///     offset    Z  z  +05:30  +0530  +05                           (only after a time)
///
/// Years have exactly four digits; a text with spaces around it is refused. A date alone is its midnight.
enum ISODateTime {
  /// Fills `fields`; a failure leaves them undefined.
  @inline(__always)
  static func read(_ text: Span<UInt8>, into fields: inout DateTimeFields) -> DateFailure? {
    let count = text.count
    guard count >= 10 else { return .notISO }
    fields.date.year = DigitReading.four(text, at: 0)
    fields.date.month = DigitReading.two(text, at: 5)
    fields.date.day = DigitReading.two(text, at: 8)
    guard fields.date.year | fields.date.month | fields.date.day >= 0 else { return .notISO }
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return .notISO }
    fields.hour = 0
    fields.minute = 0
    fields.second = 0
    fields.nanosecond = 0
    fields.zone = .local
    fields.isEpoch = false
    if count == 10 { return fields.failure }

    guard count >= 16, text[13] == UInt8(ascii: ":") else { return .notISO }
    let separator = text[10]
    guard separator | 0x20 == UInt8(ascii: "t") || separator == UInt8(ascii: " ") else { return .notISO }
    fields.hour = DigitReading.two(text, at: 11)
    fields.minute = DigitReading.two(text, at: 14)
    guard fields.hour | fields.minute >= 0 else { return .notISO }

    var index = 16
    if count >= 19, text[16] == UInt8(ascii: ":") {
      fields.second = DigitReading.two(text, at: 17)
      guard fields.second >= 0 else { return .notISO }
      index = 19
      if count > 20, text[19] == UInt8(ascii: ".") || text[19] == UInt8(ascii: ",") {
        let fraction = DigitReading.fraction(text, from: 20)
        guard fraction.end > 20 else { return .notISO }
        if fraction.isTooLong { return .fraction }
        fields.nanosecond = fraction.nanoseconds
        index = fraction.end
      }
    }
    if index < count {
      if index + 1 == count, text[index] | 0x20 == UInt8(ascii: "z") {
        fields.zone = .zulu
      } else if let failure = readOffset(text, from: index, into: &fields) {
        return failure
      }
    }
    return fields.failure
  }

  /// `+05:30`, `+0530` or `+05`, up to the end of the text.
  private static func readOffset(
    _ text: Span<UInt8>, from index: Int, into fields: inout DateTimeFields
  ) -> DateFailure? {
    let length = text.count - index
    var minutes = 0
    guard length >= 3 else { return .notISO }
    switch length {
    case 3: break
    case 5: minutes = DigitReading.two(text, at: index + 3)
    case 6 where text[index + 3] == UInt8(ascii: ":"): minutes = DigitReading.two(text, at: index + 4)
    default: return .notISO
    }
    return set(sign: text[index], hours: DigitReading.two(text, at: index + 1), minutes: minutes, in: &fields)
  }

  /// Sets a numeric offset; RFC 3339 bounds it by 23:59.
  static func set(sign: UInt8, hours: Int, minutes: Int, in fields: inout DateTimeFields) -> DateFailure? {
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), hours | minutes >= 0 else { return .notISO }
    guard hours <= 23, minutes <= 59 else { return .offset }
    let seconds = hours * 3_600 + minutes * 60
    if sign == UInt8(ascii: "+") {
      fields.zone = .offset(seconds)
    } else {
      fields.zone = seconds == 0 ? .zulu : .offset(-seconds)
    }
    return nil
  }
}
