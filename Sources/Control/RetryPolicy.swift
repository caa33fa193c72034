/// Decides whether a request that went wrong is sent again, and when: exponential back-off with full jitter.
///
/// The attempts are counted per request, so a request that fails for ever is given up and reported, and the run goes
/// on without that record. Answers 429 have a count of their own: the pacer waits for the window, and a throttled
/// request is not at fault.
package struct RetryPolicy: Sendable, Hashable {
  /// What went wrong with one attempt.
  package enum Trouble: Sendable, Hashable {
    case throttled
    /// An answer 5xx, or one that cannot be read (cut off, an HTML page).
    case serverError
    /// No connection, or it broke.
    case broken
    case timedOut
    /// An answer that will be the same next time.
    case refused
  }

  package enum Verdict: Sendable, Hashable {
    case retry(after: Duration)
    case giveUp
  }

  /// Attempts in all, the first among them.
  package var maxAttempts: Int
  /// Answers 429 to one request before it is given up.
  package var maxThrottled: Int
  /// The upper bound of the first pause; it doubles with each attempt.
  package var base: Duration
  /// The upper bound of any pause.
  package var cap: Duration
  /// No pause that the server asks for is longer.
  package var longestRetryAfter: Duration

  package init(
    maxAttempts: Int = 6, maxThrottled: Int = 20, base: Duration = .milliseconds(250), cap: Duration = .seconds(20),
    longestRetryAfter: Duration = .seconds(120)
  ) {
    self.maxAttempts = max(1, maxAttempts)
    self.maxThrottled = max(0, maxThrottled)
    self.base = base
    self.cap = cap
    self.longestRetryAfter = longestRetryAfter
  }

  /// - Parameters:
  ///   - attempts: attempts made so far that did not end in 429, this one among them.
  ///   - throttled: answers 429 so far, this one among them. For these the pacer waits, also as long as the server asks.
  ///   - retryAfter: what the server asks for.
  package func verdict(
    on trouble: Trouble, attempts: Int, throttled: Int, retryAfter: Duration? = nil,
    using random: inout some RandomNumberGenerator
  ) -> Verdict {
    switch trouble {
    case .refused: .giveUp
    case .throttled: throttled > maxThrottled ? .giveUp : .retry(after: .zero)
    case .serverError, .broken, .timedOut:
      attempts >= maxAttempts
        ? .giveUp
        : .retry(after: max(pause(afterAttempt: attempts, using: &random), min(retryAfter ?? .zero, longestRetryAfter)))
    }
  }

  /// The longest pause after attempt number `attempt` (from 1).
  package func longestPause(afterAttempt attempt: Int) -> Duration {
    var bound = base
    for _ in 1..<max(1, attempt) where bound < cap { bound *= 2 }
    return min(bound, cap)
  }

  private func pause(afterAttempt attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
    longestPause(afterAttempt: attempt) * Double.random(in: 0..<1, using: &random)
  }
}
