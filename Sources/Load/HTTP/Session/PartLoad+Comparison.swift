import Control
import Core

/// Whether the destination has what was sent.
extension PartLoad {
  /// Lookups at the same time.
  private static let lookupsAtOnce = 8

  /// Warns about each field that the destination did not take as it was sent: as the response shows, or, if it does not repeat the
  /// record, as a lookup does, where the pipeline wants one. Otherwise nothing is known about its fields.
  ///
  /// - Parameter written: records that the destination has accepted, with what its response shows of them.
  /// - Throws: what the journal throws.
  func compare(_ written: [(record: OutgoingRecord, stored: StoredRecord?)]) async throws {
    var unseen: [OutgoingRecord] = []
    for (record, stored) in written {
      if let stored, plan.key(of: stored.record) == record.key {
        warnAboutDifferences(of: record, stored)
      } else {
        unseen.append(record)
      }
    }
    if plan.resource.readsBack, !resolvesOnly { try await readBack(unseen) }
  }

  private func warnAboutDifferences(of record: OutgoingRecord, _ stored: StoredRecord) {
    guard let found = stored.record, let sent = try? JSONReader.read(record.json) else { return }
    for difference in plan.comparison.differences(from: sent, in: found) {
      explain(
        record,
        Reason(
          .notApplied,
          difference.isMissing ? "the destination does not have it" : "the destination has another value",
          column: column(of: difference.path)),
        .warning)
    }
  }

  /// The records have arrived, so nothing that goes wrong here changes their outcomes.
  private func readBack(_ records: [OutgoingRecord]) async throws {
    guard !records.isEmpty else { return }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        var rest = records[...]
        for record in rest.prefix(Self.lookupsAtOnce) { group.addTask { try await self.readBack(record) } }
        rest = rest.dropFirst(Self.lookupsAtOnce)
        while try await group.next() != nil {
          guard let record = rest.popFirst() else { continue }
          group.addTask { try await self.readBack(record) }
        }
      }
    } catch is CancellationError {
      // The load ends, but these records have been written.
    }
  }

  private func readBack(_ record: OutgoingRecord) async throws {
    let (result, attempts) = try await patientLookup(of: record)
    switch result {
    case .found(let stored): warnAboutDifferences(of: record, stored)
    case .absent: explain(record, Reason(.notCompared, "a lookup does not find it"), .warning, attempts: attempts)
    case .failed(_, _, let why): explain(record, Reason(.notCompared, why), .warning, attempts: attempts)
    case .stopped(let failure): explain(record, Reason(.notCompared, failure.description), .warning, attempts: attempts)
    case .cancelled: return
    }
  }

  /// Without its ID, a record cannot be updated later.
  func noteMissingID(_ stored: StoredRecord?, _ member: Member, isUpdate: Bool) {
    guard !isUpdate, let place = plan.resource.remoteID, stored?.remoteID == nil, plan.resource.update?.names(.remoteID) ?? false
    else { return }
    explain(member.record, Reason(.remoteIDMissing, "the response has nothing at \(place.text)"), .warning)
  }
}
