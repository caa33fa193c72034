/// How a run, or a job on one input, ends: decided in one place, from what happened.
package struct Verdict: Sendable, Hashable, Codable {
  package var status: RunStatus
  package var exitCode: ExitCode
  /// Why it did not end with `done`, for people.
  package var messages: [String]
  /// For `tryLater`: when to retry; nil if that is unknown.
  package var retryAfterSeconds: Int?
  /// For `tryLater`: what to wait for.
  package var pause: OperationFailure.Code?

  package init(
    status: RunStatus, exitCode: ExitCode, messages: [String] = [], retryAfterSeconds: Int? = nil,
    pause: OperationFailure.Code? = nil
  ) {
    self.status = status
    self.exitCode = exitCode
    self.messages = messages
    self.retryAfterSeconds = retryAfterSeconds
    self.pause = pause
  }
}
