import Core

/// Adds up the records of a part in the form in which a table has them.
struct SQLiteTotals: TotalsSession {
  private let table: SQLiteTable
  private var totals: RecordTotals

  init(_ part: LoadPart, table: SQLiteTable, _ options: TotalsOptions) {
    self.table = table
    totals = RecordTotals(part.columns, options: options)
  }

  mutating func add(_ batch: StagedBatch) throws {
    for index in 0..<batch.count {
      let values = table.storedValues(of: batch.record(index))
      try totals.add(table.recordKey(of: values), values)
    }
  }

  func finish() -> LoadedTotals { totals.finish() }
}
