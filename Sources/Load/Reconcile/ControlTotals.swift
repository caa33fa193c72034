import Core

/// Counts and sums of the numeric fields of many records, of those that were loaded and of those that are stored.
///
/// A field is numeric if the target schema allows numbers there and each loaded value is one, after normalization. In a file of texts,
/// it must not allow texts, and its texts are numbers.
struct ControlTotals: Sendable {
  private struct Side: Sendable {
    var records = 0
    var sum = ExactSum()
    var isNumeric = true
    let readsTexts: Bool

    mutating func add(_ value: JSONValue?) {
      guard let value, value != .null else { return }
      records += 1
      switch value {
      case .number(let digits): sum.add(DecimalDigits(digits))
      case .string(let text) where readsTexts && Self.isNumber(text): sum.add(DecimalDigits(text))
      default: isNumeric = false
      }
    }

    private static func isNumber(_ text: String) -> Bool {
      if case .number? = try? JSONReader.read(text) { true } else { false }
    }

    var total: StoredCounts.Total {
      .init(records: records, sum: isNumeric ? sum.text.map { .exactly($0) } ?? .tooLong : .notNumbers)
    }
  }

  private let columns: [Int]
  private var loaded: [Side]
  private var stored: [Side]

  init(_ columns: [LoadColumn], readsTexts: Bool = false) {
    self.columns = columns.indices.filter { index in
      let types = columns[index].types
      return !types.isDisjoint(with: [.integer, .number]) && !(readsTexts && types.contains(.string))
    }
    loaded = self.columns.map { _ in Side(readsTexts: readsTexts) }
    stored = loaded
  }

  /// - Parameter values: by column, in canonical form.
  mutating func add(loaded values: [JSONValue?]) {
    for (index, column) in columns.enumerated() { loaded[index].add(values[column]) }
  }

  mutating func add(stored values: [JSONValue?]) {
    for (index, column) in columns.enumerated() { stored[index].add(values[column]) }
  }

  /// Of the numeric fields that have a value.
  var totals: [StoredCounts.ControlTotal] {
    columns.indices.filter { loaded[$0].isNumeric && loaded[$0].records > 0 }.map {
      .init(column: columns[$0], loaded: loaded[$0].total, stored: stored[$0].total)
    }
  }
}
