package import Control
import Core

/// Lets requests through at the pacer's rate; the rest wait here.
package actor RequestGate {
  /// Why no more requests are let through.
  package enum Closed: Error, Sendable, Hashable {
    case dailyQuotaSpent, budgetSpent, cancelled
    /// The next request would have to wait this long.
    case comeBackLater(Duration)
  }

  private var pacer: Pacer
  private let timekeeper: any Timekeeper
  private let onPause: @Sendable (Duration) -> Void
  private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0
  private var announcedPause: Moment?
  private struct Limits: Sendable {
    /// The strictest of all users of the gate.
    var budget: RequestBudget
    var longestWait: Duration
  }

  private let limits: Locked<Limits>
  /// Shared with other gates.
  private let allowance: RequestAllowance?

  /// - Parameter allowance: what the requests through this gate and through others may use together; nil: no limit.
  package init(
    options: Pacer.Options, allowance: RequestAllowance? = nil, timekeeper: any Timekeeper,
    onPause: @escaping @Sendable (Duration) -> Void
  ) {
    pacer = Pacer(options: options)
    limits = Locked(Limits(budget: options.budget, longestWait: options.longestWait))
    self.allowance = allowance
    self.timekeeper = timekeeper
    self.onPause = onPause
  }

  package var quota: Quota { pacer.quota }

  /// Another user of the gate has this budget: the stricter of the two applies to all users.
  package nonisolated func narrow(to other: RequestBudget) { limits.withLock { $0.budget = $0.budget.narrowed(to: other) } }

  /// From now on, a longer wait ends the run.
  package nonisolated func wait(atMost longest: Duration) { limits.withLock { $0.longestWait = longest } }

  /// Returns when the request may be sent.
  package func enter() async throws(Closed) -> Pacer.Ticket {
    while true {
      if Task.isCancelled { throw .cancelled }
      let now = timekeeper.now()
      let limits = limits.withLock { $0 }
      pacer.narrow(to: limits.budget)
      pacer.wait(atMost: limits.longestWait)
      switch pacer.next(at: now) {
      case .send(let ticket):
        guard allowance?.take() ?? true else {
          pacer.withdrew(ticket)
          wakeAll()
          throw .budgetSpent
        }
        return ticket
      case .giveUpUntilTomorrow: throw .dailyQuotaSpent
      case .giveUp(let moment): throw .comeBackLater(moment - now)
      case .budgetSpent: throw .budgetSpent
      case .waitForAnswer: await waitForAnswer()
      case .wait(let moment):
        announce(moment, now)
        do { try await timekeeper.sleep(until: moment) } catch { throw .cancelled }
      }
    }
  }

  package func answered(_ ticket: Pacer.Ticket, status: Int, limits: RateLimits) {
    pacer.answered(ticket, status: status, limits: limits, at: timekeeper.now())
    wakeAll()
  }

  package func broke(_ ticket: Pacer.Ticket) {
    pacer.broke(ticket, at: timekeeper.now())
    wakeAll()
  }

  /// The request was not sent after all.
  package func withdrew(_ ticket: Pacer.Ticket) {
    pacer.withdrew(ticket)
    allowance?.giveBack()
    wakeAll()
  }

  package func noteRetry() { pacer.noteRetry() }

  /// One message per pause, however many requests wait for its end; short pauses are not reported.
  private func announce(_ moment: Moment, _ now: Moment) {
    guard moment - now > .seconds(2), announcedPause.map({ $0 + .seconds(1) < moment }) ?? true else { return }
    announcedPause = moment
    onPause(moment - now)
  }

  private func waitForAnswer() async {
    lastWaiter += 1
    let id = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { waiters[id] = continuation }
      }
    } onCancel: {
      Task { await self.wake(id) }
    }
  }

  private func wake(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }

  private func wakeAll() {
    let waiting = waiters.sorted { $0.key < $1.key }
    waiters = [:]
    for (_, continuation) in waiting { continuation.resume() }
  }
}
