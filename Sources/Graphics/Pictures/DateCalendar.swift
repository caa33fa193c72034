/// Dates as a calendar: a square for each day, its size and shade for how many dates are on that day, years below each other.
/// Dates over more than `mostDayYears` years are drawn by month.
package struct DateCalendar: Picture, Sendable {
  package struct Day: Sendable, Hashable, Comparable {
    package var year: Int
    /// 1...12
    package var month: Int
    /// 1...31
    package var day: Int

    package init(_ year: Int, _ month: Int, _ day: Int) {
      self.year = year
      self.month = month
      self.day = day
    }

    package static func < (left: Day, right: Day) -> Bool {
      (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
  }

  /// How much is drawn: days, or months where there are more than `mostDayYears` years with dates.
  static let mostDayYears = 3
  /// The latest years with dates that get a line; earlier ones are added up.
  static let mostYears = 40

  package var title: String
  private let days: [Day: Int]

  /// - Parameter days: Days that no calendar has (month 13, day 0) are left out.
  package init(title: String, days: [(Day, Int)]) {
    self.title = title
    self.days = Dictionary(
      days.filter {
        (1...12).contains($0.0.month) && (1...CalendarMonth($0.0.year, $0.0.month).days).contains($0.0.day) && $0.1 > 0
      },
      uniquingKeysWith: +)
  }

  /// With a count for each month, where days are not known.
  package init(title: String, months: [(year: Int, month: Int, count: Int)]) {
    self.title = title
    days = Dictionary(
      months.filter { (1...12).contains($0.month) && $0.count > 0 }.map { (Day($0.year, $0.month, 1), $0.count) },
      uniquingKeysWith: +)
    unit = .month
  }

  /// With a count for each year: one row for ten years.
  package init(title: String, years: [(year: Int, count: Int)]) {
    self.title = title
    days = Dictionary(years.filter { $0.count > 0 }.map { (Day($0.year, 1, 1), $0.count) }, uniquingKeysWith: +)
    unit = .year
  }

  private enum Unit { case day, month, year }

  private var unit = Unit.day
  private var years: [Int] { Set(days.keys.map(\.year)).sorted() }
  var showsDays: Bool { unit == .day && years.count <= Self.mostDayYears }
  private var shownYears: [Int] { years.suffix(Self.mostYears) }

  /// Dates in each month that has any, the earliest first.
  package var months: [(month: CalendarMonth, count: Int)] {
    var counts: [CalendarMonth: Int] = [:]
    for (day, count) in days { counts[CalendarMonth(day.year, day.month), default: 0] += count }
    return counts.map { ($0.key, $0.value) }.sorted { $0.month < $1.month }
  }

  package var summary: String {
    guard let first = days.keys.min(), let last = days.keys.max() else { return "No dates." }
    let total = days.values.reduce(0, +)
    let busiest = days.max { ($0.value, $1.key) < ($1.value, $0.key) }!
    if unit == .year {
      return "\(NumberText.count(total, "date")) from \(first.year) to \(last.year)."
    }
    if unit == .month {
      return "\(NumberText.count(total, "date")) from \(CalendarMonth(first.year, first.month).text) to "
        + "\(CalendarMonth(last.year, last.month).text)."
    }
    return "\(NumberText.count(total, "date")) from \(text(first)) to \(text(last)). "
      + "Most on one day: \(NumberText.count(busiest.value)) on \(text(busiest.key))."
  }

  package var showsSummary: Bool { true }

  package var notes: [String] {
    var notes: [String] = []
    switch (unit, showsDays) {
    case (.year, _): notes.append("Each square is a year, each row ten years.")
    case (_, true): notes.append("Each column of squares is a week, from Monday down to Sunday.")
    default: notes.append("Each square is a month.")
    }
    if unit != .year, years.count > Self.mostYears {
      let earlier = years.dropLast(Self.mostYears)
      let count = days.filter { earlier.contains($0.key.year) }.values.reduce(0, +)
      notes.append("Not drawn: \(NumberText.count(earlier.count)) earlier years with \(NumberText.count(count, "date")).")
    }
    return notes
  }

  package var table: PictureTable {
    let isByYear = unit == .year || months.count > 120
    let counts =
      isByYear
      ? years.map { year in (String(year), months.filter { $0.month.year == year }.reduce(0) { $0 + $1.count }) }
      : months.map { ($0.month.text, $0.count) }
    return PictureTable(
      "\(title): numbers", columns: [.init(isByYear ? "Year" : "Month", isNumber: false), .init("Dates")],
      rows: counts.map { .init($0.0, [NumberText.count($0.1)]) })
  }

  private func text(_ day: Day) -> String { CalendarMonth(day.year, day.month).text + "-" + CalendarMonth.two(day.day) }

  private var ladder: CountLadder {
    CountLadder(most: (showsDays ? days.values.max() : months.map(\.count).max()) ?? 0)
  }

  package func draw(into markup: inout Markup, id: String) {
    guard !days.isEmpty else { return }
    guard unit != .year else { return drawYears(&markup, id: id) }
    images("wf-calendar", &markup, id: id) { markup in
      var previous: Int?
      for year in shownYears {
        if let previous, year > previous + 1 {
          let gap = year - previous - 1
          markup.element(
            "div", ["class": "wf-gap"], text: gap == 1 ? "\(year - 1): none" : "\(previous + 1) to \(year - 1): none")
        }
        markup.element("div", ["class": showsDays ? "wf-year wf-long" : "wf-year"]) { markup in
          markup.element("b", text: String(year))
          markup.element("div", ["class": "wf-months"]) { showsDays ? drawDays(year, &$0) : drawMonths(year, &$0) }
        }
        previous = year
      }
      drawKey(&markup)
    }
  }

  /// The meaning of each size; only those that are used.
  private func drawKey(_ markup: inout Markup) {
    let ladder = self.ladder
    let most = (showsDays ? days.values.max() : months.map(\.count).max()) ?? 0
    markup.element("div", ["class": "wf-key"]) { markup in
      for level in 0...ladder.level(most) {
        markup.element("span") { markup in
          markup.element("svg", ["class": "wf-swatch", "width": "14", "height": "14"]) {
            $0.shape("path", ["d": ladder.square(level, x: 1, y: 1, side: 12), "class": "wf-l\(level)"])
          }
          markup.text(level == 0 ? "none" : ladder.steps[level - 1])
        }
        markup.literal(" ")
      }
    }
  }

  private func drawYears(_ markup: inout Markup, id: String) {
    let ladder = self.ladder
    let decades = Set(years.map { decade($0) }).sorted().suffix(Self.mostYears)
    let counts = Dictionary(uniqueKeysWithValues: days.map { ($0.key.year, $0.value) })
    images("wf-calendar", &markup, id: id) { markup in
      for start in decades {
        markup.element("div", ["class": "wf-year"]) { markup in
          markup.element("b", text: "\(start)")
          markup.element("svg", ["width": "180", "height": "18"]) { markup in
            var paths = [String](repeating: "", count: CountLadder.levels + 1)
            for year in 0..<10 {
              let level = ladder.level(counts[start + year] ?? 0)
              paths[level] += ladder.square(level, x: year * 18, y: 1, side: 16)
            }
            draw(paths, &markup)
          }
        }
      }
      drawKey(&markup)
    }
  }

  /// The first year of its ten years.
  private func decade(_ year: Int) -> Int { year - ((year % 10) + 10) % 10 }

  private func drawDays(_ year: Int, _ markup: inout Markup) {
    let ladder = self.ladder
    for month in 1...12 {
      let calendar = CalendarMonth(year, month)
      let offset = calendar.firstWeekday
      let weeks = (offset + calendar.days + 6) / 7
      markup.element("svg", ["width": "\(weeks * 11 + 3)", "height": "92"]) { markup in
        markup.element("text", ["x": "0", "y": "10"], text: CalendarMonth.names[month - 1])
        var paths = [String](repeating: "", count: CountLadder.levels + 1)
        for day in 1...calendar.days {
          let place = offset + day - 1
          let level = ladder.level(days[Day(year, month, day)] ?? 0)
          paths[level] += ladder.square(level, x: place / 7 * 11, y: 14 + place % 7 * 11, side: 10)
        }
        draw(paths, &markup)
      }
    }
  }

  private func drawMonths(_ year: Int, _ markup: inout Markup) {
    let ladder = self.ladder
    let counts = Dictionary(uniqueKeysWithValues: months.filter { $0.month.year == year }.map { ($0.month.month, $0.count) })
    for quarter in 0..<4 {
      markup.element("svg", ["width": "60", "height": "18"]) { markup in
        var paths = [String](repeating: "", count: CountLadder.levels + 1)
        for month in 0..<3 {
          let level = ladder.level(counts[quarter * 3 + month + 1] ?? 0)
          paths[level] += ladder.square(level, x: month * 18, y: 1, side: 16)
        }
        draw(paths, &markup)
      }
    }
  }

  private func draw(_ paths: [String], _ markup: inout Markup) {
    for (level, path) in paths.enumerated() where !path.isEmpty { markup.shape("path", ["d": path, "class": "wf-l\(level)"]) }
  }
}
