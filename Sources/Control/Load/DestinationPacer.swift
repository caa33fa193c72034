/// Decides when the next call to a destination may be made: within the rate that the pipeline states, within the
/// quota it reports, and with as much concurrency as it can handle. No I/O.
///
/// One pacer serves all workers of a destination, so a pause requested of one worker applies to all.
///
/// - **Rate**: calls are spread evenly, and calls due within a tenth of a second may be sent as a burst.
/// - **Concurrency** is halved when the destination has problems or throttles, and grows by one after as many successful calls
///   as may be in flight.
/// - **Pauses**: a 429 leads to pauses that double. `Retry-After` of a 429 or an error is a floor, never shortened, and each
///   pause has a random share on top, so that several programs that were throttled together do not come back together.
/// - **Quota**: when a response reports that no calls are left, the next one waits until the limit is reset.
///
/// Calls that were in flight together fail or are throttled together: that counts once.
package struct DestinationPacer: Sendable {
  package struct Options: Sendable, Hashable {
    /// Calls in a second; nil: unlimited.
    package var perSecond: Double?
    package var maxInFlight: Int
    /// The first pause after a 429 that does not say how long; it doubles up to `longestPause`.
    package var pause: Duration = .seconds(1)
    package var longestPause: Duration = .seconds(60)
    /// At most this share of a pause is added to it.
    package var jitter = 0.25
    /// Any longer wait ends the load instead, except for the rate above.
    package var longestWait: Duration = .seconds(300)
    package var seed = UInt64.random(in: .min ... .max)

    package init(perSecond: Double? = nil, maxInFlight: Int = 8) {
      self.perSecond = perSecond
      self.maxInFlight = maxInFlight
    }
  }

  /// A call in flight; returned with its result.
  package struct Ticket: Sendable, Hashable { fileprivate var period: Int }

  package enum Action: Sendable, Hashable {
    case send(Ticket)
    case wait(until: Moment)
    /// Ask again when a response has arrived.
    case waitForResponse
    /// The next call would have to wait longer than a run is willing to wait.
    case giveUp(until: Moment)
  }

  package let options: Options
  package private(set) var inFlight = 0
  package private(set) var concurrency: ConcurrencyLimit
  /// When the next call is due at the stated rate.
  private var due = Moment()
  private var pausedUntil = Moment()
  /// Calls left until `resetAt`, those in flight deducted.
  private var left: Int?
  private var resetAt = Moment()
  private var throttles = 0
  /// Incremented on each trouble; of the calls that were in flight then, no other one counts as trouble.
  private var period = 0
  private var random: SplitMix

  package init(_ options: Options) {
    self.options = options
    concurrency = ConcurrencyLimit(maximum: options.maxInFlight)
    random = SplitMix(state: options.seed)
  }

  /// What to do next. After `.send`, the call counts as in flight until `responded` or `failed`.
  package mutating func next(at now: Moment) -> Action {
    if now < pausedUntil { return wait(until: pausedUntil, from: now) }
    if inFlight >= concurrency.current { return .waitForResponse }
    if left != nil, now >= resetAt { left = nil }
    if let left, left <= 0 { return inFlight > 0 ? .waitForResponse : wait(until: resetAt, from: now) }
    if let rate = options.perSecond, rate > 0 {
      // A rate below one call a day is one call a day.
      let interval: Duration = .seconds(min(1 / rate, 86_400))
      let earliest = Moment(due.sinceStart - max(.zero, .milliseconds(100) - interval))
      if now < earliest { return .wait(until: earliest) }
      due = max(due, now) + interval
    }
    left = left.map { $0 - 1 }
    inFlight += 1
    return .send(Ticket(period: period))
  }

  /// A response arrived.
  ///
  /// - Parameters:
  ///   - isThrottled: 429.
  ///   - isError: a server error, or a response that the pipeline's `retry` recognizes.
  package mutating func responded(
    _ ticket: Ticket, isThrottled: Bool, isError: Bool, limits: RemainingCalls, at now: Moment
  ) {
    inFlight -= 1
    learn(limits, at: now)
    guard isThrottled || isError else {
      if ticket.period == period {
        concurrency.succeeded()
        throttles = 0
      }
      return
    }
    var pause: Duration = .zero
    if trouble(ticket), isThrottled {
      pause = options.pause
      for _ in 0..<throttles where pause < options.longestPause { pause *= 2 }
      pause = min(pause, options.longestPause)
      throttles += 1
    }
    pause = max(pause, limits.retryAfter ?? .zero)
    // Jitter must not push an acceptable wait over the limit.
    let jittered = min(pause * (1 + random.share() * options.jitter), max(pause, options.longestWait))
    pausedUntil = max(pausedUntil, now + jittered)
  }

  /// The call ended without a response.
  package mutating func failed(_ ticket: Ticket) {
    inFlight -= 1
    _ = trouble(ticket)
  }

  /// The call was cancelled, or not made after all: it says nothing about the destination.
  package mutating func withdrew(_ ticket: Ticket) { inFlight -= 1 }

  /// False: another call that was in flight at the same time has had the same trouble.
  private mutating func trouble(_ ticket: Ticket) -> Bool {
    guard ticket.period == period else { return false }
    period += 1
    concurrency.troubled()
    return true
  }

  /// Responses may arrive out of order, so of two readings before the reset, the lower one counts.
  private mutating func learn(_ limits: RemainingCalls, at now: Moment) {
    guard let remaining = limits.remaining else { return }
    let reading = remaining - inFlight
    if let left, now < resetAt, left <= reading { return }
    left = reading
    // Without a reset, the limit is read again after a short pause.
    resetAt = now + (limits.resetsAfter ?? options.pause)
  }

  private func wait(until moment: Moment, from now: Moment) -> Action {
    moment - now > options.longestWait ? .giveUp(until: moment) : .wait(until: moment)
  }
}
