import Core

/// Memory for answer bodies, shared by all answers being received. Each answer has a lease that grows with its body; when
/// the budget is used up, it waits.
///
///     16 answers of 50 MB, 64 MiB of budget: one arrives, and a part of the next; the others wait unread
///
/// Answers that each hold a part and wait for more would deadlock. So when every answer is waiting or kept, the waiting one
/// whose turn comes first overdraws the budget. If answers are released in the order of their turns, about the budget plus one
/// whole answer is held.
final class ByteBudget: Sendable {
  /// This much of each answer is not counted: almost all answers are smaller.
  static let free = 256 << 10

  private struct Waiter {
    var turn: Int
    var lease: Int
    var bytes: Int
    var continuation: CheckedContinuation<Bool, Never>

    func isBefore(_ other: Waiter) -> Bool { (turn, lease) < (other.turn, other.lease) }
  }

  private struct State {
    var used = 0
    var lastLease = 0
    /// Leases of answers that are neither waiting nor kept; each will soon wait, be kept or end.
    var active = 0
    /// Ordered by turn.
    var waiting: [Waiter] = []
  }

  let limit: Int
  private let state = Locked(State())

  init(limit: Int = 64 << 20) { self.limit = max(0, limit) }

  /// Bytes currently held.
  var used: Int { state.withLock { $0.used } }
  /// The number of waiting answers.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// One answer's share, reserved before its request is sent; ends when nothing holds it any longer.
  final class Lease: Sendable {
    private struct State {
      var held = 0
      var isKept = false
    }

    private let budget: ByteBudget
    private let turn: Int
    private let number: Int
    private let state = Locked(State())

    fileprivate init(_ budget: ByteBudget, turn: Int, _ number: Int) {
      self.budget = budget
      self.turn = turn
      self.number = number
    }

    deinit {
      let last = state.withLock { $0 }
      budget.end(last.held, wasActive: !last.isKept)
    }

    /// Whether `grow` would return without waiting.
    func growsAtOnce(to total: Int) -> Bool { total <= ByteBudget.free }

    /// Returns once the answer may take up `total` bytes. Call it from one task only.
    ///
    /// - Throws: `CancellationError`.
    func grow(to total: Int) async throws {
      let more = total - ByteBudget.free - state.withLock { $0.held }
      guard more > 0 else { return }
      guard await budget.take(more, turn: turn, number) else { throw CancellationError() }
      state.withLock { $0.held += more }
    }

    /// The answer is complete, and what was read from it stays in memory until something else has happened: others must
    /// not wait for its end.
    func keep() {
      let isFirst = state.withLock { state in
        defer { state.isKept = true }
        return !state.isKept
      }
      if isFirst { budget.end(0, wasActive: true) }
    }
  }

  /// - Parameter turn: answers with a lower turn are let through first.
  func lease(turn: Int = 0) -> Lease {
    Lease(
      self, turn: turn,
      state.withLock { state in
        state.lastLease += 1
        state.active += 1
        return state.lastLease
      })
  }

  /// False if the task was cancelled in the meantime: nothing was reserved.
  private func take(_ bytes: Int, turn: Int, _ lease: Int) async -> Bool {
    let isTaken = state.withLock { state in
      guard state.waiting.isEmpty, state.used + bytes <= limit else { return false }
      state.used += bytes
      return true
    }
    if isTaken { return true }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waiter = Waiter(turn: turn, lease: lease, bytes: bytes, continuation: continuation)
        let isOver = state.withLock { state in
          // The cancellation may have arrived before there was anything to cancel.
          if Task.isCancelled { return true }
          state.waiting.insert(waiter, at: state.waiting.firstIndex { waiter.isBefore($0) } ?? state.waiting.endIndex)
          state.active -= 1
          return false
        }
        if isOver { continuation.resume(returning: false) } else { wake() }
      }
    } onCancel: {
      let cancelled = state.withLock { state -> Waiter? in
        guard let index = state.waiting.firstIndex(where: { $0.lease == lease }) else { return nil }
        state.active += 1
        return state.waiting.remove(at: index)
      }
      cancelled?.continuation.resume(returning: false)
      wake()
    }
  }

  /// - Parameter bytes: how many bytes are no longer held.
  private func end(_ bytes: Int, wasActive: Bool) {
    state.withLock { state in
      state.used -= bytes
      if wasActive { state.active -= 1 }
    }
    wake()
  }

  /// Lets through every waiter that fits, by turn; if none fits and no answer is being received, the first one overdraws.
  private func wake() {
    let through = state.withLock { state in
      var through: [Waiter] = []
      while let first = state.waiting.first, state.used + first.bytes <= limit || state.active == 0 {
        state.used += first.bytes
        state.active += 1
        through.append(state.waiting.removeFirst())
      }
      return through
    }
    for waiter in through { waiter.continuation.resume(returning: true) }
  }
}
