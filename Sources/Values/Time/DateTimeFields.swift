/// The fields of a date or date-time text, before any zone is applied.
struct DateTimeFields: BitwiseCopyable {
  /// The text's offset from UTC.
  enum Zone: Hashable, BitwiseCopyable {
    /// Nothing: a local time.
    case local
    /// `Z`, or RFC 3339's `-00:00`, which means the same since RFC 9557.
    case zulu
    /// Seconds east of UTC, of whole minutes, less than a day.
    case offset(Int)
  }

  var date = CivilDate(year: 1970, month: 1, day: 1)
  var hour = 0
  var minute = 0
  var second = 0
  var nanosecond = 0
  var zone: Zone = .local
  /// Read from a count since 1970, not from a calendar's date.
  var isEpoch = false

  /// Seconds from 1970-01-01T00:00:00 to these fields, as if they were UTC.
  var localSeconds: Int64 {
    Int64(date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second)
  }

  init() {}

  /// The fields of a clock that is at `localSeconds`; nil outside of the years 1 to 9999.
  init?(localSeconds: Int64, nanosecond: Int, zone: Zone) {
    let shifted = localSeconds + 86_400 * 800_000
    guard shifted >= 0, localSeconds < 253_402_300_800 else { return nil }
    let days = Int(shifted / 86_400) - 800_000
    guard CivilDate.days.contains(days) else { return nil }
    let secondOfDay = Int(shifted % 86_400)
    date = CivilDate(days: days)
    hour = secondOfDay / 3_600
    minute = secondOfDay / 60 % 60
    second = secondOfDay % 60
    self.nanosecond = nanosecond
    self.zone = zone
  }

  /// Nil when the calendar and the clock have these fields.
  var failure: DateFailure? {
    if !CivilDate.years.contains(date.year) { return .year }
    if date.month < 1 || date.month > 12 { return .month }
    if date.day < 1 || date.day > CivilDate.days(in: date.month, of: date.year) { return .day }
    if hour > 23 { return hour == 24 ? .hour24 : .hour }
    if minute > 59 { return .minute }
    if second > 59 { return second == 60 ? .second60 : .second }
    return nil
  }
}
