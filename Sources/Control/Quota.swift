/// What was asked of an API and what it still allows: the `requests` of a summary.
package struct Quota: Sendable, Hashable {
  /// Requests sent, retries among them.
  package var made = 0
  /// Requests that were sent again.
  package var retried = 0
  /// Answers 429.
  package var throttled = 0
  /// What the API last said is left of the day; nil when it never said.
  package var remaining: Int?
  /// Requests per day, as the API last said.
  package var dailyLimit: Int?
  /// Requests per interval, as the API last said.
  package var burstLimit: Int?
  /// How long the interval is, in seconds, as the API last said.
  package var burstSeconds: Double?

  package init() {}

  /// The sum over locations. What remains is the least of them.
  package static func + (left: Quota, right: Quota) -> Quota {
    var sum = left
    sum.made += right.made
    sum.retried += right.retried
    sum.throttled += right.throttled
    sum.remaining = [left.remaining, right.remaining].compactMap { $0 }.min()
    sum.dailyLimit = [left.dailyLimit, right.dailyLimit].compactMap { $0 }.min()
    sum.burstLimit = [left.burstLimit, right.burstLimit].compactMap { $0 }.min()
    sum.burstSeconds = [left.burstSeconds, right.burstSeconds].compactMap { $0 }.max()
    return sum
  }
}

/// What a run may spend at most. Nil: no limit of ours.
package struct RequestBudget: Sendable, Hashable {
  /// Requests of this run.
  package var requests: Int?
  /// Share of the daily quota that may be used, by anybody: the rest is left to others.
  package var dailyPercent: Double?

  package init(requests: Int? = nil, dailyPercent: Double? = nil) {
    self.requests = requests
    self.dailyPercent = dailyPercent
  }

  /// Requests of the day that must stay unused.
  package func reserve(ofDailyLimit limit: Int) -> Int {
    guard let dailyPercent else { return 0 }
    return Int((Double(limit) * (100 - min(max(dailyPercent, 0), 100)) / 100).rounded(.up))
  }
}

/// The rate-limit headers of one answer; nil where a header is absent or no number.
package struct RateLimits: Sendable, Hashable {
  /// `X-RateLimit-Max`: requests per interval.
  package var max: Int?
  /// `X-RateLimit-Remaining`: left in the interval.
  package var remaining: Int?
  /// `X-RateLimit-Interval-Milliseconds`.
  package var interval: Duration?
  /// `X-RateLimit-Limit-Daily`.
  package var dailyLimit: Int?
  /// `X-RateLimit-Daily-Remaining`.
  package var dailyRemaining: Int?
  /// `Retry-After`: not documented by the API; a proxy may send it with a 429 or a 503.
  package var retryAfter: Duration?

  package init(
    max: Int? = nil, remaining: Int? = nil, interval: Duration? = nil, dailyLimit: Int? = nil, dailyRemaining: Int? = nil,
    retryAfter: Duration? = nil
  ) {
    self.max = max
    self.remaining = remaining
    self.interval = interval
    self.dailyLimit = dailyLimit
    self.dailyRemaining = dailyRemaining
    self.retryAfter = retryAfter
  }
}
