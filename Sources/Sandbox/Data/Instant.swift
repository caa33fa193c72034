/// Texts for points in time, given as milliseconds since 1970 in UTC.
enum Instant {
  static let day = 86_400_000

  /// `2021-07-02T05:18:26.704Z`.
  static func iso(_ milliseconds: Int) -> String {
    let (date, clock) = split(milliseconds)
    return date + "T" + clock + "." + padded(modulo(milliseconds, 1000), 3) + "Z"
  }

  /// `2021-07-16 11:00:00`: no zone, as the appointments of a contact have it (`facts.md` 1.7).
  static func naive(_ milliseconds: Int) -> String {
    let (date, clock) = split(milliseconds)
    return date + " " + clock
  }

  /// `2023-09-25T16:00:00+05:30`, given local milliseconds and the offset in minutes.
  static func offset(_ milliseconds: Int, minutes: Int) -> String {
    let (date, clock) = split(milliseconds)
    let size = abs(minutes)
    return date + "T" + clock + (minutes < 0 ? "-" : "+") + padded(size / 60, 2) + ":" + padded(size % 60, 2)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
  static func httpDate(_ milliseconds: Int) -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let (date, clock) = split(milliseconds)
    let parts = date.split(separator: "-")
    let weekday = modulo((milliseconds - modulo(milliseconds, day)) / day, 7)
    return "\(days[weekday]), \(parts[2]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(clock) GMT"
  }

  /// `1990-09-25`.
  static func date(_ milliseconds: Int) -> String { split(milliseconds).date }

  /// Milliseconds of a civil date and time (proleptic Gregorian calendar).
  static func milliseconds(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return ((era * 146_097 + dayOfEra - 719_468) * 24 + hour) * 3_600_000 + minute * 60_000
  }

  private static func split(_ milliseconds: Int) -> (date: String, clock: String) {
    let inDay = modulo(milliseconds, day)
    let days = (milliseconds - inDay) / day + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfYear - (153 * shifted + 2) / 5 + 1, 2)
    let seconds = inDay / 1000
    return (date, padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2))
  }

  private static func modulo(_ value: Int, _ divisor: Int) -> Int {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }

  static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
  }
}
