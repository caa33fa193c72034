import Core
import Values

/// The earliest and the latest value of the date fields of many records, of those that were loaded and of those that are stored.
///
/// A field is a date field if the target schema allows texts there, and each loaded value is an ISO date, or each is a date-time with an
/// offset, or each one without. The result does not depend on the order of the records: of two spellings of the same instant, the one
/// whose bytes come first counts.
struct DateTotals: Sendable {
  private struct Value: Sendable {
    var text: String
    var date: DateText

    func isBefore(_ other: Value) -> Bool { date.isBefore(other.date) }
    func isSame(_ other: Value) -> Bool { !date.isBefore(other.date) && !other.date.isBefore(date) }
  }

  private struct Side: Sendable {
    var records = 0
    private(set) var isDate = true
    private var earliest: Value?
    private var latest: Value?

    mutating func add(_ value: JSONValue?) {
      guard let value, value != .null else { return }
      records += 1
      guard isDate else { return }
      guard let text = value.stringValue, let date = DateText(text), earliest.map({ $0.date.form == date.form }) ?? true else {
        isDate = false
        return
      }
      let next = Value(text: text, date: date)
      earliest = earliest.map { Self.first($0, next, isLess: next.isBefore($0)) } ?? next
      latest = latest.map { Self.first($0, next, isLess: $0.isBefore(next)) } ?? next
    }

    private static func first(_ old: Value, _ new: Value, isLess: Bool) -> Value {
      isLess || new.isSame(old) && new.text.precedesExactly(old.text) ? new : old
    }

    var range: StoredCounts.DateRange {
      isDate
        ? .init(records: records, earliest: earliest?.text, latest: latest?.text) : .init(records: records)
    }
  }

  private let columns: [Int]
  private var loaded: [Side]
  private var stored: [Side]

  init(_ columns: [LoadColumn]) {
    self.columns = columns.indices.filter { columns[$0].types.contains(.string) }
    loaded = self.columns.map { _ in Side() }
    stored = loaded
  }

  /// - Parameter values: by column, as they are.
  mutating func add(loaded values: [JSONValue?]) {
    for (index, column) in columns.enumerated() { loaded[index].add(values[column]) }
  }

  mutating func add(stored values: [JSONValue?]) {
    for (index, column) in columns.enumerated() { stored[index].add(values[column]) }
  }

  /// Of the fields that have a date.
  var totals: [StoredCounts.DateTotal] {
    columns.indices.filter { loaded[$0].isDate && loaded[$0].records > 0 }.map {
      .init(column: columns[$0], loaded: loaded[$0].range, stored: stored[$0].range)
    }
  }
}
