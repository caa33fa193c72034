import Core

/// Memory for response bodies, shared by all responses being received. Each response has a lease that grows with its
/// body; when the budget is used up, it waits.
///
///     16 responses of 50 MB, 64 MiB of budget: one arrives, and part of the next; the others wait unread
///
/// Responses that each hold a part and wait for more would deadlock. So the first that finds the budget used up may
/// overdraw it, alone, until its lease ends; then the next one may. Responses with an `AnswerHold` never wait. At most the
/// budget, one whole response and the responses of the first record are held.
package final class ByteBudget: Sendable {
  /// This much of each response is not counted: almost all are smaller.
  package static let free = 256 << 10

  private struct Waiter {
    var lease: Int
    var bytes: Int
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var used = 0
    var lastLease = 0
    /// The lease that may overdraw.
    var overdrawn: Int?
    /// First come, first served.
    var waiting: [Waiter] = []
  }

  package let limit: Int
  private let state = Locked(State())

  package init(limit: Int = 64 << 20) { self.limit = max(0, limit) }

  /// Bytes currently held.
  package var used: Int { state.withLock { $0.used } }
  /// Responses that wait.
  package var waiting: Int { state.withLock { $0.waiting.count } }

  /// One response's share; ends when it is no longer referenced.
  package final class Lease: Sendable {
    private let budget: ByteBudget
    private let number: Int
    /// The hold keeps the lease, not the other way round.
    private weak let hold: AnswerHold?
    private let held = Locked(0)

    fileprivate init(_ budget: ByteBudget, _ number: Int, _ hold: AnswerHold?) {
      self.budget = budget
      self.number = number
      self.hold = hold
    }

    deinit { budget.end(number, held.withLock { $0 }) }

    /// Returns when the response may use `total` bytes. Call it from one task.
    ///
    /// - Throws: `CancellationError`, also when the response's hold is postponed.
    package func grow(to total: Int) async throws {
      let more = total - ByteBudget.free - held.withLock { $0 }
      guard more > 0 else { return }
      let isTaken = if let hold { hold.take(more, from: budget) } else { await budget.take(more, number) }
      guard isTaken else { throw CancellationError() }
      held.withLock { $0 += more }
    }
  }

  package func lease(_ hold: AnswerHold? = nil) -> Lease {
    let number = state.withLock { state in
      state.lastLease += 1
      return state.lastLease
    }
    return Lease(self, number, hold)
  }

  /// False if that does not fit; nothing was taken.
  package func takeAtOnce(_ bytes: Int, overdrawing: Bool) -> Bool {
    state.withLock { state in
      guard overdrawing || state.used + bytes <= limit else { return false }
      state.used += bytes
      return true
    }
  }

  /// False if the task was cancelled in the meantime; nothing was taken.
  private func take(_ bytes: Int, _ lease: Int) async -> Bool {
    let isTaken = state.withLock { state in
      if state.overdrawn != lease, !state.waiting.isEmpty || state.used + bytes > limit {
        guard state.overdrawn == nil, state.waiting.isEmpty else { return false }
        state.overdrawn = lease
      }
      state.used += bytes
      return true
    }
    if isTaken { return true }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          // The cancellation may have come before there was anything to cancel.
          if Task.isCancelled { return true }
          state.waiting.append(Waiter(lease: lease, bytes: bytes, continuation: continuation))
          return false
        }
        if isOver { continuation.resume(returning: false) } else { wake() }
      }
    } onCancel: {
      let cancelled = state.withLock { state in
        state.waiting.firstIndex { $0.lease == lease }.map { state.waiting.remove(at: $0) }
      }
      cancelled?.continuation.resume(returning: false)
      wake()
    }
  }

  private func end(_ lease: Int, _ bytes: Int) {
    state.withLock { state in
      state.used -= bytes
      if state.overdrawn == lease { state.overdrawn = nil }
    }
    wake()
  }

  /// Lets waiters that fit through, in order; if the first does not fit and nobody is overdrawing, it may overdraw.
  private func wake() {
    let through = state.withLock { state in
      var through: [Waiter] = []
      while let first = state.waiting.first {
        if state.used + first.bytes > limit {
          guard state.overdrawn == nil else { break }
          state.overdrawn = first.lease
        }
        state.used += first.bytes
        through.append(state.waiting.removeFirst())
      }
      return through
    }
    for waiter in through { waiter.continuation.resume(returning: true) }
  }
}
