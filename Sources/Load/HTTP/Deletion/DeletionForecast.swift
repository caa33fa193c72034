import Core

/// Predicts which records a mapping with `delete` would remove: from the journal alone, as the load decides it.
final class DeletionForecast: LoadSession {
  private let outgoing: OutgoingRecords
  private let sink: any ForecastSink
  private let named: NamedRecords
  private(set) var failure: OperationFailure?

  /// - Throws: as `HTTPDestination.forecast`.
  init(
    _ plan: PartPlan, _ part: LoadPart, _ deletion: DeletionDocument, _ services: HTTPDestination.Services,
    to sink: any ForecastSink
  ) async throws {
    let opening = PartOpening(reading: plan, services: services)
    try await opening.checkAddress()
    outgoing = OutgoingRecords(plan, key: part.key, opening.bodies)
    named = NamedRecords(plan, deletion, services.journal)
    self.sink = sink
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    for (record, fate) in try await named.judge(outgoing.copy(batch)) { sink.forecast(record.ordinal, fate.forecast(of: record)) }
  }

  func finish() async throws {
    for (record, known) in named.removals { sink.forecast(record.ordinal, NamedRecords.Fate.remove(known).forecast(of: record)) }
    failure = named.excess
  }

  func close() async {}
}

/// What a mapping with `delete` has removed is not there: nothing is compared.
struct DeletionComparison: ComparisonSession {
  func expect(_ batch: StagedBatch, as role: ComparisonRole) async throws {}

  func compare(reporting sink: (StoredDifference) throws -> Void) async throws -> StoredCounts {
    var counts = StoredCounts(readBy: "key")
    counts.judgesExtras = false
    return counts
  }

  func close() async {}
}
