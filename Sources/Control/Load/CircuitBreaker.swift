/// Stops sending to a destination that fails, and tries again with single calls. No I/O.
///
/// The circuit opens after a number of failures in a row, or when a share of the last calls has failed. While it is open, nothing
/// is sent. After a pause one call goes through as a probe: if it succeeds, the circuit closes; if it fails, the circuit opens
/// again for twice as long. After too many probes in a row have failed, Waybill gives up on the destination: its remaining
/// records are pending.
///
/// Only failures of the destination itself count: no connection, no response, a server error. A refused record says that the
/// destination works.
package struct CircuitBreaker: Sendable, Hashable {
  package struct Options: Sendable, Hashable {
    /// Failures in a row.
    package var consecutive = 10
    /// The number of calls whose results are remembered, and how many there must be before their share counts.
    package var window = 50
    package var leastCalls = 20
    /// The share of failures among them.
    package var share = 0.5
    package var pause: Duration = .seconds(5)
    package var longestPause: Duration = .seconds(60)
    /// Probes in a row that may fail.
    package var probes = 5

    package init() {}
  }

  package enum Action: Sendable, Hashable {
    case send(Ticket)
    /// Ask again at this moment.
    case wait(until: Moment)
    /// Ask again when the probe has ended.
    case waitForProbe
    case giveUp
  }

  /// A call that was let through; returned with its result.
  package struct Ticket: Sendable, Hashable {
    fileprivate var period: Int
  }

  private enum State: Hashable {
    case closed
    case open(until: Moment)
    case probing
    case givenUp
  }

  package let options: Options
  private var state = State.closed
  /// Incremented on each state change; results from earlier periods are ignored.
  private var period = 0
  private var failuresInARow = 0
  /// The last results while it was closed, oldest first: true is a failure.
  private var recent: [Bool] = []
  private var failedProbes = 0

  package init(_ options: Options = .init()) { self.options = options }

  package var isClosed: Bool { state == .closed }

  package mutating func next(at now: Moment) -> Action {
    switch state {
    case .closed: return .send(Ticket(period: period))
    case .probing: return .waitForProbe
    case .givenUp: return .giveUp
    case .open(let moment):
      guard now >= moment else { return .wait(until: moment) }
      turn(to: .probing)
      return .send(Ticket(period: period))
    }
  }

  package mutating func succeeded(_ ticket: Ticket) {
    guard ticket.period == period else { return }
    switch state {
    case .closed: note(failure: false)
    case .probing:
      failedProbes = 0
      turn(to: .closed)
    case .open, .givenUp: break
    }
  }

  package mutating func failed(_ ticket: Ticket, at now: Moment) {
    guard ticket.period == period else { return }
    switch state {
    case .closed:
      note(failure: true)
      let failures = recent.count { $0 }
      let exceedsShare = recent.count >= options.leastCalls && Double(failures) >= options.share * Double(recent.count)
      if failuresInARow >= options.consecutive || exceedsShare { open(at: now) }
    case .probing:
      failedProbes += 1
      if failedProbes >= options.probes { turn(to: .givenUp) } else { open(at: now) }
    case .open, .givenUp: break
    }
  }

  /// The call was not made after all, or was cancelled: it counts as neither.
  package mutating func withdrew(_ ticket: Ticket, at now: Moment) {
    if ticket.period == period, state == .probing { turn(to: .open(until: now)) }
  }

  private mutating func note(failure: Bool) {
    failuresInARow = failure ? failuresInARow + 1 : 0
    recent.append(failure)
    if recent.count > options.window { recent.removeFirst() }
  }

  private mutating func open(at now: Moment) {
    var pause = options.pause
    for _ in 0..<failedProbes where pause < options.longestPause { pause *= 2 }
    turn(to: .open(until: now + min(pause, options.longestPause)))
  }

  private mutating func turn(to state: State) {
    self.state = state
    period += 1
    failuresInARow = 0
    recent.removeAll(keepingCapacity: true)
  }
}
