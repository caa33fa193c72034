import Core

/// IDs that the destination gives to several records: an update of one overwrites the others.
extension PartLoad {
  /// Whether the ID that a call has returned is that of another record, in the journal or in this load. To be asked before the
  /// call's result is durable, since the journal would then have the ID for both.
  ///
  /// - Parameter id: nil: the response has none.
  /// - Throws: what the journal throws.
  func isShared(_ id: Name?, _ member: Member) async throws -> Bool {
    guard let id, id != member.known?.remoteID, plan.hasUniqueIDs else { return false }
    return try await !remoteIDs.claim(id, for: member.record.key)
  }

  func noteSharedID(_ id: Name?, of record: OutgoingRecord) {
    explain(record, Reason(.remoteIDShared, "the ID is '\(VisibleText.escaped(String((id?.text ?? "").prefix(100))))'"), .warning)
  }
}
