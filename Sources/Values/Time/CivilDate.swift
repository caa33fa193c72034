/// A day of the proleptic Gregorian calendar (the calendar of ISO 8601 and RFC 3339).
///
/// Whatever the components are, a value is only a name for them; `isValid` says whether such a day exists.
package struct CivilDate: Sendable, Hashable, BitwiseCopyable {
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Years that are read and written: four digits.
  package static let years = 1...9999
  /// Days since 1970-01-01 of 0001-01-01 and of 9999-12-31.
  package static let days = -719_162...2_932_896

  // A year is taken to begin in March, so that the leap day is its last one and every month but the last has a fixed
  // place. Both conversions first move the date on by whole cycles of 400 years (146,097 days), so that every quotient
  // is that of a number from 0: valid for the years -400 to beyond 10,000.
  private static let cycleYears = 400
  private static let daysToEpoch = 719_468 + 146_097

  /// The day that is `days` after 1970-01-01.
  package init(days: Int) {
    let shifted = days + Self.daysToEpoch
    let cycle = shifted / 146_097
    let dayOfCycle = shifted % 146_097
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfCycle + cycle * 400 - Self.cycleYears + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01. Meaningful for valid dates.
  package var daysSinceEpoch: Int {
    let early = month <= 2
    let shiftedYear = year + Self.cycleYears - (early ? 1 : 0)
    let monthFromMarch = early ? month + 9 : month - 3
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - Self.daysToEpoch
  }

  /// Whether the calendar has this day, in the years 1 to 9999.
  package var isValid: Bool {
    Self.years.contains(year) && month >= 1 && month <= 12 && day >= 1 && day <= Self.days(in: month, of: year)
  }

  /// 0 for Sunday to 6 for Saturday. Meaningful for valid dates.
  package var weekday: Int {
    // 1970-01-01 was a Thursday; 7 * 200,000 days make the sum positive.
    (daysSinceEpoch + 4 + 1_400_000) % 7
  }

  package static func isLeap(_ year: Int) -> Bool {
    // Divisible by 100 and by 16 is divisible by 400.
    year & (year % 25 == 0 ? 15 : 3) == 0
  }

  /// The length of `month` (1 to 12).
  package static func days(in month: Int, of year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : 30 | (month ^ (month >> 3))
  }
}
