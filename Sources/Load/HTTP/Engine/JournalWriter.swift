import Core

/// Writes the journal for many calls at once: everything that is waiting when a transaction ends goes into the next one, so that
/// the disk is synced once for all of it.
actor JournalWriter {
  private enum Change {
    case intend(IntentRequest, CheckedContinuation<IntentID, any Error>)
    case update(IntentUpdate, CheckedContinuation<Void, any Error>)
    case resolve(IntentResults, CheckedContinuation<Void, any Error>)
  }

  private let journal: any Journal
  private let lease: LeaseHolder
  private var waiting: [Change] = []
  private var isWriting = false

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
    waiting.append(change)
    guard !isWriting else { return }
    isWriting = true
    Task { await self.write() }
  }

  private func write() async {
    while !waiting.isEmpty {
      let batch = waiting
      waiting = []
      var changes = JournalChanges()
      for change in batch {
        switch change {
        case .intend(let request, _): changes.intents.append(request)
        case .update(let update, _): changes.updates.append(update)
        case .resolve(let results, _): changes.results.append(results)
        }
      }
      let (journal, lease, all) = (journal, lease.current, changes)
      do {
        let ids = try await BlockingWork.perform { try journal.apply(all, under: lease) }
        succeed(batch, ids)
      } catch {
        await fail(batch, error)
      }
    }
    isWriting = false
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
  private func fail(_ batch: [Change], _ error: any Error) async {
    for change in batch {
      switch change {
      case .intend(_, let continuation): continuation.resume(throwing: error)
      case .update(_, let continuation): continuation.resume(throwing: error)
      case .resolve(let results, let continuation):
        let journal = journal
        do {
          try await BlockingWork.perform { try journal.resolve([results]) }
          continuation.resume()
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
