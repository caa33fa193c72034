import Control
import Core

/// Looks records up, and retries after transient failures or with renewed credentials.
struct PatientLookup: Sendable {
  let lookup: RecordLookup

  private var engine: HTTPEngine { lookup.engine }

  /// With the number of failed attempts.
  typealias Found = (result: RecordLookup.Result, attempts: Int)

  /// - Throws: what the journal throws; `CancellationError`.
  func find(_ record: OutgoingRecord) async throws -> Found {
    let (result, attempts) = try await patiently {
      try await lookup.find(record)
    } trouble: {
      $0
    }
    return (result, attempts)
  }

  /// Looks a record up again, after a pause, until `isFinal` takes what is there: some destinations show for a moment what was there
  /// before a write.
  ///
  /// - Returns: what the last lookup has shown, whether it is final or not.
  /// - Throws: as `find`.
  func find(_ record: OutgoingRecord, until isFinal: (RecordLookup.Result) -> Bool) async throws -> RecordLookup.Result {
    var attempts = 0
    while true {
      let result = try await find(record).result
      if case .cancelled = result { throw CancellationError() }
      attempts += 1
      if attempts == Self.staleAtMost || isFinal(result) { return result }
      try await engine.timekeeper.sleep(until: engine.timekeeper.now() + Self.stalePause)
    }
  }

  private static let staleAtMost = 3
  private static let stalePause: Duration = .seconds(1)

  /// Every record with the key. A record that cannot be looked up is not tried again.
  ///
  /// - Throws: as `find`; `RecordLookup.Trouble` if there is no answer.
  func all(_ record: OutgoingRecord) async throws -> [StoredRecord] {
    try await patiently {
      try await lookup.all(record)
    } trouble: { answer in
      if case .failure(let trouble) = answer, !trouble.isAboutRecord { trouble.result } else { nil }
    }.answer.get()
  }

  /// Whether the destination still has what a record belongs to; nil: that cannot be found out now.
  ///
  /// - Parameter response: as of `ResourceAdapter.hasParent`.
  /// - Throws: as `find`.
  func hasParent(_ record: OutgoingRecord, after response: ReadResponse?, _ adapter: any ResourceAdapter) async throws -> Bool? {
    let (answer, _) = try await patiently {
      try await adapter.hasParent(record, after: response, lookup)
    } trouble: { answer in
      if case .failure(let trouble) = answer, !trouble.isAboutRecord { trouble.result } else { nil }
    }
    switch answer {
    case .success(let isThere): return isThere
    case .failure(let trouble):
      if case .cancelled = trouble.result { throw CancellationError() }
      return nil
    }
  }

  /// Asks until there is an answer, or no point in asking again.
  ///
  /// - Parameter trouble: why there is no answer; nil: there is one.
  private func patiently<Answer>(
    _ ask: () async throws -> Answer, trouble: (Answer) -> RecordLookup.Result?
  ) async throws -> (answer: Answer, attempts: Int) {
    var failures = 0
    var hasRenewed = false
    while true {
      let answer = try await ask()
      switch trouble(answer) {
      case .unauthorized(_, let generation):
        guard !hasRenewed, await engine.renewCredentials(after: generation) else { return (answer, failures) }
        hasRenewed = true
      case .failed(.other, let retryAfter, _):
        hasRenewed = false
        failures += 1
        let verdict = RetryPolicy().verdict(
          on: .serverError, attempts: failures, throttled: 0, retryAfter: retryAfter, jitter: .random(in: 0..<1))
        guard case .retry(let pause) = verdict else { return (answer, failures) }
        try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause)
      default: return (answer, failures)
      }
    }
  }

  /// Like `find`, for a record that cannot be sent without a lookup: refused credentials stop the destination.
  func necessary(_ record: OutgoingRecord) async throws -> Found {
    let (result, attempts) = try await find(record)
    let failure: OperationFailure
    switch result {
    case .unauthorized(let why, _): failure = engine.refusedCredentials(why)
    case .failed(.forbidden, _, let why): failure = .forbidden(lookup.plan.destination, why)
    default: return (result, attempts)
    }
    engine.gate.stop(failure)
    return (.stopped(engine.gate.stopped ?? failure), attempts)
  }
}
