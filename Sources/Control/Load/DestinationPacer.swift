/// Decides when the next call to a destination may be made: within the rate that the pipeline states, within what the
/// destination says that it has left, and with as many calls at once as it copes with. No I/O.
///
/// One pacer serves all workers of a destination, so that a pause that one of them is told applies to all.
///
/// - **Rate**: calls are spread evenly, and a tenth of a second's worth may be made up for at once.
/// - **Concurrency** is halved when the destination has problems or throttles, and grows by one after as many successful calls
///   as are allowed at once.
/// - **Pauses**: `Retry-After` is a floor, never shortened, and each pause has a random share on top, so that several programs
///   that were throttled together do not come back together. A 429 without one leads to pauses that double.
/// - **What is left**: when a response says that no calls are left, the next one waits until the limit is reset.
package struct DestinationPacer: Sendable {
  package struct Options: Sendable, Hashable {
    /// Calls in a second; nil: as fast as they go.
    package var perSecond: Double?
    package var maxInFlight: Int
    /// The first pause after a 429 that does not say how long; it doubles up to `longestPause`.
    package var pause: Duration = .seconds(1)
    package var longestPause: Duration = .seconds(60)
    /// At most this share of a pause is added to it.
    package var jitter = 0.25
    /// Any longer wait ends the load instead.
    package var longestWait: Duration = .seconds(300)
    package var seed = UInt64.random(in: .min ... .max)

    package init(perSecond: Double? = nil, maxInFlight: Int = 8) {
      self.perSecond = perSecond
      self.maxInFlight = maxInFlight
    }
  }

  package enum Action: Sendable, Hashable {
    case send
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
      let interval: Duration = .seconds(1) / rate
      // What was not used in the last tenth of a second may be made up for.
      let earliest = Moment(due.sinceStart - .milliseconds(100))
      if now < earliest { return wait(until: earliest, from: now) }
      due = max(due, now) + interval
    }
    left = left.map { $0 - 1 }
    inFlight += 1
    return .send
  }

  /// A response arrived.
  ///
  /// - Parameters:
  ///   - isThrottled: 429, or a response that the pipeline's `retry` recognizes.
  ///   - isError: a server error.
  package mutating func responded(isThrottled: Bool, isError: Bool, limits: RemainingCalls, at now: Moment) {
    inFlight -= 1
    if isThrottled || isError { concurrency.troubled() } else { concurrency.succeeded() }
    if let remaining = limits.remaining, let reset = limits.resetsAfter {
      left = remaining - inFlight
      resetAt = now + reset
    }
    guard isThrottled || limits.retryAfter != nil else {
      if !isError { throttles = 0 }
      return
    }
    var pause = options.pause
    for _ in 0..<throttles where pause < options.longestPause { pause *= 2 }
    pause = isThrottled ? min(pause, options.longestPause) : .zero
    if isThrottled { throttles += 1 }
    let floor = limits.retryAfter ?? pause
    // Jitter must not push an acceptable wait over the limit.
    let jittered = min(floor * (1 + random.share() * options.jitter), max(floor, options.longestWait))
    pausedUntil = max(pausedUntil, now + jittered)
  }

  /// The call ended without a response.
  package mutating func failed() {
    inFlight -= 1
    concurrency.troubled()
  }

  private func wait(until moment: Moment, from now: Moment) -> Action {
    moment - now > options.longestWait ? .giveUp(until: moment) : .wait(until: moment)
  }
}
