import Values

/// Dates: the earliest, the latest, and how many per day. Where there are too many days, they are counted by month, then by year,
/// decade and century: in the finest of these that has at most `mostBins`. Days that are counted separately are never lost to
/// a coarser unit that all of them together do not need, so the result does not depend on how the dates are divided.
struct DateTally: Sendable {
  typealias Unit = FieldSummary.Dates.Unit

  static let mostBins = 400

  private(set) var count = 0
  private var earliest = Int.max
  private var latest = Int.min
  private var future = 0
  private var before1900 = 0
  private var unit = Unit.day
  private var bins: [Int: Int] = [:]
  /// Most dates are in the bin of the date before them.
  private var lastKey = Int.min
  private var lastCount = 0
  private let isMasked: Bool

  private static let first1900 = CivilDate(year: 1900, month: 1, day: 1).daysSinceEpoch

  init(isMasked: Bool) { self.isMasked = isMasked }

  /// What a profile has stored.
  init(_ dates: FieldSummary.Dates) {
    isMasked = dates.earliest == nil
    (count, future, before1900, unit) = (dates.count, dates.future, dates.before1900, dates.unit)
    func days(_ text: String?) -> Int? { text.map { ProfileDocument.days(of: $0) } }
    earliest = days(dates.earliest) ?? .max
    latest = days(dates.latest) ?? .min
    for bin in dates.bins {
      guard let day = days(bin.from) else { continue }
      bins[Self.key(CivilDate(days: day), day, unit), default: 0] += bin.count
    }
  }

  /// - Parameters:
  ///   - days: since 1970-01-01.
  ///   - today: the same for the day after which is the future.
  mutating func add(_ date: CivilDate, _ days: Int, today: Int) {
    count += 1
    if days > today { future += 1 }
    if days < Self.first1900 { before1900 += 1 }
    if isMasked { return }
    if days < earliest { earliest = days }
    if days > latest { latest = days }
    if Self.key(date, days, unit) != lastKey {
      // This may change the unit.
      flush()
      lastKey = Self.key(date, days, unit)
    }
    lastCount += 1
  }

  private mutating func flush() {
    guard lastCount > 0 else { return }
    bins[lastKey, default: 0] += lastCount
    (lastKey, lastCount) = (Int.min, 0)
    while bins.count > Self.mostBins, unit != .century { coarsen() }
  }

  private mutating func coarsen() {
    guard let next = unit.next else { return }
    var coarser: [Int: Int] = [:]
    for (key, count) in bins {
      let (date, days) = Self.beginning(of: key, unit)
      coarser[Self.key(date, days, next), default: 0] += count
    }
    (bins, unit) = (coarser, next)
  }

  mutating func merge(_ other: DateTally) {
    var other = other
    flush()
    other.flush()
    count += other.count
    future += other.future
    before1900 += other.before1900
    earliest = min(earliest, other.earliest)
    latest = max(latest, other.latest)
    while unit < other.unit { coarsen() }
    while other.unit < unit { other.coarsen() }
    bins.merge(other.bins, uniquingKeysWith: +)
    while bins.count > Self.mostBins, unit != .century { coarsen() }
  }

  var summary: FieldSummary.Dates? {
    guard count > 0 else { return nil }
    var dates = FieldSummary.Dates(count: count, future: future, before1900: before1900)
    guard !isMasked else { return dates }
    var all = self
    all.flush()
    dates.earliest = Self.text(earliest)
    dates.latest = Self.text(latest)
    dates.unit = all.unit
    dates.bins = all.bins.keys.sorted().map { key in
      .init(from: Self.text(Self.beginning(of: key, all.unit).days), to: nil, count: all.bins[key] ?? 0)
    }
    return dates
  }

  private static func key(_ date: CivilDate, _ days: Int, _ unit: Unit) -> Int {
    switch unit {
    case .day: days
    case .month: date.year * 12 + date.month - 1
    case .year: date.year
    case .decade: date.year / 10
    case .century: date.year / 100
    }
  }

  private static func beginning(of key: Int, _ unit: Unit) -> (date: CivilDate, days: Int) {
    let date =
      switch unit {
      case .day: CivilDate(days: key)
      case .month: CivilDate(year: key / 12, month: key % 12 + 1, day: 1)
      case .year: CivilDate(year: key, month: 1, day: 1)
      case .decade: CivilDate(year: key * 10, month: 1, day: 1)
      case .century: CivilDate(year: key * 100, month: 1, day: 1)
      }
    return (date, date.daysSinceEpoch)
  }

  static func text(_ days: Int) -> String {
    let date = CivilDate(days: days)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  /// The day of a text that begins as ISO 8601 writes dates and date-times (`2024-03-10`, `2024-03-10T12:30`); nil for others.
  @inline(__always)
  static func day(of text: UnsafeBufferPointer<UInt8>) -> CivilDate? {
    guard text.count >= 10, text.count <= 40, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
    func digit(_ index: Int) -> Int { Int(text[index] &- 0x30) }
    for index in 0..<10 where index != 4 && index != 7 {
      if digit(index) > 9 { return nil }
    }
    if text.count > 10 {
      guard text.count >= 16, text[10] | 0x20 == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
        digit(11) <= 9, digit(12) <= 9, text[13] == UInt8(ascii: ":"), digit(14) <= 9, digit(15) <= 9
      else { return nil }
    }
    let date = CivilDate(
      year: digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3), month: digit(5) * 10 + digit(6),
      day: digit(8) * 10 + digit(9))
    return date.isValid ? date : nil
  }
}
