import Core

/// Adds up the records of a part as they are sent to an `http` destination.
struct HTTPTotals: TotalsSession {
  private let plan: PartPlan
  private let outgoing: OutgoingRecords
  private var totals: RecordTotals

  /// Nil if the canonical form of its records is known only after the destination has been read.
  init?(_ part: LoadPart, _ plan: PartPlan, _ options: TotalsOptions) {
    guard plan.adapter == nil, plan.resource.deletion == nil else { return nil }
    self.plan = plan
    outgoing = OutgoingRecords(
      plan, key: part.key, BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items))
    totals = RecordTotals(plan.columns, plan.comparison, hasKey: !part.key.isEmpty, options: options)
  }

  mutating func add(_ batch: StagedBatch) throws {
    for start in stride(from: 0, to: batch.count, by: HTTPComparison.chunk) {
      for record in outgoing.copy(batch[start..<min(start + HTTPComparison.chunk, batch.count)]) {
        try totals.add(record.key, RecordValues.values(of: try JSONReader.read(record.json), plan.columns))
      }
    }
  }

  func finish() -> LoadedTotals { totals.finish() }
}
