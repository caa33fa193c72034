import Control
import Core

/// Checks whether the destination has what was sent.
extension PartLoad {
  /// What is known about the fields of a record that the destination accepted.
  struct Comparison: Sendable {
    var differences: [FieldDifference] = []
    /// Why the record could not be read back, for messages.
    var obstacle: String?
    var attempts = 1
  }

  /// The maximum number of concurrent lookups.
  private static let lookupsAtOnce = 8

  /// Compares the record with the one in the response or, if the response does not include it and `read_back` is set, with the
  /// one that a lookup shows. Otherwise nothing is known about its fields.
  ///
  /// - Parameter stored: what the response shows.
  /// - Throws: errors from the journal; `CancellationError`.
  func compare(_ record: OutgoingRecord, _ stored: StoredRecord?) async throws -> Comparison {
    if let stored, plan.key(of: stored.record) == record.key { return differences(of: record, stored) }
    guard plan.resource.readsBack else { return Comparison() }
    let (result, attempts) = try await patientLookup(of: record)
    switch result {
    case .found(let stored): return differences(of: record, stored)
    case .absent: return Comparison(obstacle: "a lookup did not find it", attempts: attempts)
    case .failed(_, _, let why): return Comparison(obstacle: why, attempts: attempts)
    case .stopped(let failure): return Comparison(obstacle: failure.description, attempts: attempts)
    case .cancelled: throw CancellationError()
    }
  }

  /// The comparisons, in the order of the records.
  func compare(_ written: [(record: OutgoingRecord, stored: StoredRecord?)]) async throws -> [Comparison] {
    var comparisons = [Comparison](repeating: Comparison(), count: written.count)
    try await withThrowingTaskGroup(of: (Int, Comparison).self) { group in
      var rest = written.indices[...]
      func next() {
        guard let index = rest.popFirst() else { return }
        let (record, stored) = written[index]
        group.addTask { (index, try await self.compare(record, stored)) }
      }
      for _ in 0..<Self.lookupsAtOnce { next() }
      while let (index, comparison) = try await group.next() {
        comparisons[index] = comparison
        next()
      }
    }
    return comparisons
  }

  private func differences(of record: OutgoingRecord, _ stored: StoredRecord) -> Comparison {
    guard let found = stored.record, let sent = try? JSONReader.read(record.json) else { return Comparison() }
    return Comparison(differences: plan.comparison.differences(from: sent, in: found))
  }

  /// Without its ID, a record cannot be updated later.
  func noteMissingID(_ stored: StoredRecord?, _ member: Member, isUpdate: Bool) {
    guard !isUpdate, let place = plan.resource.remoteID, stored?.remoteID == nil, plan.resource.update?.names(.remoteID) ?? false
    else { return }
    explain(member.record, Reason(.remoteIDMissing, "the response has nothing at \(place.text)"), .warning)
  }
}
