import Control
import Core
import HTTP

/// `read_back`: fields that the destination dropped without a word are sent again.
///
/// A write whose comparison shows such fields is recorded as `present`: the destination has the record, but not as it was sent. If
/// the process is killed before the record is sent again, the next load sends it. After two more attempts, or where the destination
/// refuses them, the record counts as accepted, its fields are marked as not applied, and the ledger says so.
extension PartLoad {
  /// How often a record is sent again because of fields that were not applied.
  static let resendsAtMost = 2

  /// Whether the record of an accepted write is sent again.
  func resends(_ comparison: Comparison, _ record: OutgoingRecord) -> Bool {
    guard plan.resource.readBack?.then == .resend, !comparison.differences.isEmpty else { return false }
    return plan.canResend(record, comparison.differences.map(\.path))
  }

  /// The result of an accepted record that is sent again.
  func presentFate(of record: OutgoingRecord, _ stored: StoredRecord?, _ comparison: Comparison) -> IntentResult.Fate {
    guard case .accepted(let remoteID, let tag, let fields) = fate(of: record, stored, comparison) else {
      return .present(remoteID: stored?.remoteID, entityTag: stored?.entityTag)
    }
    return .present(remoteID: remoteID, entityTag: tag, fields: fields)
  }

  /// Sends a record again, with an intent of its own for each attempt.
  ///
  /// - Parameters:
  ///   - first: as it was when it was written.
  ///   - comparison: what the write has left.
  /// - Returns: what the destination has in the end; nil: the record has its outcome.
  /// - Throws: what the journal throws; `CancellationError`.
  func resend(_ first: Member, _ comparison: Comparison) async throws -> Comparison? {
    if resolvesOnly {
      // The load sends it again.
      leave(first)
      return nil
    }
    var last = comparison
    for round in 1...Self.resendsAtMost {
      var member = first
      member.known = try await reader.accepted(first.record.key)
      member.isLookedUp = true
      guard let (call, sent) = try await attempt(member) else { return nil }
      let (ended, intent) = call
      func resolve(_ fate: IntentResult.Fate) async throws {
        try await writer.resolve(intent, [IntentResult(sent.record.ordinal, fate)])
      }
      switch ended.ending {
      case .cancelled(let isOpen):
        if !isOpen { try await resolve(.refused) }
        throw CancellationError()
      case .flow(.accepted), .flow(.adopted):
        let stored = stored(after: ended.ending == .flow(.adopted) ? .adopted : .accepted, ended, sent)
        var next = try await compare(sent, stored, keepsOmitted: plan.updateKeeps)
        // The marks of the first write have made the journal forget them.
        next.kept = comparison.kept
        try await keep(sent, stored, next, ended, keepsOmitted: plan.updateKeeps)
        let goesOn = round < Self.resendsAtMost && resends(next, sent.record)
        try await resolve(goesOn ? presentFate(of: sent.record, stored, next) : fate(of: sent.record, stored, next))
        last = next
        if !goesOn { return last }
      case .flow(.refused), .flow(.tooLarge), .flow(.conflict):
        // Sending it again changes nothing: what the first write has left stays.
        try await resolve(.refused)
        let known = member.known
        try await note(
          member, fate(of: member.record, StoredRecord(remoteID: known?.remoteID, entityTag: known?.entityTag), last))
        return last
      default:
        // The record is there, but the journal says that it must be sent again.
        _ = try await take(call, sent, isUpdate: true)
        return nil
      }
    }
    return last
  }
}
