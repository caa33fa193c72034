import Values

/// `date-time`, `date`, `time` and `duration`: RFC 3339, section 5.6 and appendix A.
enum DateTimeSyntax {
  static func isDate(_ text: Span<UInt8>) -> Bool { text.count == 10 && date(text, at: 0) != nil }

  static func isTime(_ text: Span<UInt8>) -> Bool {
    guard let time = time(text, from: 0) else { return false }
    return !time.isLeapSecond || wrapped(time.utcMinute) == lastMinute
  }

  static func isDateTime(_ text: Span<UInt8>) -> Bool {
    guard text.count > 11, text[10] | 0x20 == UInt8(ascii: "t"), let date = date(text, at: 0),
      let time = time(text, from: 11)
    else { return false }
    return !time.isLeapSecond || isLastMinuteOfMonth(date, utcMinute: time.utcMinute)
  }

  /// A leap second ends a month, in UTC (RFC 3339, section 5.7).
  private static func isLastMinuteOfMonth(_ date: CivilDate, utcMinute: Int) -> Bool {
    guard wrapped(utcMinute) == lastMinute else { return false }
    let last = CivilDate.days(in: date.month, of: date.year)
    if utcMinute < 0 { return date.day == 1 }
    if utcMinute > lastMinute { return date.day == last - 1 }
    return date.day == last
  }

  private static let lastMinute = 23 * 60 + 59
  private static func wrapped(_ minute: Int) -> Int { (minute + 1440) % 1440 }

  private static func date(_ text: Span<UInt8>, at start: Int) -> CivilDate? {
    guard start + 10 <= text.count, text[start + 4] == UInt8(ascii: "-"), text[start + 7] == UInt8(ascii: "-") else { return nil }
    let year = DigitReading.four(text, at: start)
    let month = DigitReading.two(text, at: start + 5)
    let day = DigitReading.two(text, at: start + 8)
    guard year | month | day >= 0, month >= 1, month <= 12, day >= 1, day <= CivilDate.days(in: month, of: year) else {
      return nil
    }
    return CivilDate(year: year, month: month, day: day)
  }

  /// The minute of the day in UTC (below 0 on the day before, above 1439 on the day after).
  private static func time(_ text: Span<UInt8>, from start: Int) -> (utcMinute: Int, isLeapSecond: Bool)? {
    let end = text.count
    guard start + 9 <= end, text[start + 2] == UInt8(ascii: ":"), text[start + 5] == UInt8(ascii: ":") else { return nil }
    let hour = DigitReading.two(text, at: start)
    let minute = DigitReading.two(text, at: start + 3)
    let second = DigitReading.two(text, at: start + 6)
    guard hour | minute | second >= 0, hour < 24, minute < 60, second <= 60 else { return nil }
    var index = start + 8
    if text[index] == UInt8(ascii: ".") {
      let first = index + 1
      index = first
      while index < end, ASCII.isDigit(text[index]) { index += 1 }
      guard index > first else { return nil }
    }
    guard index < end else { return nil }
    if text[index] | 0x20 == UInt8(ascii: "z") {
      return index + 1 == end ? (hour * 60 + minute, second == 60) : nil
    }
    guard text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-"), index + 6 == end,
      text[index + 3] == UInt8(ascii: ":")
    else { return nil }
    let offsetHour = DigitReading.two(text, at: index + 1)
    let offsetMinute = DigitReading.two(text, at: index + 4)
    guard offsetHour | offsetMinute >= 0, offsetHour < 24, offsetMinute < 60 else { return nil }
    let offset = offsetHour * 60 + offsetMinute
    let local = hour * 60 + minute
    return (text[index] == UInt8(ascii: "+") ? local - offset : local + offset, second == 60)
  }

  /// Units follow one another without a gap: `P1Y2M3D`, `PT1H2M`, `P4W`, but not `P1Y2D`.
  static func isDuration(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 3, text[0] == UInt8(ascii: "P") else { return false }
    var index = 1
    if text[1] != UInt8(ascii: "T") {
      if units("W", text, &index) { return index == text.count }
      guard units("YMD", text, &index) else { return false }
      if index == text.count { return true }
    }
    guard text[index] == UInt8(ascii: "T") else { return false }
    index += 1
    return units("HMS", text, &index) && index == text.count
  }

  /// Reads numbers that are followed by adjacent letters of `letters`; false, and nothing read, where none fits.
  private static func units(_ letters: StaticString, _ text: Span<UInt8>, _ index: inout Int) -> Bool {
    let start = index
    var expected: Int?
    while true {
      let first = index
      var digitsEnd = index
      while digitsEnd < text.count, ASCII.isDigit(text[digitsEnd]) { digitsEnd += 1 }
      guard digitsEnd > first, digitsEnd < text.count else { break }
      var found: Int?
      for candidate in 0..<letters.utf8CodeUnitCount where letters.utf8Start[candidate] == text[digitsEnd] { found = candidate }
      guard let found, expected == nil || expected == found else { break }
      index = digitsEnd + 1
      expected = found + 1
    }
    return index > start
  }
}
