import Testing

@testable import Graphics

@Suite struct NumberTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (9120, "9,120"), (1_234_567, "1,234,567"), (-1234, "−1,234"),
    (Int.max, "9,223,372,036,854,775,807"), (Int.min, "−9,223,372,036,854,775,808"),
  ])
  func `counts have separators`(number: Int, text: String) {
    #expect(NumberText.count(number) == text)
  }

  @Test(arguments: [
    (943, 960, "98.23%"), (17, 960, "1.77%"), (1, 2, "50%"), (1, 1000, "0.1%"), (0, 10, "0%"), (10, 10, "100%"), (0, 0, "–"),
    (1, 1_000_000, "<0.01%"), (999_999, 1_000_000, ">99.99%"), (3, 2, "150%"), (Int.max - 1, Int.max, ">99.99%"),
    (1, Int.max, "<0.01%"),
    (2, 3, "66.67%"), (1, 20_000, "0.01%"), (1, 20_001, "<0.01%"),
  ])
  func `a share is nothing or everything only if it is`(part: Int, whole: Int, text: String) {
    #expect(NumberText.share(part, of: whole) == text)
  }

  @Test(arguments: [
    (0.0, "0%"), (100, "100%"), (99.999, ">99.99%"), (0.001, "<0.01%"), (5.2, "5.2%"), (43.859649, "43.86%"), (6.125, "6.13%"),
    (120, "120%"),
  ])
  func `percentages have at most two decimals`(number: Double, text: String) {
    #expect(NumberText.percent(number) == text)
  }

  @Test(arguments: [
    (1.5, "+1.5"), (-0.25, "−0.25"), (0, "0"), (-1234.004, "−1,234"), (1e15, "+1000000000000000.0"), (0.001, "≈ 0"),
  ])
  func `changes have a sign`(number: Double, text: String) {
    #expect(NumberText.change(number) == text)
  }

  @Test(arguments: [
    ([9060, 60], 1000, 1), ([943, 17], 100_000, 800), ([1, 1_000_000], 1000, 1), ([1, 1, 1], 1000, 1), ([1, 0, 5], 100_000, 800),
    ([Int.max / 2, 3, 1], 100_000, 800), ([1, 1, 1, 1, 1, 1, 1, 1, 1, 99_991], 100_000, 800), ([5], 1000, 1),
    ([1, 2, 3, 4, 5, 6, 7], 10, 3),
  ])
  func `parts add up to the whole, and no part vanishes`(counts: [Int], length: Int, minimum: Int) {
    let units = Apportionment.units(of: counts, length: length, minimum: minimum)
    #expect(units.reduce(0, +) == length)
    let least = min(minimum, length / counts.count { $0 > 0 })
    for (count, unit) in zip(counts, units) { #expect(count > 0 ? unit >= least : unit == 0) }
    // The order of the parts is kept.
    for (count, unit) in zip(counts, units) {
      for (other, otherUnit) in zip(counts, units) where other < count { #expect(otherUnit <= unit + 1) }
    }
  }

  @Test func `no parts, or empty ones, have no length`() {
    #expect(Apportionment.units(of: [], length: 100, minimum: 1).isEmpty)
    #expect(Apportionment.units(of: [0, 0], length: 100, minimum: 1) == [0, 0])
  }

  @Test func `sixty of 9,120 are seven of a thousand squares`() {
    #expect(Apportionment.units(of: [60, 9060], length: 1000, minimum: 1) == [7, 993])
  }

  @Test(arguments: [(12_345, "12.345%"), (100_000, "100%"), (800, "0.8%"), (5, "0.005%"), (0, "0%"), (-1500, "-1.5%")])
  func `lengths are written as decimals`(thousandths: Int, text: String) {
    #expect(Measure.percent(thousandths) == text)
  }

  @Test(arguments: [
    (2026, 12, 1), (2024, 2, 3), (2000, 1, 5), (1900, 1, 0), (1970, 1, 3), (2026, 3, 6), (1, 1, 0),
  ])
  func `months begin on their weekday`(year: Int, month: Int, weekday: Int) {
    #expect(CalendarMonth(year, month).firstWeekday == weekday)
  }

  @Test func `February has a leap day every four years, but not every hundred`() {
    #expect([2024, 2026, 2000, 1900].map { CalendarMonth($0, 2).days } == [29, 28, 29, 28])
  }
}
