import Control
import Core

/// Handles IDs that the destination returns for more than one record: updating one would overwrite the other.
extension PartLoad {
  /// Whether an ID belongs to another record in the journal or in this load. If not, this record claims it.
  ///
  /// - Parameter id: the ID that the destination returned; nil if it returned none.
  func isTaken(_ id: Name?, _ member: Member) async throws -> Bool {
    guard let id, id != member.known?.remoteID, plan.hasUniqueIDs else { return false }
    return try await !remoteIDs.claim(id, for: member.record.key)
  }

  /// Handles an accepted call whose response has the ID of another record. A lookup shows whether this record has its own.
  func takeShared(_ id: Name?, _ call: Call, _ member: Member, isUpdate: Bool) async throws {
    let ordinal = member.record.ordinal
    func fail(_ fate: IntentResult.Fate) async throws {
      try await writer.resolve(call.intent, [IntentResult(ordinal, fate)])
      endShared(member, id, attempts: call.ended.attempts)
    }
    guard plan.resource.find != nil else { return try await fail(.refused) }
    switch try await patientLookup(of: member.record).result {
    case .found(let stored):
      // Without an ID in the journal, the next load looks the record up instead of creating it again.
      guard stored.remoteID != id, try await !isTaken(stored.remoteID, member) else { return try await fail(.present()) }
      let comparison = try await compare(member.record, stored)
      try await writer.resolve(call.intent, [IntentResult(ordinal, fate(of: member.record, stored, comparison))])
      explain(comparison, of: member.record)
      end(member, isUpdate ? .updated : .created, attempts: call.ended.attempts)
    case .absent: try await fail(.refused)
    case .cancelled: throw CancellationError()
    case .stopped(let failure): end(member, .pending, Reason(.resultUnknown, failure.description), attempts: call.ended.attempts)
    case .failed(_, _, let why):
      end(
        member, .pending, Reason(.resultUnknown, "the response has the ID of another record, and the lookup failed: \(why)"),
        attempts: call.ended.attempts)
    }
  }

  func endShared(_ member: Member, _ id: Name?, attempts: Int = 1) {
    let shown = id.map { VisibleText.escaped(String($0.text.prefix(100))) } ?? ""
    end(member, .failed, Reason(.remoteIDShared, "the ID is '\(shown)'"), attempts: attempts)
  }
}
