import Control
import Core

/// Reads unchanged records of the sample back, and warns about those that are not as they were loaded.
///
/// With `then: resend`, such a record is sent again in the same load. Before that, the journal no longer has it as it would be sent: if
/// the process is killed in between, the next load sends it.
extension PartLoad {
  /// - Returns: what to do next; nil: the record has its outcome.
  /// - Throws: what the journal throws; `CancellationError`.
  func verify(_ first: Member) async throws -> Work? {
    var member = first
    member.isVerified = true
    guard canVerify else {
      countUnread(isLast: true)
      return decide(member, collects: false)
    }
    let found: [StoredRecord]
    do {
      found = try await optionalLookup.all(member.record)
    } catch let trouble as RecordLookup.Trouble {
      return try unread(member, trouble.result)
    }
    guard let stored = found.first else {
      countVerified(isMissing: true)
      explain(member.record, Reason(.drifted, "it was removed there"), .warning)
      return try await plan.resendsDrifted ? again(member, .removed) : decide(member, collects: false)
    }
    // Of several records, it cannot be said which one is ours.
    let isOne = found.count == 1
    let reasons = isOne ? drift(member, stored) : [Reason(.drifted, "there are \(found.count) records with its key")]
    countVerified(isDrifted: !reasons.isEmpty)
    for reason in reasons { explain(member.record, reason, .warning) }
    guard isOne, !reasons.isEmpty, plan.resendsDrifted else { return decide(member, collects: false) }
    member.seen = .found(stored)
    return try await again(
      member, .present(remoteID: stored.remoteID, entityTag: stored.entityTag, fields: member.known?.fields))
  }

  /// A lookup that fails does not stop the destination: what has changed can be sent nevertheless.
  var optionalLookup: PatientLookup {
    PatientLookup(lookup: RecordLookup(plan: plan, engine: engine, isOptional: true))
  }

  /// Sends a record again.
  ///
  /// - Parameter fate: what a lookup has shown.
  private func again(_ first: Member, _ fate: IntentResult.Fate) async throws -> Work? {
    var member = first
    if case .present = fate { member.knownBefore = first.known }
    try await note(member, fate)
    member.known = try await reader.accepted(member.record.key)
    return decide(member, collects: false)
  }

  /// A record that could not be read back stays as it is.
  private func unread(_ member: Member, _ result: RecordLookup.Result) throws -> Work? {
    var isLast = false
    switch result {
    case .cancelled: throw CancellationError()
    // The destination's own message says why.
    case .stopped: isLast = true
    case .unauthorized(let why, _), .failed(.forbidden, _, let why):
      // The credentials may be good enough for everything else.
      isLast = true
      explain(member.record, Reason(.notVerified, why.isEmpty ? "the lookup is not allowed" : why), .warning)
    case .failed(_, _, let why): explain(member.record, Reason(.notVerified, why), .warning)
    case .undecided(let reason): explain(member.record, Reason(.notVerified, reason.detail), .warning)
    case .absent, .found: break
    }
    countUnread(isLast: isLast)
    return decide(member, collects: false)
  }

  /// What in a record is not as it was loaded.
  private func drift(_ member: Member, _ stored: StoredRecord) -> [Reason] {
    var reasons: [Reason] = []
    if let own = member.known?.remoteID, let id = stored.remoteID, own != id {
      reasons.append(Reason(.drifted, "it was removed and created again, with another ID"))
    }
    let fields = stored.record.map { changes.drift(member.record, stored: $0, known: member.known, without: []) } ?? []
    return reasons
      + fields.map { field in
        let found = field.new.flatMap { $0 == .null ? nil : $0.stringValue ?? $0.text }
        var reason = Reason(.drifted, found == nil ? "it has no value now" : "now", column: field.column)
        if case .value(let value) = field.old, value != .null { reason.value = value.stringValue ?? value.text }
        reason.found = found
        return reason
      }
  }
}
