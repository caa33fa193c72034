import Control
import Core

/// Checks whether the destination has what was sent.
extension PartLoad {
  /// What is known about the fields of a record that the destination accepted.
  struct Comparison: Sendable {
    var differences: [FieldDifference] = []
    /// The columns of fields that no longer have a value and that the request left out, so the destination keeps the old one.
    var kept: [Int] = []
    /// Why the record could not be read back, for messages.
    var obstacle: String?
    var attempts = 1
    /// What a lookup for the comparison has shown.
    var found: StoredRecord?
  }

  /// Compares the record with the one in the response or, where the record is read back, with the one that a lookup shows. Otherwise,
  /// all that is known about its fields is in the journal.
  ///
  /// - Parameters:
  ///   - stored: what the response shows.
  ///   - keepsOmitted: whether the destination keeps fields that the request left out.
  /// - Throws: errors from the journal; `CancellationError`.
  func compare(_ member: Member, _ stored: StoredRecord?, keepsOmitted: Bool) async throws -> Comparison {
    let kept = keepsOmitted ? plan.omitted(by: member.record, known: member.known) : []
    var shown: Comparison?
    if let stored, plan.key(of: stored.record) == member.record.key { shown = comparison(of: member.record, stored, kept) }
    guard plan.readsBack(member.record.key, isShown: shown != nil) else { return shown ?? Comparison(kept: kept) }
    let (result, attempts) = try await lookup.find(member.record.given(stored?.remoteID))
    func failed(_ why: String) -> Comparison {
      var comparison = shown ?? Comparison(kept: kept)
      (comparison.obstacle, comparison.attempts) = (why, attempts)
      return comparison
    }
    switch result {
    case .found(let stored):
      var comparison = comparison(of: member.record, stored, kept)
      comparison.found = stored
      return comparison
    case .absent: return failed("a lookup did not find it")
    case .failed(_, _, let why), .unauthorized(let why, _): return failed(why)
    case .stopped(let failure): return failed(failure.description)
    case .undecided(let reason): return failed(reason.detail)
    case .cancelled: throw CancellationError()
    }
  }

  /// The comparisons, in the order of the records.
  func compare(_ written: [(member: Member, stored: StoredRecord?)], keepsOmitted: Bool) async throws -> [Comparison] {
    try await atOnce(written) { try await self.compare($0.member, $0.stored, keepsOmitted: keepsOmitted) }
  }

  private func comparison(of record: OutgoingRecord, _ stored: StoredRecord, _ kept: [Int]) -> Comparison {
    guard let found = stored.record, let sent = try? JSONReader.read(record.json) else { return Comparison(kept: kept) }
    return Comparison(
      differences: plan.comparison.differences(from: sent, in: found), kept: kept.filter { plan.hasValue(at: $0, in: found) })
  }

  /// Without its ID, a record cannot be updated later.
  func noteMissingID(_ stored: StoredRecord?, _ member: Member, isUpdate: Bool) {
    guard !isUpdate, let place = plan.resource.remoteID, stored?.remoteID == nil, plan.resource.update?.names(.remoteID) ?? false
    else { return }
    explain(member.record, Reason(.remoteIDMissing, "the response has nothing at \(place.text)"), .warning)
  }
}
