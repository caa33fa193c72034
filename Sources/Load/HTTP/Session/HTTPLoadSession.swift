import Core

/// The load of one part into an `http` destination: see `PartLoad`.
final class HTTPLoadSession: LoadSession {
  private let load: PartLoad
  private let records: OutgoingRecords
  private let lease: LeaseHolder
  /// Nil: the next load repeats what this one reports.
  private let reports: LoadReports?
  private let workers: Task<Void, Never>
  private(set) var failure: OperationFailure?
  var verified: VerifyCounts? { load.verified }
  private let ownWarnings: [String]
  var warnings: [String] {
    let left = load.leftOver.sorted { $0.key.slug < $1.key.slug }
    return ownWarnings
      + left.map { code, count in
        "'\(load.plan.destination) \(load.plan.scope.mapping)': \(count == 1 ? "a record" : "\(count) records") of earlier calls, not in this run, got the warning '\(code.slug)'; check \(count == 1 ? "it" : "them") at the destination"
      }
  }

  /// - Parameter count: calls under way at the same time, those that wait for the journal included.
  init(
    _ load: PartLoad, _ records: OutgoingRecords, lease: LeaseHolder, reports: LoadReports?, workers count: Int,
    warnings: [String]
  ) {
    self.load = load
    self.records = records
    self.lease = lease
    self.reports = reports
    ownWarnings = warnings
    workers = Task {
      await withTaskGroup { group in
        for _ in 0..<max(1, count) { group.addTask { await load.work() } }
      }
    }
  }

  deinit {
    // If it was not closed.
    workers.cancel()
    Task { [load, lease] in
      load.queue.close()
      await lease.release()
    }
  }

  func submit(_ batch: StagedBatch) async throws {
    // Copied before anything waits: its cells are valid until this returns, but they are not shared with other tasks.
    let outgoing = records.copy(batch)
    try await interruptibly { [load] in try await load.submit(outgoing) }
  }

  func finish() async throws {
    try await interruptibly { [load] in
      try await load.finish()
      try await load.lostParents?.save()
    }
    failure = load.engine.gate.stopped
  }

  func acknowledge() async { await reports?.end() }

  func close() async {
    load.queue.close()
    workers.cancel()
    await workers.value
    await lease.release()
  }

  /// A cancelled task also ends the calls under way; their intents stay open.
  private func interruptibly(_ work: @escaping @Sendable () async throws -> Void) async throws {
    try Task.checkCancellation()
    try await withTaskCancellationHandler {
      try await work()
    } onCancel: { [load, workers] in
      workers.cancel()
      load.fail(CancellationError())
    }
  }
}
