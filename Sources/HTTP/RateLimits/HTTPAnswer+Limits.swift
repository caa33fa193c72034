package import Control

extension HTTPAnswer {
  /// The five headers in which GHL reports its two quotas, and `Retry-After`; nil for any that is missing or invalid.
  package var limits: RateLimits {
    func count(_ name: String) -> Int? { headers[name].flatMap { HeaderNumber.count($0) } }
    return RateLimits(
      max: count("x-ratelimit-max"), remaining: count("x-ratelimit-remaining"),
      interval: count("x-ratelimit-interval-milliseconds").map { .milliseconds($0) },
      dailyLimit: count("x-ratelimit-limit-daily"), dailyRemaining: count("x-ratelimit-daily-remaining"),
      retryAfter: retryAfter)
  }
}
