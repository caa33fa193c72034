import Testing

@testable import Control

/// A server that counts requests when they arrive, by a fixed or by a sliding window.
struct SimulatedServer {
  enum Window: Sendable, CaseIterable { case fixed, sliding }

  var window: Window
  var max = 100
  var interval = Duration.seconds(10)
  var dailyLimit = 200_000
  var offset = Duration.milliseconds(3_700)
  var used = 0
  private var arrivals: [Duration] = []
  private var first = 0

  init(_ window: Window, max: Int = 100) {
    self.window = window
    self.max = max
  }

  mutating func arrive(at time: Duration) -> (status: Int, limits: RateLimits) {
    switch window {
    case .sliding:
      while first < arrivals.count, arrivals[first] + interval <= time { first += 1 }
    case .fixed:
      let start = windowStart(of: time)
      while first < arrivals.count, arrivals[first] < start { first += 1 }
    }
    let count = arrivals.count - first
    let isRefused = count >= max || used >= dailyLimit
    if !isRefused {
      arrivals.append(time)
      used += 1
    }
    let left = Swift.max(0, max - count - (isRefused ? 0 : 1))
    return (
      isRefused ? 429 : 200,
      RateLimits(max: max, remaining: left, interval: interval, dailyLimit: dailyLimit, dailyRemaining: dailyLimit - used)
    )
  }

  private func windowStart(of time: Duration) -> Duration {
    let length = interval.seconds
    let passed = (time - offset).seconds
    return offset + .seconds((passed / length).rounded(.down) * length)
  }
}

/// Plays requests against a server: each takes some time to arrive and some to come back.
struct Simulation {
  var pacer: Pacer
  var server: SimulatedServer
  var random = SplitMix(state: 42)
  var latency: ClosedRange<Double> = 0.02...0.3
  var now = Duration.zero
  var answered = 0
  var mostInFlight = 0
  var throttled = 0
  var end: Pacer.Action?
  private var travelling:
    [(arrival: Duration, answer: Duration, ticket: Pacer.Ticket, isServed: Bool, result: (Int, RateLimits)?)] = []

  init(pacer: Pacer, server: SimulatedServer) {
    self.pacer = pacer
    self.server = server
  }

  mutating func run(requests: Int) {
    while answered < requests {
      switch pacer.next(at: Moment(now)) {
      case .send(let ticket):
        let arrival = now + .seconds(Double.random(in: latency, using: &random) / 2)
        travelling.append((arrival, arrival + .seconds(Double.random(in: latency, using: &random) / 2), ticket, false, nil))
        mostInFlight = max(mostInFlight, travelling.count)
      case .wait(let moment): advance(to: moment.sinceStart)
      case .waitForAnswer: advance(to: nil)
      case .giveUpUntilTomorrow, .giveUp, .budgetSpent:
        end = pacer.next(at: Moment(now))
        if travelling.isEmpty { return }
        advance(to: nil)
      }
    }
  }

  /// Up to the next event, or to `limit` where that is earlier.
  private mutating func advance(to limit: Duration?) {
    let times = travelling.map { $0.isServed ? $0.answer : $0.arrival }
    guard let event = times.min(), limit.map({ event <= $0 }) ?? true else {
      now = limit ?? now
      return
    }
    now = max(now, event)
    guard let index = travelling.indices.first(where: { times[$0] == event }) else { return }
    if !travelling[index].isServed {
      travelling[index].result = server.arrive(at: event)
      travelling[index].isServed = true
      return
    }
    let done = travelling.remove(at: index)
    if let (status, limits) = done.result {
      if status == 429 { throttled += 1 }
      pacer.answered(done.ticket, status: status, limits: limits, at: Moment(now))
      answered += 1
    }
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

@Suite struct PacerTests {
  @Test(
    "10,000 requests earn no 429 and use nine tenths of the limit",
    arguments: SimulatedServer.Window.allCases, [(100, 16), (1000, 64), (25, 4)])
  func utilisation(window: SimulatedServer.Window, setting: (max: Int, inFlight: Int)) {
    var options = Pacer.Options()
    options.maxInFlight = setting.inFlight
    var simulation = Simulation(pacer: Pacer(options: options), server: SimulatedServer(window, max: setting.max))
    simulation.run(requests: 10_000)
    #expect(simulation.throttled == 0)
    #expect(simulation.mostInFlight <= setting.inFlight)
    // The first interval's worth costs no waiting, so it is not part of the rate.
    let ideal = Double(10_000 - setting.max) / Double(setting.max) * 10
    #expect(ideal / simulation.now.seconds >= 0.9)
    #expect(simulation.pacer.quota.made == 10_000)
    #expect(simulation.pacer.quota.remaining == 190_000)
  }

  @Test("slow responses cause no 429 either", arguments: SimulatedServer.Window.allCases)
  func slow(window: SimulatedServer.Window) {
    var options = Pacer.Options()
    options.maxInFlight = 64
    var simulation = Simulation(pacer: Pacer(options: options), server: SimulatedServer(window))
    simulation.latency = 0.1...9
    simulation.run(requests: 2_000)
    #expect(simulation.throttled == 0)
  }

  @Test("one request is in flight until the first response")
  func careful() throws {
    var pacer = Pacer()
    guard case .send(let ticket) = pacer.next(at: Moment()) else {
      Issue.record("nothing was sent")
      return
    }
    #expect(pacer.next(at: Moment()) == .waitForAnswer)
    pacer.answered(
      ticket, status: 200, limits: RateLimits(max: 100, remaining: 99, interval: .seconds(10)), at: Moment(.seconds(1)))
    guard case .send = pacer.next(at: Moment(.seconds(1))), case .send = pacer.next(at: Moment(.seconds(1))) else {
      Issue.record("two were not sent")
      return
    }
  }

  @Test("quota used by others is left to them")
  func foreign() {
    var pacer = Pacer()
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return }
    pacer.answered(
      ticket, status: 200, limits: RateLimits(max: 100, remaining: 3, interval: .seconds(10)), at: Moment(.seconds(1)))
    var sent = 0
    while case .send = pacer.next(at: Moment(.seconds(1))) { sent += 1 }
    #expect(sent == 3)
    #expect(pacer.next(at: Moment(.seconds(1))) == .waitForAnswer)
  }

  @Test("after a 429 nothing is sent until the window has passed, then one by one")
  func throttled() {
    var pacer = Pacer()
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return }
    pacer.answered(ticket, status: 429, limits: RateLimits(dailyRemaining: 5_000), at: Moment(.seconds(1)))
    guard case .wait(let end) = pacer.next(at: Moment(.seconds(2))) else {
      Issue.record("it does not wait")
      return
    }
    #expect(end >= Moment(.seconds(11.5)) && end < Moment(.seconds(1 + 10.5 * 1.25)))
    guard case .send = pacer.next(at: end) else {
      Issue.record("nothing was sent")
      return
    }
    #expect(pacer.next(at: end) == .waitForAnswer)
    #expect(pacer.quota.throttled == 1)
  }

  /// The pause after one 429 at 0 s, in seconds.
  static func pause(seed: UInt64, retryAfter: Duration? = nil) -> Double? {
    var options = Pacer.Options()
    options.seed = seed
    var pacer = Pacer(options: options)
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return nil }
    pacer.answered(ticket, status: 429, limits: RateLimits(retryAfter: retryAfter), at: Moment())
    guard case .wait(let end) = pacer.next(at: Moment()) else { return nil }
    return end.sinceStart.seconds
  }

  @Test("pauses after a 429 differ between programs, and not for one seed")
  func jitter() {
    let pauses = (0..<20).compactMap { Self.pause(seed: $0) }
    #expect(pauses.count == 20 && Set(pauses).count == 20)
    #expect(pauses.allSatisfy { $0 >= 10.5 && $0 < 10.5 * 1.25 })
    #expect(pauses == (0..<20).compactMap { Self.pause(seed: $0) })
  }

  @Test("`Retry-After` lengthens the pause", arguments: [(0, 10.5), (5, 10.5), (60, 60), (300, 300)])
  func retryAfter(asked: Int, least: Double) throws {
    let pause = try #require(Self.pause(seed: 1, retryAfter: .seconds(asked)))
    #expect(pause >= least && pause <= least * 1.25)
  }

  @Test("a day that is spent ends the run", arguments: [RateLimits(dailyLimit: 200_000, dailyRemaining: 0)])
  func daySpent(limits: RateLimits) {
    var pacer = Pacer()
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return }
    pacer.answered(ticket, status: 429, limits: limits, at: Moment(.seconds(1)))
    #expect(pacer.next(at: Moment(.seconds(100))) == .giveUpUntilTomorrow)
  }

  @Test("budgets are kept to the request", arguments: [(500, nil, 500), (nil, 25.0, 250), (nil, nil, 1000), (0, nil, 0)])
  func budgets(requests: Int?, percent: Double?, expected: Int) {
    var options = Pacer.Options()
    options.budget = RequestBudget(requests: requests, dailyPercent: percent)
    var server = SimulatedServer(.sliding)
    server.dailyLimit = 1000
    var simulation = Simulation(pacer: Pacer(options: options), server: server)
    simulation.run(requests: 5_000)
    #expect(simulation.pacer.quota.made == expected)
    #expect(simulation.throttled == 0)
    #expect(simulation.end == (requests == nil ? .giveUpUntilTomorrow : .budgetSpent))
  }

  @Test("a broken connection holds its slot and lowers the concurrency")
  func broken() {
    var options = Pacer.Options()
    options.assumedMax = 1
    var pacer = Pacer(options: options)
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return }
    pacer.broke(ticket, at: Moment(.seconds(2)))
    #expect(pacer.concurrency.current == 8)
    #expect(pacer.next(at: Moment(.seconds(3))) == .wait(until: Moment(.seconds(12.5))))
  }

  /// The smallest and largest numbers that can come from outside, and values around the bounds.
  static let extremes = [Int.min, -1, 0, 1, 99, 1_000_000_000, Int.max]

  @Test("whatever the headers say, nothing overflows and no wait is longer than allowed", arguments: extremes, extremes)
  func extreme(first: Int, second: Int) {
    var pacer = Pacer(options: Pacer.Options())
    var now = Moment(.seconds(1))
    let limits = [
      RateLimits(max: first, remaining: second), RateLimits(remaining: first, dailyLimit: second, dailyRemaining: second),
      RateLimits(max: second, interval: .milliseconds(first)), RateLimits(dailyRemaining: first, retryAfter: .seconds(second)),
    ]
    for step in 0..<40 {
      let action = pacer.next(at: now)
      switch action {
      case .send(let ticket):
        pacer.answered(ticket, status: step % 5 == 4 ? 429 : 200, limits: limits[step % limits.count], at: now)
      case .wait(let until):
        #expect(until > now && until - now <= pacer.options.longestWait)
        now = until
      case .giveUp(let until):
        #expect(until - now > pacer.options.longestWait)
        now = until
      case .waitForAnswer, .giveUpUntilTomorrow, .budgetSpent: return
      }
    }
  }

  @Test(
    "a wait beyond the cap ends the run and says how long it would be",
    arguments: [
      (200, RateLimits(max: 1, interval: .milliseconds(Int.max)), 86_400 * 1.05),
      (429, RateLimits(retryAfter: .seconds(3_600)), 3_600),
      (429, RateLimits(interval: .seconds(600)), 630), (200, RateLimits(max: 5, remaining: 0, interval: .seconds(400)), 420),
    ])
  func tooLong(status: Int, limits: RateLimits, seconds: Double) {
    var pacer = Pacer()
    guard case .send(let ticket) = pacer.next(at: Moment()) else { return }
    pacer.answered(ticket, status: status, limits: limits, at: Moment())
    guard case .giveUp(let end) = pacer.next(at: Moment()) else {
      Issue.record("it waits")
      return
    }
    #expect(end.sinceStart.wholeSeconds == Int(seconds))
  }

  @Test("a request that was not sent after all counts for nothing")
  func withdrawn() {
    var options = Pacer.Options()
    options.budget = RequestBudget(requests: 2)
    options.assumedMax = 2
    var pacer = Pacer(options: options)
    for _ in 0..<5 {
      guard case .send(let ticket) = pacer.next(at: Moment()) else {
        Issue.record("it holds a slot")
        return
      }
      #expect(pacer.next(at: Moment()) == .waitForAnswer)
      pacer.withdrew(ticket)
      #expect(pacer.inFlight == 0 && pacer.quota.made == 0)
    }
    for _ in 0..<2 {
      guard case .send(let ticket) = pacer.next(at: Moment()) else {
        Issue.record("the budget is spent")
        return
      }
      pacer.answered(ticket, status: 200, limits: RateLimits(max: 2, remaining: 1), at: Moment())
    }
    #expect(pacer.next(at: Moment()) == .budgetSpent)
  }

  @Test("the stricter of two budgets counts, limit by limit")
  func narrowed() {
    let budgets = [
      RequestBudget(), RequestBudget(requests: 3), RequestBudget(requests: 5, dailyPercent: 40), RequestBudget(dailyPercent: 70),
    ]
    let found = budgets.flatMap { left in budgets.map { left.narrowed(to: $0) } }
    let (three, five, seventy) = (budgets[1], budgets[2], budgets[3])
    #expect(
      found == [
        RequestBudget(), three, five, seventy, three, three, RequestBudget(requests: 3, dailyPercent: 40),
        RequestBudget(requests: 3, dailyPercent: 70), five, RequestBudget(requests: 3, dailyPercent: 40), five, five, seventy,
        RequestBudget(requests: 3, dailyPercent: 70), five, seventy,
      ])
    var pacer = Pacer()
    pacer.narrow(to: RequestBudget(requests: 0))
    pacer.narrow(to: RequestBudget(requests: 9))
    #expect(pacer.next(at: Moment()) == .budgetSpent)
  }

  @Test("limits are clamped to the valid range")
  func ranges() {
    let most = RateLimits(
      max: .max, remaining: .max, interval: .seconds(Int64.max), dailyLimit: .max, dailyRemaining: .max,
      retryAfter: .seconds(Int64.max))
    #expect(
      most.max == 1_000_000_000 && most.remaining == most.max && most.dailyLimit == most.max && most.dailyRemaining == most.max)
    #expect(most.interval == .seconds(86_400) && most.retryAfter == .seconds(2_592_000))
    let least = RateLimits(
      max: .min, remaining: .min, interval: .seconds(Int64.min), dailyLimit: .min, dailyRemaining: .min,
      retryAfter: .seconds(Int64.min))
    #expect(
      least.max == nil && least.interval == nil && least.remaining == 0 && least.dailyRemaining == 0 && least.retryAfter == .zero)
    #expect(RequestBudget(dailyPercent: .nan).reserve(ofDailyLimit: .max) == 0)
    #expect(RequestBudget(dailyPercent: -1e300).reserve(ofDailyLimit: .max) == 1_000_000_000)
  }
}
