import Core
import Dispatch
import Glibc

/// Writes the journal for many calls at once: everything that is waiting when a transaction ends goes into the next one, so that
/// the disk is synced once for all of it. While many calls are under way, a transaction waits a moment for more of them. Safe to use
/// from many tasks.
final class JournalWriter: Sendable {
  private enum Change {
    case intend(IntentRequest, CheckedContinuation<IntentID, any Error>)
    case update(IntentUpdate, CheckedContinuation<Void, any Error>)
    case resolve(IntentResults, CheckedContinuation<Void, any Error>)
  }

  private struct State {
    var waiting: [Change] = []
    var isWriting = false
  }

  private let journal: any Journal
  private let lease: LeaseHolder
  private let state = Locked(State())
  /// Transactions block a thread, which is not one of the task pool.
  private let thread = DispatchQueue(label: "waybill.journal")

  init(_ journal: any Journal, under lease: LeaseHolder) {
    self.journal = journal
    self.lease = lease
  }

  /// Durable when it returns.
  func intend(_ request: IntentRequest) async throws -> IntentID {
    try await withCheckedThrowingContinuation { add(.intend(request, $0)) }
  }

  func update(_ update: IntentUpdate) async throws {
    try await withCheckedThrowingContinuation { add(.update(update, $0)) }
  }

  func resolve(_ id: IntentID, _ results: [IntentResult]) async throws {
    guard !results.isEmpty else { return }
    try await withCheckedThrowingContinuation { add(.resolve(IntentResults(id, results), $0)) }
  }

  /// Remembers what a lookup has shown.
  func adopt(_ record: AdoptedRecord, in scope: JournalScope) async throws { try await adopt([record], in: scope) }

  func adopt(_ records: [AdoptedRecord], in scope: JournalScope) async throws {
    let (journal, lease) = (journal, lease.current)
    try await BlockingWork.perform { try journal.adopt(records, in: scope, under: lease) }
  }

  private func add(_ change: Change) {
    let begins = state.withLock { state in
      state.waiting.append(change)
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if begins { thread.async { self.write() } }
  }

  /// A transaction with as many changes is likely to be followed by another one.
  private static let many = 16
  /// In microseconds: much less than a call takes, and about as long as a small transaction.
  private static let pause: UInt32 = 1_000

  /// Until nothing is waiting.
  private func write() {
    var last = 0
    while true {
      if last >= Self.many, state.withLock(\.waiting.count) < last { usleep(Self.pause) }
      let batch = state.withLock { state in
        let batch = state.waiting
        state.waiting = []
        state.isWriting = !batch.isEmpty
        return batch
      }
      if batch.isEmpty { return }
      last = batch.count
      var changes = JournalChanges()
      for change in batch {
        switch change {
        case .intend(let request, _): changes.intents.append(request)
        case .update(let update, _): changes.updates.append(update)
        case .resolve(let results, _): changes.results.append(results)
        }
      }
      do {
        succeed(batch, try journal.apply(changes, under: lease.current))
      } catch {
        fail(batch, error)
      }
    }
  }

  private func succeed(_ batch: [Change], _ ids: [IntentID]) {
    var next = 0
    for change in batch {
      switch change {
      case .intend(_, let continuation):
        continuation.resume(returning: ids[next])
        next += 1
      case .update(_, let continuation), .resolve(_, let continuation): continuation.resume()
      }
    }
  }

  /// Results may be recorded without the lease; nothing else may.
  private func fail(_ batch: [Change], _ error: any Error) {
    for change in batch {
      switch change {
      case .intend(_, let continuation): continuation.resume(throwing: error)
      case .update(_, let continuation): continuation.resume(throwing: error)
      case .resolve(let results, let continuation):
        continuation.resume(with: Result { () throws in try journal.resolve([results]) })
      }
    }
  }
}
