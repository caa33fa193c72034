/// A column of ledger lines by which they can be counted.
package enum LedgerColumn: String, Sendable, Hashable, CaseIterable {
  case mapping, stage, severity, code, field, record
}

/// How many lines of a ledger have the same values.
package struct LedgerGroup: Sendable, Hashable {
  /// By the columns that were asked for, in their order; nil: lines without a value there.
  package var values: [Name?]
  package var count: Int

  package init(values: [Name?], count: Int) {
    self.values = values
    self.count = count
  }
}
