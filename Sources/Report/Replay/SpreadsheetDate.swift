import Core

/// Dates and times as spreadsheets show them.
///
/// `2026-01-02` becomes `02.01.2026`, `1/2/26` or `2-Jan-26`, `1/2` becomes `2-Jan` or `01.02.2026`, and `08:05:00` becomes `8:05`. Another
/// order of the same numbers in the same form is a correction.
struct SpreadsheetDate {
  /// Two or three numbers in the order of the text; empty: it is a time. A month's name is its number.
  private var date: [Int] = []
  private var hasName = false
  /// Hours, minutes, seconds, and a fraction of them, as far as they are there.
  private var time: [Int] = []

  /// - Parameters: they differ.
  static func isReformatted(_ cell: String, from original: String) -> Bool {
    guard let new = SpreadsheetDate(cell) else {
      return SpreadsheetDate(original)?.serials.contains(cell.prefix { $0 != "." && $0 != "," }.description) ?? false
    }
    guard let old = SpreadsheetDate(original), old.isTime(new) else { return false }
    if old.date.isEmpty || new.date.isEmpty { return old.date.isEmpty && new.date.isEmpty }
    let (wanted, found) = (old.date.map(Self.short).sorted(), new.date.map(Self.short).sorted())
    if old.date.count == new.date.count {
      return old.layout == new.layout && !old.hasName ? old.date == new.date : wanted == found
    }
    // It adds the year, or leaves it out.
    guard let year = (old.date.count == 3 ? old : new).year else { return false }
    return (wanted + (old.date.count == 3 ? [] : [Self.short(year)])).sorted()
      == (found + (old.date.count == 3 ? [Self.short(year)] : [])).sorted()
  }

  /// Whether it is a date or a time in any form.
  static func isLike(_ text: String) -> Bool { SpreadsheetDate(text) != nil }

  /// It shows no seconds, or no time at all, or adds zeros.
  private func isTime(_ new: SpreadsheetDate) -> Bool {
    zip(time, new.time).allSatisfy { $0 == $1 } && new.time.dropFirst(time.count).allSatisfy { $0 == 0 }
  }

  private static func short(_ number: Int) -> Int { number > 999 ? number % 100 : number }

  /// Where the year is, whether it has four digits, and whether the month has a name: what tells one form from another.
  private var layout: [Bool] { date.map { $0 > 999 } + [hasName] }

  private var year: Int? { date.first { $0 > 999 } ?? date.first { $0 > 31 } ?? date.last }

  /// The days since 1899-12-30 that a spreadsheet shows for a date in a column of numbers.
  private var serials: [String] {
    guard date.count == 3, let year = date.first(where: { $0 > 999 }) else { return [] }
    let rest = date.filter { $0 <= 999 }
    guard rest.count == 2 else { return [] }
    return [(rest[0], rest[1]), (rest[1], rest[0])].filter { (1...12).contains($0.0) }.map { String(Self.days(year, $0.0, $0.1)) }
  }

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // Of the proleptic Gregorian calendar: https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    let year = month <= 2 ? year - 1 : year
    let (era, ofEra) = (year / 400, year % 400)
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468 + 25_569
  }

  // MARK: Reading

  private enum Token {
    case number(Int, digits: Int)
    case word(String)
    case mark(Unicode.Scalar)
  }

  /// Nil if the text is neither a date nor a time.
  init?(_ text: String) {
    guard text.utf8.count <= 40, let tokens = Self.tokens(text) else { return nil }
    var isAfternoon: Bool?
    var isInTime = false
    for (index, token) in tokens.enumerated() {
      switch token {
      case .mark: continue
      case .word(let word):
        if ["AM", "PM"].contains(exactly: word.uppercased()) {
          isAfternoon = word.uppercased().isExactly("PM")
        } else if let month = Self.month(word), !hasName, !isInTime {
          date.append(month)
          hasName = true
        } else if !["T", "Z"].contains(exactly: word) {
          return nil
        }
      case .number(let number, let digits):
        if !isInTime, index + 1 < tokens.count, case .mark(":") = tokens[index + 1] { isInTime = true }
        if isInTime {
          time.append(number)
        } else {
          guard digits <= 2 || digits == 4 && number > 999 else { return nil }
          date.append(number)
        }
      }
    }
    guard time.count <= 4, isInTime || !date.isEmpty, date.isEmpty || isCalendarDate else { return nil }
    if let isAfternoon, let hour = time.first { time[0] = hour % 12 + (isAfternoon ? 12 : 0) }
  }

  private static func tokens(_ text: String) -> [Token]? {
    var tokens: [Token] = []
    var rest = Array(text.unicodeScalars)[...]
    while let first = rest.first {
      let isDigit = ("0"..."9").contains(first)
      if isDigit || first.properties.isAlphabetic {
        let run = rest.prefix { isDigit ? ("0"..."9").contains($0) : $0.properties.isAlphabetic }
        rest = rest.dropFirst(run.count)
        let word = String(String.UnicodeScalarView(run))
        tokens.append(isDigit ? .number(Int(word) ?? .max, digits: run.count) : .word(word))
      } else {
        guard "-/.,: ".unicodeScalars.contains(first) else { return nil }
        tokens.append(.mark(first))
        rest = rest.dropFirst()
      }
    }
    return tokens
  }

  /// Two or three numbers of which one can be the month, one the day, and one the year, which is not in the middle.
  private var isCalendarDate: Bool {
    guard (2...3).contains(date.count) else { return false }
    func isMonth(_ number: Int) -> Bool { (1...12).contains(number) }
    func isDay(_ number: Int) -> Bool { (1...31).contains(number) }
    func areDayAndMonth(_ one: Int, _ other: Int) -> Bool { isMonth(one) && isDay(other) || isDay(one) && isMonth(other) }
    if date.count == 3 { return areDayAndMonth(date[0], date[1]) || areDayAndMonth(date[1], date[2]) }
    return areDayAndMonth(date[0], date[1]) || isMonth(date[0]) || isMonth(date[1])
  }

  /// The beginnings of the months' names in English, German, French, Spanish, Italian, Portuguese and Dutch.
  private static let months: [[String]] = [
    ["jan", "ene", "gen"], ["feb", "fév", "fev"], ["mar", "mär", "mrz", "mrt", "maa"], ["apr", "avr", "abr"],
    ["may", "mai", "mag", "mei"], ["jun", "juin", "giu"], ["jul", "juil", "lug"], ["aug", "aoû", "ago"],
    ["sep", "set"], ["oct", "okt", "ott", "out"], ["nov"], ["dec", "dez", "déc", "dic"],
  ]

  private static func month(_ word: String) -> Int? {
    guard (3...10).contains(word.count) else { return nil }
    let lower = word.lowercased()
    return months.firstIndex { $0.contains { lower.hasPrefix($0) } }.map { $0 + 1 }
  }
}
