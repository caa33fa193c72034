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

  /// Reads what the journal knows about the part's own records. One that the pipeline refuses to take over counts as not there.
  ///
  /// - Throws: errors from the journal.
  func accepted(_ keys: [Name]) async throws -> [Name: Accepted] {
    let found = try await accepted(keys, in: plan.scope)
    guard plan.refusesFindings else { return found }
    return found.mapValues { known in
      var known = known
      if plan.isRefused(known) { known.isPresent = false }
      return known
    }
  }

  func accepted(_ key: Name) async throws -> Accepted? { try await accepted([key])[key] }

  /// The records' parents that the destination has, by their mappings and keys.
  ///
  /// - Throws: errors from the journal.
  func parentIDs(of records: [OutgoingRecord]) async throws -> [Name: [Name: Accepted]] {
    var found = try await parents(of: records)
    for (mapping, known) in found { found[mapping] = known.filter { plan.hasRecord($0.value, of: mapping) } }
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

extension JournalReader {
  /// Ends a walk through the journal.
  private struct Found: Error {
    var record: JournalRecord
  }

  /// The record, other than the one with the key, that the journal knows by one of the destination's IDs; nil: it knows none. Reads what
  /// is known about all records of the part, so it is for what rarely happens.
  ///
  /// - Throws: errors from the journal.
  func owner(of id: Name, besides key: Name) async throws -> JournalRecord? {
    let (journal, scope) = (journal, plan.scope)
    return try await BlockingWork.perform {
      do {
        try journal.forEachRecord(in: scope) { records in
          let owner = records.first { $0.known.isPresent && $0.known.remoteID == id && $0.key != key }
          if let owner { throw Found(record: owner) }
        }
        return nil
      } catch let found as Found { return found.record }
    }
  }
}

extension PartPlan {
  /// Whether an adapter finds records by their contents, and those that were there before are refused. Such a record is somebody
  /// else's: it may change or go, and so may what ours was found by, so each load looks it up again, whatever an earlier one has found.
  var refusesFindings: Bool { resource.refusesFindings }

  /// Whether the journal has somebody else's record, which an earlier load has found.
  func isRefused(_ known: Accepted) -> Bool {
    refusesFindings && known.isPresent && FieldHashes.isOfOthers(known.fields)
  }

  /// Whether the destination has the record of a mapping, and the mapping does not refuse it.
  func hasRecord(_ known: Accepted, of mapping: Name) -> Bool {
    guard known.isPresent else { return false }
    guard document.resource(of: mapping.text)?.refusesFindings == true else { return true }
    return !FieldHashes.isOfOthers(known.fields)
  }
}

extension ResourceDocument {
  fileprivate var refusesFindings: Bool { adapter != nil && conflict.refusesOthers }
}
