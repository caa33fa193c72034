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
    var found = try await parents(of: records)
    for (mapping, known) in found { found[mapping] = known.filter { plan.hasChildren($0.value, of: mapping) } }
    return found
  }

  /// What is known about the records' parents, including those that are gone, by their mappings and keys.
  ///
  /// - Throws: errors from the journal.
  func parents(of records: [OutgoingRecord]) async throws -> [Name: [Name: Accepted]] {
    var found: [Name: [Name: Accepted]] = [:]
    for reference in plan.parents {
      let keys = Set(records.compactMap { $0.values[reference.field] })
      found[reference.mapping, default: [:]].merge(try await accepted(Array(keys), in: plan.scope(of: reference.mapping))) { $1 }
    }
    return found
  }
}

extension PartPlan {
  /// Whether children can be sent for a record of another mapping: the destination has it. Where an adapter finds records by their
  /// contents, one that was there before and that the other mapping refuses to take over is somebody else's.
  func hasChildren(_ known: Accepted, of mapping: Name) -> Bool {
    guard known.isPresent else { return false }
    guard let resource = document.resource(of: mapping.text), resource.adapter != nil, resource.conflict.isStated,
      resource.conflict.then == .reject
    else { return true }
    return !FieldHashes.isOfOthers(known.fields)
  }
}
