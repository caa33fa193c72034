import Synchronization

/// Keeps the shares of memory of the answers from which something was read, for as long as that is kept.
///
///     let hold = AnswerHold(turn: 3)
///     let notes = try await AnswerHold.$current.withValue(hold) { try await client.notes(ofContact: id) }
///
/// Without one, an answer's share ends with the call, although what was read of it may wait in memory for a long time.
package final class AnswerHold: Sendable {
  /// Of the calls of this task.
  @TaskLocal package static var current: AnswerHold?

  /// Where memory is short, answers with a lower turn arrive first. Calls without a hold have the turn 0.
  let turn: Int
  private let leases = Mutex<[ByteBudget.Lease]>([])

  package init(turn: Int) { self.turn = turn }

  func keep(_ lease: ByteBudget.Lease) { leases.withLock { $0.append(lease) } }
}
