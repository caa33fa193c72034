/// A POSIX TZ string as TZif footers hold it, with RFC 9636's extension (hours from -167 to 167 in a rule's time):
///
///     CET-1CEST,M3.5.0,M10.5.0/3      <-02>2<-01>,M3.5.0/-1,M10.5.0/0      IST-5:30      EST5EDT,0/0,J365/25
///
/// A name, the offset west of UTC, and, where there is daylight time, its name, its offset (one hour ahead unless
/// given), and when it begins and ends: a day of the year, `/`, local time of day (02:00 unless given).
struct POSIXTimeZone: Hashable {
  /// Seconds east of UTC.
  let offset: Int32
  let daylight: Daylight?

  struct Daylight: Hashable {
    let offset: Int32
    let begin: Rule
    let end: Rule
  }

  struct Rule: Hashable {
    let day: Day
    /// Seconds from midnight of the local time that holds before the change.
    let time: Int
  }

  enum Day: Hashable {
    /// `Jn`: 1 to 365, the leap day not counted.
    case julian(Int)
    /// `n`: 0 to 365, the leap day counted.
    case zeroBased(Int)
    /// `Mm.w.d`: the `week`-th `weekday` (0 is Sunday) of the month; the fifth is the last.
    case week(month: Int, week: Int, weekday: Int)

    /// Days since 1970-01-01 in `year`.
    func days(in year: Int) -> Int {
      switch self {
      case .julian(let day):
        let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
        return newYear + day - (CivilDate.isLeap(year) && day >= 60 ? 0 : 1)
      case .zeroBased(let day):
        return CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + day
      case .week(let month, let week, let weekday):
        let first = CivilDate(year: year, month: month, day: 1)
        var day = (weekday - first.weekday + 7) % 7 + (week - 1) * 7
        if day >= CivilDate.days(in: month, of: year) { day -= 7 }
        return first.daysSinceEpoch + day
      }
    }
  }

  /// The two changes of the rule year `year`. Where daylight time ends at the moment at which it begins again (it
  /// then holds all year), the end is left out.
  func transitions(of year: Int, _ daylight: Daylight) -> [(at: Int64, offset: Int32)] {
    let begin = Int64(daylight.begin.day.days(in: year) * 86_400 + daylight.begin.time) - Int64(offset)
    let end = Int64(daylight.end.day.days(in: year) * 86_400 + daylight.end.time) - Int64(daylight.offset)
    let nextBegin = Int64(daylight.begin.day.days(in: year + 1) * 86_400 + daylight.begin.time) - Int64(offset)
    let beginning = (at: begin, offset: daylight.offset)
    return end == begin || end == nextBegin ? [beginning] : [beginning, (at: end, offset: offset)]
  }

  /// Nil if `text` is not such a string.
  init?(_ text: ArraySlice<UInt8>) {
    var parser = Parser(rest: text)
    guard parser.name(), let west = parser.time(maximumHours: 24) else { return nil }
    offset = Int32(-west)
    guard !parser.rest.isEmpty else {
      daylight = nil
      return
    }
    guard parser.name() else { return nil }
    var daylightOffset = offset + 3_600
    if parser.rest.first != UInt8(ascii: ",") {
      guard let west = parser.time(maximumHours: 24) else { return nil }
      daylightOffset = Int32(-west)
    }
    guard let begin = parser.rule(), let end = parser.rule(), parser.rest.isEmpty else { return nil }
    daylight = Daylight(offset: daylightOffset, begin: begin, end: end)
  }

  private struct Parser {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let first = rest.first, UInt32(first) == character.value else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// Three letters or more, or anything between `<` and `>`.
    mutating func name() -> Bool {
      if take("<") {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        rest = rest[(end + 1)...]
        return true
      }
      let letters = rest.prefix { (0x61...0x7A).contains($0 | 0x20) }
      rest = rest[letters.endIndex...]
      return letters.count >= 3
    }

    mutating func number(upTo maximum: Int) -> Int? {
      var value: Int?
      while let digit = rest.first, (0x30...0x39).contains(digit), value ?? 0 <= maximum {
        value = (value ?? 0) * 10 + Int(digit) - 48
        rest = rest.dropFirst()
      }
      guard let value, value <= maximum else { return nil }
      return value
    }

    /// `[+-]h[:mm[:ss]]` in seconds.
    mutating func time(maximumHours: Int) -> Int? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard let hours = number(upTo: maximumHours) else { return nil }
      var seconds = hours * 3_600
      if take(":") {
        guard let minutes = number(upTo: 59) else { return nil }
        seconds += minutes * 60
        if take(":") {
          guard let rest = number(upTo: 59) else { return nil }
          seconds += rest
        }
      }
      return isNegative ? -seconds : seconds
    }

    mutating func rule() -> Rule? {
      guard take(","), let day = day() else { return nil }
      guard take("/") else { return Rule(day: day, time: 7_200) }
      guard let time = time(maximumHours: 167) else { return nil }
      return Rule(day: day, time: time)
    }

    private mutating func day() -> Day? {
      if take("J") {
        guard let day = number(upTo: 365), day >= 1 else { return nil }
        return .julian(day)
      }
      if take("M") {
        guard let month = number(upTo: 12), month >= 1, take("."), let week = number(upTo: 5), week >= 1, take("."),
          let weekday = number(upTo: 6)
        else { return nil }
        return .week(month: month, week: week, weekday: weekday)
      }
      return number(upTo: 365).map { .zeroBased($0) }
    }
  }
}
