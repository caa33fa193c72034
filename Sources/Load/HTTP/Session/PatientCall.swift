import Control
import Core

/// A read that a job cannot do without: it is repeated after transient failures, or with renewed credentials.
struct PatientCall: Sendable {
  let engine: HTTPEngine

  /// The response to a call that the destination accepted.
  ///
  /// - Parameters:
  ///   - largeHint: what to do about a response that is too large.
  ///   - failure: makes the failure for a reason.
  /// - Throws: `OperationFailure`, `CancellationError`, what reading the credentials throws.
  func response(
    to call: HTTPCall, largeHint: String, failure: (_ why: String, OperationFailure.Code) -> OperationFailure
  ) async throws -> ReadResponse {
    var failures = 0
    var hasRenewed = false
    while true {
      var trouble = ""
      var retryAfter: Duration?
      switch try await engine.call(call) {
      case nil, .cancelled: throw CancellationError()
      case .stopped(let failure): throw failure
      case .notSent(let why), .noResponse(let why): trouble = why
      case .response(let response, let pause, let generation):
        if response.kind == .accepted { return response }
        if response.kind == .unauthorized, !hasRenewed, await engine.renewCredentials(after: generation) {
          hasRenewed = true
          continue
        }
        if response.kind == .unauthorized { throw engine.refusedCredentials(response.detail) }
        if response.kind == .forbidden { throw OperationFailure.forbidden(engine.name, response.detail) }
        (trouble, retryAfter) = (response.detail.isEmpty ? "status \(response.status)" : response.detail, pause)
        switch response.kind {
        case .retry, .serverError, .throttled, .stillRunning: break
        default:
          throw failure(
            "\(call.method) \(call.target) was refused with status \(response.status)\(Self.after(response.detail))",
            .configuration)
        }
      }
      failures += 1
      hasRenewed = false
      let verdict = RetryPolicy().verdict(
        on: .serverError, attempts: failures, throttled: 0, retryAfter: retryAfter, jitter: .random(in: 0..<1))
      // It would be as large the next time.
      if trouble == HTTPEngine.tooLarge { throw failure("\(trouble): \(largeHint)", .configuration) }
      guard case .retry(let pause) = verdict else {
        throw failure("\(call.method) \(call.target)\(Self.after(trouble))", .unreachable)
      }
      try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause)
    }
  }

  private static func after(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }
}
