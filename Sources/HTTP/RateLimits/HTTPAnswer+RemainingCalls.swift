package import Control

extension HTTPAnswer {
  /// What the response says about the server's rate limit, in any of the forms in use:
  ///
  ///     RateLimit: "burst";r=50;t=30, "daily";r=9000;t=3600             IETF draft, from version 8
  ///     RateLimit: limit=100, remaining=50, reset=30                    IETF draft, version 7
  ///     RateLimit-Remaining: 50        RateLimit-Reset: 30              IETF draft, up to version 6
  ///     X-RateLimit-Remaining: 50      X-RateLimit-Reset: 1767225600    predates the drafts; the reset is a timestamp, or a number of seconds
  ///
  /// The limit with the fewest calls left counts; of several, the one that is reset last. A limit without a reset takes the window
  /// of its policy: `RateLimit-Policy: "burst";q=100;w=60`. Malformed headers are ignored.
  package var remainingCalls: RemainingCalls {
    let left =
      headers["ratelimit"].flatMap { RateLimitField.least($0, policy: headers["ratelimit-policy"] ?? "") }
      ?? pair("ratelimit-remaining", "ratelimit-reset") ?? pair("x-ratelimit-remaining", "x-ratelimit-reset")
      ?? pair("x-rate-limit-remaining", "x-rate-limit-reset")
    return RemainingCalls(
      remaining: left?.remaining, resetsAfter: left?.seconds.map { .seconds($0) }, retryAfter: retryAfter)
  }

  /// A header that occurs several times is a list with one element for each limit.
  private func pair(_ remaining: String, _ reset: String) -> RateLimitField.Left? {
    guard let counts = headers[remaining]?.split(separator: ","), let ends = headers[reset]?.split(separator: ","),
      counts.count == ends.count
    else { return nil }
    return RateLimitField.least(
      zip(counts, ends).compactMap { count, end in
        guard let left = HeaderNumber.count(String(count)), let seconds = seconds(String(end)) else { return nil }
        return RateLimitField.Left(remaining: left, seconds: seconds)
      })
  }

  /// From now until a reset that is written as a number of seconds, or as a timestamp in seconds or milliseconds since 1970.
  private func seconds(_ text: String) -> Int? {
    guard text.utf8.count <= 15, let number = Int(text.trimmingBlanks), number >= 0 else { return nil }
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
    /// Until the limit is reset; nil: not reported.
    var seconds: Int?
  }

  /// Nil if none of its limits can be read.
  ///
  /// - Parameter policy: the field `RateLimit-Policy`.
  static func least(_ text: String, policy: String) -> Left? {
    guard text.utf8.count <= 1_000, policy.utf8.count <= 1_000 else { return nil }
    var windows: [String: Int] = [:]
    for item in items(policy) { windows[item.name] = item.parameters["w"].flatMap { HeaderNumber.count($0) } }
    let items = items(text)
    var lefts = items.compactMap { item -> Left? in
      // A malformed reset is not a missing one.
      let reset = item.parameters["t"]
      guard let remaining = item.parameters["r"].flatMap({ HeaderNumber.count($0) }) else { return nil }
      guard let seconds = reset == nil ? windows[item.name] : reset.flatMap({ HeaderNumber.count($0) }) else {
        return reset == nil && !item.name.isEmpty ? Left(remaining: remaining, seconds: nil) : nil
      }
      return Left(remaining: remaining, seconds: seconds)
    }
    // In version 7 of the draft the commas separate the parts of one limit.
    let older = Dictionary(items.flatMap { $0.parameters.map { ($0.key, $0.value) } }, uniquingKeysWith: { $1 })
    if let remaining = older["remaining"].flatMap({ HeaderNumber.count($0) }),
      let seconds = older["reset"].flatMap({ HeaderNumber.count($0) })
    {
      lefts.append(Left(remaining: remaining, seconds: seconds))
    }
    return least(lefts)
  }

  static func least(_ lefts: [Left]) -> Left? {
    lefts.min { ($0.remaining, -($0.seconds ?? 0)) < ($1.remaining, -($1.seconds ?? 0)) }
  }

  /// The elements of a list, each with its name, `"burst"` or `burst`, and its parameters.
  private static func items(_ text: String) -> [(name: String, parameters: [String: String])] {
    text.split(separator: ",").map { item in
      var name = ""
      var parameters: [String: String] = [:]
      for (number, part) in item.split(separator: ";", omittingEmptySubsequences: false).enumerated() {
        let sides = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks }
        if sides.count == 2 {
          parameters[sides[0].lowercased()] = sides[1]
        } else if number == 0 {
          name = (sides.first ?? "").filter { $0 != "\"" }
        }
      }
      return (name, parameters)
    }
  }
}

extension String {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmingBlanks: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
