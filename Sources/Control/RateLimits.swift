/// The rate limits in one response; nil if a header is missing or cannot be parsed.
///
/// The numbers are untrusted, so each is clamped to the range of a real limit. Sums and products of
/// them cannot overflow.
package struct RateLimits: Sendable, Hashable {
  /// Requests, per interval or per day.
  package static let counts = 0...1_000_000_000
  /// A longer interval is treated as one day.
  package static let longestInterval: Duration = .seconds(86_400)
  /// A longer pause is treated as 30 days.
  package static let longestRetryAfter: Duration = .seconds(30 * 86_400)

  /// `X-RateLimit-Max`: requests per interval, at least 1.
  package let max: Int?
  /// `X-RateLimit-Remaining`: left in the interval.
  package let remaining: Int?
  /// `X-RateLimit-Interval-Milliseconds`, longer than zero.
  package let interval: Duration?
  /// `X-RateLimit-Limit-Daily`.
  package let dailyLimit: Int?
  /// `X-RateLimit-Daily-Remaining`.
  package let dailyRemaining: Int?
  /// `Retry-After`: not documented by the API; a proxy may send it with a 429 or a 503.
  package let retryAfter: Duration?

  package init(
    max: Int? = nil, remaining: Int? = nil, interval: Duration? = nil, dailyLimit: Int? = nil, dailyRemaining: Int? = nil,
    retryAfter: Duration? = nil
  ) {
    // A limit of zero requests per interval cannot be kept.
    self.max = max.flatMap { $0 > 0 ? Self.clamped($0, 1...Self.counts.upperBound) : nil }
    self.remaining = remaining.map { Self.clamped($0, Self.counts) }
    self.interval = interval.flatMap { $0 > .zero ? min($0, Self.longestInterval) : nil }
    self.dailyLimit = dailyLimit.map { Self.clamped($0, Self.counts) }
    self.dailyRemaining = dailyRemaining.map { Self.clamped($0, Self.counts) }
    self.retryAfter = retryAfter.map { min(Swift.max($0, .zero), Self.longestRetryAfter) }
  }

  static func clamped(_ value: Int, _ range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(value, range.lowerBound), range.upperBound)
  }
}
