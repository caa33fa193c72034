import Testing

@testable import Values

@Suite struct TimeCivilDateTests {
  /// Walks every day of 10,001 years beside a calendar that only counts on, day by day.
  @Test func everyDayConvertsBothWays() {
    var (year, month, day) = (1, 1, 1)
    var weekday = 1  // 0001-01-01 was a Monday.
    var mistakes = 0
    for days in CivilDate.days {
      // Every day near the ends of months, each seventh otherwise: all days would take too long in debug.
      if day <= 1 || day >= 28 || days % 7 == 0 {
        let date = CivilDate(year: year, month: month, day: day)
        if date.daysSinceEpoch != days || CivilDate(days: days) != date || !date.isValid || date.weekday != weekday {
          mistakes += 1
        }
      }
      weekday = weekday == 6 ? 0 : weekday + 1
      day += 1
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
      if day > length { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(mistakes == 0)
    #expect((year, month, day) == (10_000, 1, 1))
  }

  @Test(arguments: [
    (2023, 2, 29), (2024, 2, 30), (1900, 2, 29), (2100, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1),
    (2024, 1, 0), (2024, 1, 32), (0, 1, 1), (10_000, 1, 1), (-4, 2, 29),
  ])
  func daysThatDoNotExistAreInvalid(year: Int, month: Int, day: Int) {
    #expect(!CivilDate(year: year, month: month, day: day).isValid)
  }

  @Test(arguments: [(2024, 2, 29), (2000, 2, 29), (1, 1, 1), (9_999, 12, 31)])
  func daysThatExistAreValid(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day).isValid)
  }

  @Test func conversionHoldsBeyondTheYears() {
    for days in [-719_163, -719_528, -800_000, 2_932_897, 3_300_000] {
      #expect(CivilDate(days: days).daysSinceEpoch == days)
    }
    #expect(CivilDate(days: -719_163) == CivilDate(year: 0, month: 12, day: 31))
  }
}
