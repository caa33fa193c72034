import Core

/// Handles IDs that the destination returns for more than one record: updating one record overwrites the others.
extension PartLoad {
  /// Whether the ID that a call returned belongs to another record, in the journal or in this load. Call this before the call's
  /// result is durable, because the journal has the ID for both records afterwards.
  ///
  /// - Parameter id: nil if the response has none.
  /// - Throws: errors from the journal.
  func isShared(_ id: Name?, _ member: Member) async throws -> Bool {
    guard let id, id != member.known?.remoteID, plan.watchesIDs else { return false }
    return try await !remoteIDs.claim(id, for: member.record.key)
  }

  func noteSharedID(_ id: Name?, of record: OutgoingRecord) {
    explain(record, Reason(.remoteIDShared, "the ID is '\(VisibleText.escaped(String((id?.text ?? "").prefix(100))))'"), .warning)
  }
}
