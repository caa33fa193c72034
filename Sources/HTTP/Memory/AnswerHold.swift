import Core

/// Counts the responses that one record was read from against the memory for responses, for as long as the record waits
/// for those before it.
///
///     let hold = AnswerHold { frontier.value == 3 }
///     let notes = try await AnswerHold.$current.withValue(hold) { try await client.notes(ofContact: id) }
///
/// When the memory is used up, a call with a hold does not wait: the record before it may need the same memory to be
/// finished. The call is cancelled and the hold is postponed; read the record again when it is the first.
package final class AnswerHold: Sendable {
  /// The hold for this task's calls. Calls without one wait for memory, and release it when they end.
  @TaskLocal package static var current: AnswerHold?

  private struct State {
    var leases: [ByteBudget.Lease] = []
    var isPostponed = false
  }

  private let isFirst: @Sendable () -> Bool
  private let state = Locked(State())

  /// - Parameter isFirst: whether every record before this one is finished; if so, this one always gets its memory.
  package init(isFirst: @escaping @Sendable () -> Bool) { self.isFirst = isFirst }

  /// A response did not fit.
  package var isPostponed: Bool { state.withLock { $0.isPostponed } }

  package func keep(_ lease: ByteBudget.Lease) { state.withLock { $0.leases.append(lease) } }

  /// False if the response does not fit now.
  package func take(_ bytes: Int, from budget: ByteBudget) -> Bool {
    if budget.takeAtOnce(bytes, overdrawing: isFirst()) { return true }
    state.withLock { $0.isPostponed = true }
    return false
  }
}
