/// Counts requests against the burst and the daily limit (`facts.md` 3.1), as a value that receives the time.
///
/// Both are fixed windows: the burst's begins with the first request after the window before has ended; the
/// day is a day of UTC (its real start is not known). A refused request is not counted.
struct RateWindow: Sendable {
  let burstLimit: Int
  /// Milliseconds of the burst's window.
  let interval: Int
  let dailyLimit: Int
  private var windowStart = Int.min
  private var usedInWindow = 0
  private var day = Int.min
  private var usedInDay = 0

  /// What the five headers say after a request.
  struct Verdict: Sendable, Hashable {
    var isAllowed: Bool
    var interval: Int
    var burstLimit: Int
    var burstRemaining: Int
    var dailyLimit: Int
    var dailyRemaining: Int

    var headers: [(name: String, value: String)] {
      [
        ("X-RateLimit-Limit-Daily", String(dailyLimit)), ("X-RateLimit-Daily-Remaining", String(dailyRemaining)),
        ("X-RateLimit-Interval-Milliseconds", String(interval)), ("X-RateLimit-Max", String(burstLimit)),
        ("X-RateLimit-Remaining", String(burstRemaining)),
      ]
    }
  }

  init(burstLimit: Int, interval: Int = 10_000, dailyLimit: Int) {
    self.burstLimit = burstLimit
    self.interval = interval
    self.dailyLimit = dailyLimit
  }

  /// - Parameter now: milliseconds since 1970.
  mutating func take(now: Int) -> Verdict {
    if windowStart == .min || now - windowStart >= interval {
      windowStart = now
      usedInWindow = 0
    }
    if now / Instant.day != day {
      day = now / Instant.day
      usedInDay = 0
    }
    let allowed = usedInWindow < burstLimit && usedInDay < dailyLimit
    if allowed {
      usedInWindow += 1
      usedInDay += 1
    }
    return Verdict(
      isAllowed: allowed, interval: interval, burstLimit: burstLimit, burstRemaining: burstLimit - usedInWindow,
      dailyLimit: dailyLimit,
      dailyRemaining: dailyLimit - usedInDay)
  }
}
