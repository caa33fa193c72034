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
  /// The strictest budget of all users of the gate.
  private let budget: Locked<RequestBudget>

  package init(options: Pacer.Options, timekeeper: any Timekeeper, onPause: @escaping @Sendable (Duration) -> Void) {
    pacer = Pacer(options: options)
    budget = Locked(options.budget)
    self.timekeeper = timekeeper
    self.onPause = onPause
  }

  package var quota: Quota { pacer.quota }

  /// Another user of the gate has this budget: the stricter of the two applies to all users.
  package nonisolated func narrow(to other: RequestBudget) { budget.withLock { $0 = $0.narrowed(to: other) } }

  /// Returns when the request may be sent.
  package func enter() async throws(Closed) -> Pacer.Ticket {
    while true {
      if Task.isCancelled { throw .cancelled }
      let now = timekeeper.now()
      pacer.narrow(to: budget.withLock { $0 })
      switch pacer.next(at: now) {
      case .send(let ticket): return ticket
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
