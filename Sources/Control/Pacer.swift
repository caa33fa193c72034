/// Decides when the next request may be sent, so that a rate limit is fully used and never exceeded.
///
/// Each request holds a slot from the moment it is sent until one interval (and a little) after its response arrived. The
/// server saw it somewhere between the two, so everything that the server counts at any moment, by a sliding or a fixed
/// window and however slow the network, is among the held slots; as long as these do not exceed the limit, we cannot cause
/// a 429 ourselves. No clock is compared with the server's.
///
/// Others may use the same quota. If a response reports less remaining than our own slots explain, only that many requests
/// are in flight until a newer response reports otherwise or an interval has passed.
///
///     100 per 10 s, responses after 0.2 s: 100 requests at 0 s, the next at 10.7 s
///
/// Until the first response reports the limits, and again after a 429, one request is in flight at a time. The pause
/// after a 429 has a random share, so that several programs that were throttled together do not come back together.
package struct Pacer: Sendable {
  /// A request in flight; returned with its response.
  package struct Ticket: Sendable, Hashable {
    fileprivate var heldAtSend: Int
    fileprivate var number: Int
    fileprivate var period: Int
  }

  package enum Action: Sendable, Hashable {
    case send(Ticket)
    case wait(until: Moment)
    /// Ask again when a response has arrived.
    case waitForAnswer
    /// The day's quota, or the share of it that may be used, is spent.
    case giveUpUntilTomorrow
    /// The next request would have to wait longer than a run is willing to wait.
    case giveUp(until: Moment)
    /// The run's own budget of requests is spent.
    case budgetSpent
  }

  package struct Options: Sendable, Hashable {
    /// Assumed until a response reports otherwise: the API's documented limits.
    package var assumedMax = 100
    package var assumedInterval: Duration = .seconds(10)
    /// Slots are held this much longer than the interval.
    package var slack = 1.05
    package var longestPause: Duration = .seconds(120)
    /// Any longer wait, whatever the reason, ends the run instead.
    package var longestWait: Duration = .seconds(300)
    /// At most this share of a pause after a 429 is added to it.
    package var jitter = 0.25
    /// The source of the random shares.
    package var seed = UInt64.random(in: .min ... .max)
    package var maxInFlight = 16
    package var budget = RequestBudget()

    package init() {}
  }

  package private(set) var options: Options
  package private(set) var quota = Quota()
  package private(set) var inFlight = 0
  package private(set) var concurrency: ConcurrencyLimit

  /// Tickets so far, including those that were handed back.
  private var issued = 0
  private var max: Int
  private var interval: Duration
  /// False until a response arrives, and again after a 429.
  private var isLearned = false
  /// The arrival times of responses whose slots are still held, oldest first, from `firstHeld`.
  private var answerTimes: [Moment] = []
  private var firstHeld = 0
  /// Requests made by others, as far as the last response shows.
  private var foreign = 0
  private var observed = Moment()
  private var observedLeft = 0
  /// The lowest remaining quota that a response of this day reported. It includes completed requests, but perhaps not those
  /// in flight.
  private var leastDailyLeft: Int?
  private var isDaySpent = false
  private var pausedUntil: Moment?
  private var period = 0
  private var strikes = 0
  private var random: SplitMix

  package init(options: Options = .init()) {
    self.options = options
    random = SplitMix(state: options.seed)
    max = Swift.max(1, options.assumedMax)
    interval = Swift.min(options.assumedInterval, RateLimits.longestInterval)
    concurrency = ConcurrencyLimit(maximum: options.maxInFlight)
  }

  /// What to do next. After `.send` the request counts as in flight until `answered` or `broke` is called.
  package mutating func next(at now: Moment) -> Action {
    if isDaySpent { return .giveUpUntilTomorrow }
    if let most = options.budget.requests, quota.made >= most { return .budgetSpent }
    if let left = leastDailyLeft, let limit = quota.dailyLimit,
      left - inFlight - options.budget.reserve(ofDailyLimit: limit) <= 0
    {
      return inFlight > 0 ? .waitForAnswer : .giveUpUntilTomorrow
    }
    if let pausedUntil {
      if now < pausedUntil { return wait(until: pausedUntil, from: now) }
      self.pausedUntil = nil
    }
    if inFlight >= (isLearned ? concurrency.current : 1) { return .waitForAnswer }
    release(at: now)
    if held >= max {
      return firstHeld < answerTimes.count ? wait(until: answerTimes[firstHeld] + holding, from: now) : .waitForAnswer
    }
    if foreign > 0, now < observed + holding, observedLeft <= 0 {
      return inFlight > 0 ? .waitForAnswer : wait(until: observed + holding, from: now)
    }
    let ticket = Ticket(heldAtSend: held + 1, number: issued, period: period)
    issued += 1
    quota.made += 1
    inFlight += 1
    observedLeft -= 1
    return .send(ticket)
  }

  /// A response arrived, with any status.
  package mutating func answered(_ ticket: Ticket, status: Int, limits: RateLimits, at now: Moment) {
    finish(at: now)
    learn(limits)
    if status == 429 {
      throttle(ticket, limits: limits, at: now)
      return
    }
    if ticket.period == period {
      isLearned = true
      strikes = 0
    }
    if status >= 500 { concurrency.troubled() } else { concurrency.succeeded() }
    if let remaining = limits.remaining {
      let ownAtMost = ticket.heldAtSend + (issued - ticket.number - 1)
      foreign = Swift.max(0, max - remaining - ownAtMost)
      observed = now
      observedLeft = remaining - inFlight
    }
  }

  /// The request ended without a response. The server may have counted it.
  package mutating func broke(_ ticket: Ticket, at now: Moment) {
    finish(at: now)
    concurrency.troubled()
  }

  /// The request was not sent after all.
  package mutating func withdrew(_ ticket: Ticket) {
    inFlight -= 1
    quota.made -= 1
    observedLeft += 1
  }

  /// Another user of the quota has this budget: the stricter of the two applies to all users.
  package mutating func narrow(to budget: RequestBudget) { options.budget = options.budget.narrowed(to: budget) }

  /// Any longer wait ends the run instead.
  package mutating func wait(atMost longest: Duration) { options.longestWait = longest }

  /// The request is sent again; only counted.
  package mutating func noteRetry() { quota.retried += 1 }

  private func wait(until moment: Moment, from now: Moment) -> Action {
    moment - now > options.longestWait ? .giveUp(until: moment) : .wait(until: moment)
  }

  private var held: Int { inFlight + answerTimes.count - firstHeld }

  private var holding: Duration { interval * options.slack }

  private mutating func finish(at now: Moment) {
    inFlight -= 1
    answerTimes.append(now)
  }

  private mutating func release(at now: Moment) {
    while firstHeld < answerTimes.count, answerTimes[firstHeld] + holding <= now { firstHeld += 1 }
    if firstHeld > 1024, firstHeld * 2 > answerTimes.count {
      answerTimes.removeFirst(firstHeld)
      firstHeld = 0
    }
  }

  private mutating func learn(_ limits: RateLimits) {
    if let most = limits.max, most > 0 {
      max = most
      quota.burstLimit = most
    }
    if let span = limits.interval, span > .zero {
      interval = span
      quota.burstSeconds = span / .seconds(1)
    }
    if let limit = limits.dailyLimit { quota.dailyLimit = limit }
    if let remaining = limits.dailyRemaining {
      // Responses may arrive out of order, so the lower of two readings is the later one; a much higher one is a new day.
      if let before = leastDailyLeft, remaining < before + 4 * options.maxInFlight {
        leastDailyLeft = min(before, remaining)
      } else {
        leastDailyLeft = remaining
      }
      quota.remaining = leastDailyLeft
      if quota.dailyLimit == nil { quota.dailyLimit = remaining }
    }
  }

  /// Both kinds of exhaustion are a bare 429; only the daily header tells them apart.
  private mutating func throttle(_ ticket: Ticket, limits: RateLimits, at now: Moment) {
    quota.throttled += 1
    if limits.dailyRemaining == 0 {
      isDaySpent = true
      return
    }
    // Those that were in flight together are throttled together: one strike.
    guard ticket.period == period else { return }
    period += 1
    var pause = holding
    for _ in 0..<strikes where pause < options.longestPause { pause *= 2 }
    strikes += 1
    isLearned = false
    let longest = Swift.max(holding, options.longestPause)
    let asked = limits.retryAfter ?? .zero
    pause = Swift.max(min(pause, longest), asked)
    // Jitter must not push an acceptable wait over the limit.
    let jittered = pause * (1 + random.share() * options.jitter)
    pausedUntil = now + (pause > options.longestWait ? pause : min(jittered, options.longestWait))
  }
}
