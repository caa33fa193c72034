import Core

/// Reads what the journal knows about records and their parents, without occupying the task pool.
struct JournalReader: Sendable {
  let plan: PartPlan
  let journal: any Journal

  /// - Throws: errors from the journal.
  func accepted(_ keys: [Name], in scope: JournalScope) async throws -> [Name: Accepted] {
    guard !keys.isEmpty else { return [:] }
    let journal = journal
    return try await BlockingWork.perform { try journal.accepted(keys, in: scope) }
  }

  /// Reads what the journal knows about the part's own records.
  ///
  /// - Throws: errors from the journal.
  func accepted(_ keys: [Name]) async throws -> [Name: Accepted] { try await accepted(keys, in: plan.scope) }

  func accepted(_ key: Name) async throws -> Accepted? { try await accepted([key])[key] }

  /// The records' parents that the destination has, by their mappings and keys.
  ///
  /// - Throws: errors from the journal.
  func parentIDs(of records: [OutgoingRecord]) async throws -> [Name: [Name: Accepted]] {
    var found: [Name: [Name: Accepted]] = [:]
    for reference in plan.parents {
      let keys = Set(records.compactMap { $0.values[reference.field] })
      let known = try await accepted(Array(keys), in: plan.scope(of: reference.mapping)).filter { $0.value.isPresent }
      found[reference.mapping, default: [:]].merge(known) { $1 }
    }
    return found
  }
}
