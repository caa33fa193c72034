import Control
package import Records

/// A good answer: JSON, checked.
package struct GHLAnswer: Sendable {
  package var status: Int
  /// Empty where the API said nothing more than its status.
  package var body: [UInt8]
  package var traceId: String?

  /// The answer's value.
  package func slice() throws(JSONSlicer.Failure) -> JSONSlice { try JSONSlicer.slice(body) }
}

extension HTTPAnswer {
  /// The five headers and `Retry-After` in its form of seconds, and nothing where they are missing.
  var limits: RateLimits {
    func number(_ name: String) -> Int? {
      headers[name].flatMap { Int($0.filter { $0 != " " }) }
    }
    return RateLimits(
      max: number("x-ratelimit-max"), remaining: number("x-ratelimit-remaining"),
      interval: number("x-ratelimit-interval-milliseconds").map { .milliseconds($0) },
      dailyLimit: number("x-ratelimit-limit-daily"), dailyRemaining: number("x-ratelimit-daily-remaining"),
      retryAfter: number("retry-after").flatMap { $0 >= 0 ? .seconds($0) : nil })
  }

  var traceId: String? { headers["traceid"] ?? headers["x-trace-id"] }
}
