package import Core

/// What a set of records amounts to, as files and reports show it: values that `pii` hides are not in it.
package struct RecordFigures: Sendable, Hashable {
  package struct Sum: Sendable, Hashable {
    package var field: String
    /// The records that have a value.
    package var records: Int
    /// An exact decimal number; nil: hidden, or not a sum of numbers.
    package var sum: String?
    package var isHidden: Bool

    package init(field: String, records: Int, sum: String?, isHidden: Bool) {
      self.field = field
      self.records = records
      self.sum = sum
      self.isHidden = isHidden
    }
  }

  package struct Dates: Sendable, Hashable {
    package var field: String
    package var records: Int
    /// As they stand in the records; nil: hidden, or not dates.
    package var earliest: String?
    package var latest: String?
    package var isHidden: Bool

    package init(field: String, records: Int, earliest: String?, latest: String?, isHidden: Bool) {
      self.field = field
      self.records = records
      self.earliest = earliest
      self.latest = latest
      self.isHidden = isHidden
    }
  }

  package var records: Int
  /// Nil: the mapping has no target key.
  package var distinctKeys: Int?
  /// The hash total: 64 hexadecimal digits; nil: there is none.
  package var digest: String?
  package var sums: [Sum] = []
  package var dates: [Dates] = []

  package init(records: Int, distinctKeys: Int? = nil, digest: String? = nil, sums: [Sum] = [], dates: [Dates] = []) {
    self.records = records
    self.distinctKeys = distinctKeys
    self.digest = digest
    self.sums = sums
    self.dates = dates
  }
}

extension RecordFigures {
  /// - Parameters:
  ///   - fields: the names of the columns.
  ///   - hidden: the columns whose values are not shown.
  package init(_ totals: LoadedTotals, fields: [String], hidden: Set<Int>) {
    self.init(
      records: totals.records, distinctKeys: totals.distinctKeys, digest: totals.digest,
      sums: totals.sums.map { .init($0.total, fields[$0.column], isHidden: hidden.contains($0.column)) },
      dates: totals.dates.map { .init($0.range, fields[$0.column], isHidden: hidden.contains($0.column)) })
  }
}

extension RecordFigures.Sum {
  /// Of a field that `pii` hides, the sum of one record would be its value.
  package init(_ total: StoredCounts.Total, _ field: String, isHidden: Bool) {
    var sum: String?
    if case .exactly(let text) = total.sum, !isHidden { sum = text }
    self.init(field: field, records: total.records, sum: sum, isHidden: isHidden)
  }
}

extension RecordFigures.Dates {
  package init(_ range: StoredCounts.DateRange, _ field: String, isHidden: Bool) {
    self.init(
      field: field, records: range.records, earliest: isHidden ? nil : range.earliest, latest: isHidden ? nil : range.latest,
      isHidden: isHidden)
  }
}
