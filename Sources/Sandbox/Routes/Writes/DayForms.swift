/// The forms in which a date of birth may be written (`facts.md` 1.4): year, month and day, or month, day and year.
enum DayForms {
  /// `1990-09-25`; nil if the text is in none of the forms, or there is no such day.
  static func day(_ text: String) -> String? {
    for separator in ["-", "/", ".", "_"] as [Character] {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } })
      else {
        continue
      }
      let ordered =
        switch parts.map(\.utf8.count) {
        case [4, 2, 2]: [parts[0], parts[1], parts[2]]
        case [2, 2, 4]: [parts[2], parts[0], parts[1]]
        default: [] as [Substring]
        }
      let numbers = ordered.compactMap { Int($0) }
      guard numbers.count == 3, (1...12).contains(numbers[1]), numbers[2] >= 1 else { return nil }
      let day = ordered.joined(separator: "-")
      // 30 February comes back as a day of March.
      let real = Instant.date(Instant.milliseconds(year: numbers[0], month: numbers[1], day: numbers[2]))
      return real == day ? day : nil
    }
    return nil
  }
}

extension Instant {
  /// Milliseconds of `2021-07-08T02:30:00Z` or `2021-07-08T02:30:00+02:00`, with three digits of a second if they are taken;
  /// nil for any other text.
  static func milliseconds(iso text: String, takesMilliseconds: Bool) -> Int? {
    guard text.utf8.count >= 20, text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
      else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    guard DayForms.day(String(text.prefix(10))) != nil, bytes[4] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let year = number(0..<4), let month = number(5..<7),
      let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var value = milliseconds(year: year, month: month, day: day, hour: hour, minute: minute) + second * 1000
    var rest = 19
    if bytes[rest] == UInt8(ascii: ".") {
      guard takesMilliseconds, let fraction = number(20..<23) else { return nil }
      value += fraction
      rest = 23
    }
    let zone = bytes[rest...]
    if zone.elementsEqual("Z".utf8) { return value }
    guard zone.count == 6, let sign = zone.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      bytes[rest + 3] == UInt8(ascii: ":"), let hours = number(rest + 1..<rest + 3), let minutes = number(rest + 4..<rest + 6),
      hours < 24, minutes < 60
    else { return nil }
    return value - (sign == UInt8(ascii: "+") ? 1 : -1) * (hours * 60 + minutes) * 60_000
  }
}
