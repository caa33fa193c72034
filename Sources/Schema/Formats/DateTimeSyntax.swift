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
  private static func isLastMinuteOfMonth(_ date: (year: Int, month: Int, day: Int), utcMinute: Int) -> Bool {
    guard wrapped(utcMinute) == lastMinute else { return false }
    let last = days(in: date.month, of: date.year)
    if utcMinute < 0 { return date.day == 1 }
    if utcMinute > lastMinute { return date.day == last - 1 }
    return date.day == last
  }

  private static let lastMinute = 23 * 60 + 59
  private static func wrapped(_ minute: Int) -> Int { (minute + 1440) % 1440 }

  private static func date(_ text: Span<UInt8>, at start: Int) -> (year: Int, month: Int, day: Int)? {
    guard start + 10 <= text.count, let century = ASCII.twoDigits(text, at: start),
      let years = ASCII.twoDigits(text, at: start + 2), text[start + 4] == UInt8(ascii: "-"),
      let month = ASCII.twoDigits(text, at: start + 5), text[start + 7] == UInt8(ascii: "-"),
      let day = ASCII.twoDigits(text, at: start + 8)
    else { return nil }
    let year = century * 100 + years
    guard month >= 1, month <= 12, day >= 1, day <= days(in: month, of: year) else { return nil }
    return (year, month, day)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The minute of the day in UTC (below 0 on the day before, above 1439 on the day after).
  private static func time(_ text: Span<UInt8>, from start: Int) -> (utcMinute: Int, isLeapSecond: Bool)? {
    let end = text.count
    guard start + 9 <= end, let hour = ASCII.twoDigits(text, at: start), hour < 24, text[start + 2] == UInt8(ascii: ":"),
      let minute = ASCII.twoDigits(text, at: start + 3), minute < 60, text[start + 5] == UInt8(ascii: ":"),
      let second = ASCII.twoDigits(text, at: start + 6), second <= 60
    else { return nil }
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
      let offsetHour = ASCII.twoDigits(text, at: index + 1), offsetHour < 24, text[index + 3] == UInt8(ascii: ":"),
      let offsetMinute = ASCII.twoDigits(text, at: index + 4), offsetMinute < 60
    else { return nil }
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

  /// Reads numbers that are followed by neighbouring letters of `letters`; false, and nothing read, where none fits.
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
