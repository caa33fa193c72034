import Core
import Values

/// Which of our records each of GHL's IDs belongs to, for as long as a part is loaded.
///
/// GHL's records have no key of ours, so whatever a lookup finds may belong to another record of the mapping. IDs and keys are kept as
/// 128-bit hashes: a million records take some 50 MiB.
struct GHLOwners: Sendable {
  private struct Hash: Sendable, Hashable {
    var upper, lower: UInt64

    init(_ name: Name) { (upper, lower) = (Hash64.of(name), Hash64.of(name, seed: 1)) }
  }

  private var owners: [Hash: Hash] = [:]

  /// Returns false if another record already has the ID.
  mutating func claim(_ id: Name, for key: Name) -> Bool {
    let own = Hash(key)
    if let other = owners[Hash(id)] { return other == own }
    owners[Hash(id)] = own
    return true
  }

  /// Whether a record other than the one with the key has the ID.
  func isOwned(_ id: Name, besides key: Name) -> Bool { owners[Hash(id)].map { $0 != Hash(key) } ?? false }

  /// Those that a journal knows, without those that the pipeline refuses to take over.
  static func read(_ journal: any Journal, _ plan: PartPlan) async throws -> GHLOwners {
    try await BlockingWork.perform {
      var found = GHLOwners()
      try journal.forEachRecord(in: plan.scope) { records in
        for record in records where record.known.isPresent && !plan.isRefused(record.known) {
          if let id = record.known.remoteID { _ = found.claim(id, for: record.key) }
        }
      }
      return found
    }
  }
}
