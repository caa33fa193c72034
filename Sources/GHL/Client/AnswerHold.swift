import Core

/// Keeps the memory shares of the answers that something was read from, for as long as what was read is kept.
///
///     let hold = AnswerHold(turn: 3)
///     let notes = try await AnswerHold.$current.withValue(hold) { try await client.notes(ofContact: id) }
///
/// Without one, an answer's share ends with the call, although what was read from it may stay in memory for a long time.
package final class AnswerHold: Sendable {
  /// The hold for this task's calls.
  @TaskLocal package static var current: AnswerHold?

  /// When memory is short, answers with a lower turn arrive first. Calls without a hold have turn 0.
  let turn: Int
  private let leases = Locked<[ByteBudget.Lease]>([])

  package init(turn: Int) { self.turn = turn }

  func keep(_ lease: ByteBudget.Lease) {
    leases.withLock { $0.append(lease) }
    lease.keep()
  }
}
