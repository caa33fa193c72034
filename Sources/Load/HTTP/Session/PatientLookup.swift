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
    var failures = 0
    var hasRenewed = false
    while true {
      let result = try await lookup.find(record)
      switch result {
      case .unauthorized(_, let generation):
        guard !hasRenewed, await engine.renewCredentials(after: generation) else { return (result, failures) }
        hasRenewed = true
      case .failed(.other, let retryAfter, _):
        hasRenewed = false
        failures += 1
        let verdict = RetryPolicy().verdict(
          on: .serverError, attempts: failures, throttled: 0, retryAfter: retryAfter, jitter: .random(in: 0..<1))
        guard case .retry(let pause) = verdict else { return (result, failures) }
        try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause)
      default: return (result, failures)
      }
    }
  }

  /// Like `find`, for a record that cannot be sent without a lookup: refused credentials stop the destination.
  func necessary(_ record: OutgoingRecord) async throws -> Found {
    let (result, attempts) = try await find(record)
    let failure: OperationFailure
    switch result {
    case .unauthorized(let why, _): failure = .refusedCredentials(lookup.plan.destination, why)
    case .failed(.forbidden, _, let why): failure = .forbidden(lookup.plan.destination, why)
    default: return (result, attempts)
    }
    engine.gate.stop(failure)
    return (.stopped(engine.gate.stopped ?? failure), attempts)
  }
}
