import Control
import Core

/// A read that a job cannot do without: it is repeated after transient failures, or with renewed credentials.
struct PatientCall: Sendable {
  let engine: HTTPEngine

  /// How a call ended.
  enum End: Sendable {
    /// Of any kind that repeating the call does not change.
    case response(ReadResponse)
    /// There was a response, which was not read.
    case tooLarge
    /// It failed as often as it was made, the last time for this reason.
    case failed(String)
    /// The same, and the destination asks for a longer pause than a run is willing to make.
    case comeBack(after: Duration, String)
  }

  /// Makes a call until repeating it would change nothing.
  ///
  /// - Throws: `OperationFailure` if the credentials are refused, or do not permit the call, or if the destination is no longer in
  ///   use; `CancellationError`; what reading the credentials throws.
  func end(of call: HTTPCall) async throws -> End {
    var failures = 0
    var hasRenewed = false
    while true {
      var trouble = ""
      var retryAfter: Duration?
      switch try await engine.call(call) {
      case nil, .cancelled: throw CancellationError()
      case .stopped(let failure): throw failure
      // It would be as large the next time.
      case .noResponse(HTTPEngine.tooLarge): return .tooLarge
      case .notSent(let why), .noResponse(let why): trouble = why
      case .response(let response, let pause, let generation):
        if let stop = response.stops { throw OperationFailure(stop.code, "'\(engine.name)': \(stop.message)") }
        switch response.kind {
        case .unauthorized:
          guard !hasRenewed, await engine.renewCredentials(after: generation) else {
            throw engine.refusedCredentials(response.detail)
          }
          hasRenewed = true
          continue
        case .forbidden: throw OperationFailure.forbidden(engine.name, response.detail)
        case .retry, .serverError, .throttled, .stillRunning:
          (trouble, retryAfter) = (response.detail.isEmpty ? "status \(response.status)" : response.detail, pause)
        default: return .response(response)
        }
      }
      failures += 1
      hasRenewed = false
      let verdict = RetryPolicy().verdict(
        on: .serverError, attempts: failures, throttled: 0, retryAfter: retryAfter, jitter: .random(in: 0..<1))
      switch verdict {
      case .retry(let pause): try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause)
      case .comeBack(let pause): return .comeBack(after: pause, trouble)
      case .giveUp: return .failed(trouble)
      }
    }
  }

  /// The response to a call that the destination accepted.
  ///
  /// - Parameters:
  ///   - largeHint: what to do about a response that is too large.
  ///   - failure: makes the failure for a reason.
  /// - Throws: as `end`.
  func response(
    to call: HTTPCall, largeHint: String, failure: (_ why: String, OperationFailure.Code) -> OperationFailure
  ) async throws -> ReadResponse {
    let name = "\(call.method) \(call.target)"
    switch try await end(of: call) {
    case .response(let response):
      guard response.kind == .accepted else {
        throw failure("\(name) was refused with status \(response.status)\(Self.after(response.detail))", .configuration)
      }
      return response
    case .tooLarge: throw failure("\(HTTPEngine.tooLarge): \(largeHint)", .configuration)
    case .failed(let why), .comeBack(_, let why): throw failure(name + Self.after(why), .unreachable)
    }
  }

  private static func after(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }
}
