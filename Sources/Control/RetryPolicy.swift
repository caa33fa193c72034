/// Decides whether a failed request is retried, and when: exponential backoff with full jitter.
///
/// Attempts are counted per request, so a request that keeps failing is given up and reported, and the run continues
/// without that record. 429 responses are counted separately: the pacer waits for the window, and a throttled request is
/// not at fault.
package struct RetryPolicy: Sendable, Hashable {
  /// What went wrong with one attempt.
  package enum Trouble: Sendable, Hashable {
    case throttled
    /// A 5xx response, or one that cannot be read (truncated, an HTML page).
    case serverError
    /// No connection, or it broke.
    case broken
    case timedOut
    /// A response that will be the same next time.
    case refused
  }

  package enum Verdict: Sendable, Hashable {
    case retry(after: Duration)
    case giveUp
    /// The server asks for a longer pause than a run is willing to make.
    case comeBack(after: Duration)
  }

  /// Attempts in total, including the first.
  package var maxAttempts: Int
  /// 429 responses to one request before it is given up.
  package var maxThrottled: Int
  /// The upper bound of the first pause; it doubles with each attempt.
  package var base: Duration
  /// The upper bound of any pause.
  package var cap: Duration
  /// If the server asks for a longer pause, the run ends instead.
  package var longestWait: Duration

  package init(
    maxAttempts: Int = 6, maxThrottled: Int = 20, base: Duration = .milliseconds(250), cap: Duration = .seconds(20),
    longestWait: Duration = .seconds(300)
  ) {
    self.maxAttempts = max(1, maxAttempts)
    self.maxThrottled = max(0, maxThrottled)
    self.base = min(max(base, .zero), .seconds(3_600))
    self.cap = min(max(cap, .zero), .seconds(3_600))
    self.longestWait = longestWait
  }

  /// - Parameters:
  ///   - attempts: Attempts made so far that did not end in 429, including this one.
  ///   - throttled: 429 responses so far, including this one. For these, the pacer waits, also as long as the server asks.
  ///   - retryAfter: The pause that the server asks for.
  ///   - jitter: the share of the longest pause to wait, chosen at random from `0..<1`.
  package func verdict(
    on trouble: Trouble, attempts: Int, throttled: Int, retryAfter: Duration? = nil, jitter: Double
  ) -> Verdict {
    switch trouble {
    case .refused: return .giveUp
    case .throttled: return throttled > maxThrottled ? .giveUp : .retry(after: .zero)
    case .serverError, .broken, .timedOut:
      if let retryAfter, retryAfter > longestWait { return .comeBack(after: retryAfter) }
      if attempts >= maxAttempts { return .giveUp }
      return .retry(after: max(longestPause(afterAttempt: attempts) * jitter, retryAfter ?? .zero))
    }
  }

  /// The longest pause after attempt number `attempt` (from 1).
  package func longestPause(afterAttempt attempt: Int) -> Duration {
    var bound = base
    // Doubling a zero pause would loop once per attempt.
    for _ in 1..<min(max(1, attempt), 64) where bound < cap { bound *= 2 }
    return min(bound, cap)
  }
}
