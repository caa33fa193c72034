package import Control
package import HTTP
package import Records

/// A valid response: JSON, checked.
package struct GHLAnswer: Sendable {
  package var status: Int
  /// Empty if the response has only a status.
  package var body: [UInt8]
  package var traceId: String?
  /// The value of `body`; nil if the body is empty.
  package var root: JSONSlice?
  /// Its share of the memory for answers, held as long as the answer exists.
  var lease: ByteBudget.Lease?
}

extension HTTPAnswer {
  /// The five headers and `Retry-After`; nil for any that is missing or invalid.
  package var limits: RateLimits {
    func count(_ name: String) -> Int? { headers[name].flatMap { HeaderNumber.count($0) } }
    return RateLimits(
      max: count("x-ratelimit-max"), remaining: count("x-ratelimit-remaining"),
      interval: count("x-ratelimit-interval-milliseconds").map { .milliseconds($0) },
      dailyLimit: count("x-ratelimit-limit-daily"), dailyRemaining: count("x-ratelimit-daily-remaining"),
      retryAfter: retryAfter)
  }

  var traceId: String? { ShownText.identifier(headers["traceid"] ?? headers["x-trace-id"]) }
}
