/// A month of the Gregorian calendar, which is also used for years before it was introduced.
package struct CalendarMonth: Sendable, Hashable, Comparable {
  package var year: Int
  /// 1...12
  package var month: Int

  package init(_ year: Int, _ month: Int) {
    self.year = year
    self.month = month
  }

  package static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  package var days: Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The weekday of the first day: 0 is Monday.
  var firstWeekday: Int {
    // Sakamoto's method. It repeats every 400 years, so that the year may be of any size.
    let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    let cycle = ((year % 400) + 400) % 400 + 400
    let base = month < 3 ? cycle - 1 : cycle
    let sunday = (base + base / 4 - base / 100 + base / 400 + offsets[month - 1] + 1) % 7
    return (sunday + 6) % 7
  }

  /// `2026-12`
  package var text: String {
    let digits = String(year.magnitude)
    return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + Self.two(month)
  }

  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  package static func < (left: CalendarMonth, right: CalendarMonth) -> Bool {
    (left.year, left.month) < (right.year, right.month)
  }
}
