import Core
import Values

/// Which of our records each of GHL's IDs belongs to, as the records of one mapping and source location see it.
///
/// GHL's records have no key of ours, so whatever a lookup finds may belong to another record: of the same mapping, of another one that
/// writes the same kind of records into the destination, or of another source location.
struct GHLOwners: Sendable {
  /// What the parts of a destination with one kind of records share. IDs and keys are kept as 128-bit hashes: a million records take some 50 MiB.
  final class Table: Sendable {
    fileprivate let owners = Locked<[Hash: Hash]>([:])
  }

  fileprivate struct Hash: Sendable, Hashable {
    var upper, lower: UInt64

    init(_ name: Name, seed: UInt64 = 0) {
      (upper, lower) = (Hash64.of(name, seed: seed), Hash64.of(name, seed: seed &+ 1))
    }
  }

  private let table: Table
  private let scope: JournalScope
  /// Records of different scopes may have the same key.
  private let seed: UInt64

  init(_ scope: JournalScope, in table: Table) {
    (self.scope, self.table) = (scope, table)
    seed = Hash64.of(scope.checkpoint("owners"))
  }

  /// Returns false if another record already has the ID.
  func claim(_ id: Name, for key: Name) -> Bool {
    let (id, own) = (Hash(id), Hash(key, seed: seed))
    return table.owners.withLock { owners in
      if let other = owners[id] { return other == own }
      owners[id] = own
      return true
    }
  }

  /// Whether a record other than the one with the key has the ID.
  func isOwned(_ id: Name, besides key: Name) -> Bool {
    let (id, own) = (Hash(id), Hash(key, seed: seed))
    return table.owners.withLock { owners in owners[id].map { $0 != own } ?? false }
  }

  /// Adds the owners that a journal knows: records of these mappings of the pipeline at the destination, from all source locations,
  /// without those that the pipeline refuses to take over.
  func read(_ journal: any Journal, _ plan: PartPlan, _ mappings: [String]) async throws {
    let own = self
    try await BlockingWork.perform {
      let others = try journal.scopes().map(\.scope).filter { own.isBeside($0, mappings) }
      for owners in [own] + others.map({ GHLOwners($0, in: own.table) }) {
        let mapping = Name(owners.scope.mapping)
        try journal.forEachRemoteID(in: owners.scope, where: { plan.hasRecord($0, of: mapping) }) { id, key in
          _ = owners.claim(id, for: key)
        }
      }
    }
  }

  private func isBeside(_ other: JournalScope, _ mappings: [String]) -> Bool {
    other != scope && other.pipeline.isExactly(scope.pipeline) && other.destination.isExactly(scope.destination)
      && mappings.contains(exactly: other.mapping)
  }
}
