import Core

/// The `RemoteIDOwners` of one part. Safe to use from many tasks.
final class RemoteIDClaims: Sendable {
  private struct State {
    var owners: RemoteIDOwners?
    var reading: Task<RemoteIDOwners, any Error>?
  }

  private let journal: any Journal
  private let scope: JournalScope
  private let state = Locked(State())

  init(_ journal: any Journal, _ scope: JournalScope) {
    self.journal = journal
    self.scope = scope
  }

  /// Claims an ID for a record. The journal is read when the first new ID arrives, because most loads only update records.
  ///
  /// - Returns: false if another record already has the ID.
  func claim(_ id: Name, for key: Name) async throws -> Bool {
    if let isOwn = claimAtOnce(id, key) { return isOwn }
    let reading = state.withLock { [journal, scope] state -> Task<RemoteIDOwners, any Error>? in
      if state.owners != nil { return nil }
      let task = state.reading ?? Task { try await BlockingWork.perform { try RemoteIDOwners.read(journal, scope) } }
      state.reading = task
      return task
    }
    if let owners = try await reading?.value {
      state.withLock { state in
        // Other tasks that waited for the same read may have added IDs.
        state.owners = state.owners ?? owners
        state.reading = nil
      }
    }
    return claimAtOnce(id, key) ?? true
  }

  /// Nil if the journal has not been read yet.
  private func claimAtOnce(_ id: Name, _ key: Name) -> Bool? { state.withLock { $0.owners?.claim(id, for: key) } }
}
