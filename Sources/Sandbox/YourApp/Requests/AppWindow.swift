/// The request limit of Your App: a fixed window of ten seconds, which begins with its first request.
///
/// Its headers are those of draft-ietf-httpapi-ratelimit-headers.
struct AppWindow: Sendable {
  static let seconds = 10
  /// Requests in a window, before scaling.
  static let usualLimit = 1000

  let limit: Int
  private var start = Int.min
  private var used = 0

  init(limit: Int) { self.limit = limit }

  struct Verdict: Sendable {
    var isAllowed: Bool
    var limit: Int
    var remaining: Int
    /// The time until the next window.
    var seconds: Int

    var headers: [(name: String, value: String)] {
      [
        ("RateLimit-Policy", "\"burst\";q=\(limit);w=\(AppWindow.seconds)"),
        ("RateLimit", "\"burst\";r=\(remaining);t=\(seconds)"),
      ]
    }
  }

  /// - Parameter now: milliseconds since 1970.
  mutating func take(now: Int) -> Verdict {
    if start == .min || now - start >= Self.seconds * 1000 || now < start {
      start = now
      used = 0
    }
    let isAllowed = used < limit
    if isAllowed { used += 1 }
    return Verdict(
      isAllowed: isAllowed, limit: limit, remaining: limit - used, seconds: (start + Self.seconds * 1000 - now + 999) / 1000)
  }
}
