/// What a response says about a destination's rate limit; nil for what it does not say. The numbers are untrusted, so each is
/// clamped to the range of a real limit.
package struct RemainingCalls: Sendable, Hashable {
  /// Calls left until `resetsAfter` has passed.
  package let remaining: Int?
  package let resetsAfter: Duration?
  /// No call before this has passed.
  package let retryAfter: Duration?

  package init(remaining: Int? = nil, resetsAfter: Duration? = nil, retryAfter: Duration? = nil) {
    self.remaining = remaining.map { RateLimits.clamped($0, RateLimits.counts) }
    self.resetsAfter = resetsAfter.map { min(max($0, .zero), RateLimits.longestInterval) }
    self.retryAfter = retryAfter.map { min(max($0, .zero), RateLimits.longestRetryAfter) }
  }
}
