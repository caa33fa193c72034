import Control
import HTTP

/// Headers with arbitrary numbers, on a clock that jumps: no state machine overflows, loses track of a request or asks for
/// a wait that is longer than allowed.
enum LimitsCheck {
  static let names = [
    "x-ratelimit-max", "x-ratelimit-remaining", "x-ratelimit-interval-milliseconds", "x-ratelimit-limit-daily",
    "x-ratelimit-daily-remaining", "retry-after", "date", "content-length",
  ]

  static func run(_ input: inout FuzzInput) throws(FuzzFinding) {
    var options = Pacer.Options()
    options.seed = UInt64(input.byte())
    options.maxInFlight = input.choice(20)
    options.assumedMax = input.integer()
    options.budget = RequestBudget(
      requests: input.choice(2) == 0 ? nil : input.integer(), dailyPercent: input.choice(2) == 0 ? nil : Double(input.integer()))
    var pacer = Pacer(options: options)
    let policy = RetryPolicy(maxAttempts: input.integer(), maxThrottled: input.integer())
    var now = Moment()
    var tickets: [Pacer.Ticket] = []
    for step in 0..<64 where !input.isAtEnd || step < 4 {
      switch input.choice(4) {
      case 0: now = now + .milliseconds(input.choice(100_000))
      case 1: now = Moment(.milliseconds(input.integer()))
      default: break
      }
      switch pacer.next(at: now) {
      case .send(let ticket): tickets.append(ticket)
      case .wait(let moment):
        try FuzzFinding.unless(
          moment > now && moment - now <= options.longestWait, "waits \((moment - now).seconds) s")
        now = moment
      case .giveUp(let moment):
        try FuzzFinding.unless((1...315_360_000).contains((moment - now).wholeSeconds), "gives up until \(moment)")
        now = moment
      case .waitForAnswer: try FuzzFinding.unless(!tickets.isEmpty, "waits for an answer, but no request is in flight")
      case .giveUpUntilTomorrow, .budgetSpent: break
      }
      if input.choice(3) > 0, !tickets.isEmpty {
        let ticket = tickets.remove(at: input.choice(tickets.count))
        let status = input.element(of: [200, 200, 429, 500, 503, 0, 999])
        let limits = limits(&input)
        if input.choice(5) == 0 {
          pacer.broke(ticket, at: now)
        } else {
          pacer.answered(ticket, status: status, limits: limits, at: now)
        }
        let verdict = policy.verdict(
          on: input.element(of: [.throttled, .serverError, .broken, .timedOut, .refused]), attempts: input.integer(),
          throttled: input.integer(), retryAfter: limits.retryAfter, jitter: Double(input.byte()) / 256)
        if case .retry(let pause) = verdict {
          try FuzzFinding.unless(pause >= .zero && pause <= max(policy.longestWait, policy.cap), "pauses \(pause)")
        }
      }
      try FuzzFinding.unless(pacer.inFlight == tickets.count, "\(pacer.inFlight) in flight, and \(tickets.count) were sent")
      try FuzzFinding.unless(pacer.inFlight <= max(1, options.maxInFlight), "\(pacer.inFlight) in flight")
      _ = pacer.quota + pacer.quota
    }
  }

  private static func limits(_ input: inout FuzzInput) -> RateLimits {
    if input.choice(3) == 0 {
      return RateLimits(
        max: input.integer(), remaining: input.integer(), interval: .milliseconds(input.integer()), dailyLimit: input.integer(),
        dailyRemaining: input.integer(), retryAfter: .seconds(input.integer()))
    }
    return HTTPAnswer(status: 200, headers: headers(&input), body: []).limits
  }

  static func headers(_ input: inout FuzzInput) -> [String: String] {
    var headers: [String: String] = [:]
    for name in names {
      switch input.choice(4) {
      case 0: headers[name] = String(input.integer())
      case 1: headers[name] = input.text(input.choice(40))
      case 2 where name == "retry-after" || name == "date":
        headers[name] =
          "Sun, \(input.choice(40)) Nov \(input.integer()) \(input.choice(30)):\(input.choice(70)):\(input.choice(70)) GMT"
      default: break
      }
    }
    return headers
  }
}
