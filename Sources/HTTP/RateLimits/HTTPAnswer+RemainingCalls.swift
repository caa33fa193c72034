package import Control

extension HTTPAnswer {
  /// What the response says about the server's rate limit, in any of the forms in use:
  ///
  ///     RateLimit: "burst";r=50;t=30, "daily";r=9000;t=3600             IETF draft, from version 8
  ///     RateLimit: limit=100, remaining=50, reset=30                    IETF draft, version 7
  ///     RateLimit-Remaining: 50        RateLimit-Reset: 30              IETF draft, up to version 6
  ///     X-RateLimit-Remaining: 50      X-RateLimit-Reset: 1767225600    in use before; the reset is a moment, or a number of seconds
  ///
  /// The limit with the fewest calls left counts; of several, the one that is reset last. Malformed headers are ignored.
  package var remainingCalls: RemainingCalls {
    let left =
      headers["ratelimit"].flatMap(RateLimitField.least)
      ?? pair("ratelimit-remaining", "ratelimit-reset") ?? pair("x-ratelimit-remaining", "x-ratelimit-reset")
      ?? pair("x-rate-limit-remaining", "x-rate-limit-reset")
    return RemainingCalls(
      remaining: left?.remaining, resetsAfter: left.map { .seconds($0.seconds) }, retryAfter: retryAfter)
  }

  private func pair(_ remaining: String, _ reset: String) -> RateLimitField.Left? {
    guard let left = headers[remaining].flatMap({ HeaderNumber.count($0) }), let end = headers[reset].flatMap(seconds) else {
      return nil
    }
    return RateLimitField.Left(remaining: left, seconds: end)
  }

  /// From now until a reset that is written as a number of seconds, or as a moment in seconds or milliseconds since 1970.
  private func seconds(_ text: String) -> Int? {
    guard text.utf8.count <= 15, let number = Int(text.filter { $0 != " " }), number >= 0 else { return nil }
    switch number {
    case ..<100_000_000: return number
    case 100_000_000..<100_000_000_000: return max(0, number - serverTime)
    default: return max(0, number / 1_000 - serverTime)
    }
  }
}

/// The header field `RateLimit`.
enum RateLimitField {
  struct Left: Hashable {
    var remaining: Int
    /// Until the limit is reset.
    var seconds: Int
  }

  /// Nil if none of its limits is complete.
  static func least(_ text: String) -> Left? {
    guard text.utf8.count <= 1_000 else { return nil }
    let items = text.split(separator: ",").map { $0.split(separator: ";").map(parameter) }
    var lefts = items.compactMap { left(Dictionary($0, uniquingKeysWith: { $1 }), "r", "t") }
    // In version 7 of the draft the commas separate the parts of one limit.
    if let older = left(Dictionary(items.joined(), uniquingKeysWith: { $1 }), "remaining", "reset") { lefts.append(older) }
    return lefts.min { ($0.remaining, -$0.seconds) < ($1.remaining, -$1.seconds) }
  }

  private static func parameter(_ text: Substring) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\t" } }
    return parts.count == 2 ? (parts[0].lowercased(), parts[1]) : ("", "")
  }

  private static func left(_ parameters: [String: String], _ remaining: String, _ reset: String) -> Left? {
    guard let remaining = parameters[remaining].flatMap({ HeaderNumber.count($0) }),
      let seconds = parameters[reset].flatMap({ HeaderNumber.count($0) })
    else { return nil }
    return Left(remaining: remaining, seconds: seconds)
  }
}
