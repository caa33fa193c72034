import Core
import Dispatch

/// Writes the journal for many calls at once: everything that is waiting when a transaction ends goes into the next one, so that
/// the disk is synced once for all of it. While many calls are under way, a transaction waits briefly for more changes. Safe to
/// use from many tasks.
final class JournalWriter: Sendable {
  /// The changes of many calls, with the waiting tasks in the same order.
  private struct Batch {
    var changes = JournalChanges()
    var intents: [UnsafeContinuation<IntentID, any Error>] = []
    var updates: [UnsafeContinuation<Void, any Error>] = []
    var results: [UnsafeContinuation<Void, any Error>] = []

    var count: Int { intents.count + updates.count + results.count }
  }

  private struct State {
    var waiting = Batch()
    var isWriting = false
    /// The number of changes that the thread is waiting for; nil if it is not waiting.
    var expected: Int?
  }

  private let journal: any Journal
  private let lease: LeaseHolder
  private let state = Locked(State())
  /// The number of changes that starts a transaction without waiting for more: fewer than calls, so that some of them are at the
  /// destination while the journal syncs.
  private let enough: Int
  /// Signalled when `expected` changes are waiting.
  private let gathered = DispatchSemaphore(value: 0)
  /// Transactions block this thread, which is not in the task pool.
  private let thread = DispatchQueue(label: "waybill.journal")

  /// - Parameter calls: the maximum number of concurrent calls.
  init(_ journal: any Journal, under lease: LeaseHolder, calls: Int) {
    self.journal = journal
    self.lease = lease
    enough = calls * 3 / 4
  }

  /// Durable when it returns.
  func intend(_ request: IntentRequest) async throws -> IntentID {
    try await withUnsafeThrowingContinuation { continuation in
      add { batch in
        batch.changes.intents.append(request)
        batch.intents.append(continuation)
      }
    }
  }

  func update(_ update: IntentUpdate) async throws {
    try await withUnsafeThrowingContinuation { continuation in
      add { batch in
        batch.changes.updates.append(update)
        batch.updates.append(continuation)
      }
    }
  }

  func resolve(_ id: IntentID, _ results: [IntentResult]) async throws {
    guard !results.isEmpty else { return }
    try await withUnsafeThrowingContinuation { continuation in
      add { batch in
        batch.changes.results.append(IntentResults(id, results))
        batch.results.append(continuation)
      }
    }
  }

  /// Remembers what a lookup has shown.
  func adopt(_ record: AdoptedRecord, in scope: JournalScope) async throws { try await adopt([record], in: scope) }

  func adopt(_ records: [AdoptedRecord], in scope: JournalScope) async throws {
    let (journal, lease) = (journal, lease.current)
    try await BlockingWork.perform { try journal.adopt(records, in: scope, under: lease) }
  }

  private func add(_ change: (inout Batch) -> Void) {
    let (begins, isComplete) = state.withLock { state in
      change(&state.waiting)
      let isComplete = state.expected.map { state.waiting.count >= $0 } ?? false
      if isComplete { state.expected = nil }
      defer { state.isWriting = true }
      return (!state.isWriting, isComplete)
    }
    if isComplete { gathered.signal() }
    if begins { thread.async { self.write() } }
  }

  // MARK: Transactions

  /// After a transaction with this many changes, more are coming, so the next one waits for `enough` of them, but for no longer
  /// than a few transactions take.
  private static let many = 16
  private static let patience = DispatchTimeInterval.milliseconds(4)

  private func gather() {
    let waits = state.withLock { state in
      state.expected = state.waiting.count < enough ? enough : nil
      return state.expected != nil
    }
    guard waits, gathered.wait(timeout: .now() + Self.patience) == .timedOut else { return }
    let isLate = state.withLock { state in
      defer { state.expected = nil }
      return state.expected == nil
    }
    // The signal came after the timeout.
    if isLate { gathered.wait() }
  }

  /// Writes until nothing is waiting.
  private func write() {
    var last = 0
    while true {
      if last >= Self.many { gather() }
      let batch = state.withLock { state in
        defer { state.waiting = Batch() }
        state.isWriting = state.waiting.count > 0
        return state.waiting
      }
      last = batch.count
      if last == 0 { return }
      do {
        let ids = try journal.apply(batch.changes, under: lease.current)
        for (continuation, id) in zip(batch.intents, ids) { continuation.resume(returning: id) }
        for continuation in batch.updates + batch.results { continuation.resume() }
      } catch {
        fail(batch, error)
      }
    }
  }

  /// Results may be recorded without the lease; nothing else may.
  private func fail(_ batch: Batch, _ error: any Error) {
    for continuation in batch.intents { continuation.resume(throwing: error) }
    for continuation in batch.updates { continuation.resume(throwing: error) }
    for (continuation, results) in zip(batch.results, batch.changes.results) {
      continuation.resume(with: Result { () throws in try journal.resolve([results]) })
    }
  }
}
