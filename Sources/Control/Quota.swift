/// The requests made to an API and what it still allows: the `requests` of a summary.
package struct Quota: Sendable, Hashable, Codable {
  /// Requests sent, including retries.
  package var made = 0
  /// Requests that were sent again.
  package var retried = 0
  /// Responses with 429.
  package var throttled = 0
  /// The day's remaining quota that the API last reported; nil if it never did.
  package var remaining: Int?
  /// Requests per day, as last reported by the API.
  package var dailyLimit: Int?
  /// Requests per interval, as last reported by the API.
  package var burstLimit: Int?
  /// The length of the interval in seconds, as last reported by the API.
  package var burstSeconds: Double?

  package init() {}

  /// The requests made since `earlier`; what remains is as last reported.
  package func since(_ earlier: Quota) -> Quota {
    var rest = self
    rest.made = max(0, made - earlier.made)
    rest.retried = max(0, retried - earlier.retried)
    rest.throttled = max(0, throttled - earlier.throttled)
    return rest
  }

  /// This quota and a later one: the requests add up, and what the API reported last counts.
  package func followed(by later: Quota) -> Quota {
    var sum = later
    sum.made += made
    sum.retried += retried
    sum.throttled += throttled
    guard later.remaining == nil, later.dailyLimit == nil, later.burstLimit == nil else { return sum }
    (sum.remaining, sum.dailyLimit) = (remaining, dailyLimit)
    (sum.burstLimit, sum.burstSeconds) = (burstLimit, burstSeconds)
    return sum
  }

  /// The sum over locations. The remaining quota is the lowest of them.
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
  /// The share of the daily quota that may be used in total: the rest is left to others.
  package var dailyPercent: Double?

  package init(requests: Int? = nil, dailyPercent: Double? = nil) {
    self.requests = requests
    self.dailyPercent = dailyPercent
  }

  /// The stricter of two budgets, limit by limit.
  package func narrowed(to other: RequestBudget) -> RequestBudget {
    RequestBudget(
      requests: [requests, other.requests].compactMap(\.self).min(),
      dailyPercent: [dailyPercent, other.dailyPercent].compactMap(\.self).min())
  }

  /// Requests of the day that must stay unused.
  package func reserve(ofDailyLimit limit: Int) -> Int {
    guard let dailyPercent, !dailyPercent.isNaN else { return 0 }
    let limit = RateLimits.clamped(limit, RateLimits.counts)
    return Int((Double(limit) * (100 - min(max(dailyPercent, 0), 100)) / 100).rounded(.up))
  }
}
