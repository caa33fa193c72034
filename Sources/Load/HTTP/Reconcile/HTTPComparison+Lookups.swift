import Control
import Core
import HTTP

/// Reading records by their keys.
extension HTTPComparison {
  /// Reads every expected record.
  ///
  /// - Parameter findsSeveral: `find` returns all records with a key. Otherwise, what a list has shown of several stays.
  func readByKey(findsSeveral: Bool) async throws {
    var last: Name?
    while true {
      let lookups = try records.lookups(after: last, limit: Self.chunk)
      guard let end = lookups.last else { return }
      last = end.key
      for (key, found) in try await lookUp(lookups.filter { findsSeveral || $0.readings < 2 }) {
        _ = try records.replace(key, found.map { reading(key, $0) })
      }
    }
  }

  /// Reads the candidates again.
  ///
  /// - Parameter findsSeveral: `find` returns all records with a key. Otherwise it cannot refute that there are several.
  /// - Returns: how many of them agree now.
  func lookUpCandidates(findsSeveral: Bool) async throws -> Int {
    var last: Name?
    var refuted = 0
    while true {
      let candidates = try records.candidates(after: last, limit: Self.chunk)
      guard let end = candidates.last else { return refuted }
      last = end.key
      let lookups = candidates.filter { findsSeveral || $0.readings < 2 }
      for (key, found) in try await lookUp(lookups) {
        if try records.replace(key, found.map { reading(key, $0) }) { refuted += 1 }
      }
    }
  }

  /// What the destination has of each key, with as many lookups at the same time as it takes.
  private func lookUp(_ lookups: [ComparedRecords.Lookup]) async throws -> [(key: Name, found: [StoredRecord])] {
    let (lookup, plan) = (self.lookup, self.plan)
    var outgoing = lookups.map { record($0) }
    let parents = try await parentIDs(of: outgoing)
    outgoing = outgoing.map { $0.with(plan.parents, parents) }
    var results: [(key: Name, found: [StoredRecord])] = []
    try await withThrowingTaskGroup(of: (Int, [StoredRecord]).self) { group in
      var rest = outgoing.indices[...]
      func next() {
        guard let index = rest.popFirst() else { return }
        let record = outgoing[index]
        group.addTask {
          do { return (index, try await lookup.all(record)) } catch let trouble as RecordLookup.Trouble {
            throw trouble.failure(plan)
          }
        }
      }
      for _ in 0..<max(1, plan.document.concurrent) { next() }
      while let (index, found) = try await group.next() {
        results.append((outgoing[index].key, found))
        next()
      }
    }
    return results
  }

  /// A record that has what `find` needs of it.
  private func record(_ lookup: ComparedRecords.Lookup) -> OutgoingRecord {
    var values: [Name: Name] = [:]
    for member in lookup.lookup?.objectValue ?? [] { values[Name(member.name)] = member.value.stringValue.map { Name($0) } }
    if lookup.lookup == nil, let shown = lookup.shown {
      for field in plan.fields { values[field.name] = shown[field.column]?.idText.map { Name($0) } }
    }
    return OutgoingRecord(
      ordinal: 0, source: lookup.key.text, line: 0, key: lookup.key, digest: [], fields: [], json: [], values: values)
  }
}

extension RecordLookup.Trouble {
  /// Why nothing can be said about the destination.
  func failure(_ plan: PartPlan) -> any Error {
    switch result {
    case .cancelled: CancellationError()
    case .stopped(let failure): failure
    case .unauthorized(let why, _): OperationFailure.refusedCredentials(plan.destination, why)
    case .failed(.forbidden, _, let why): OperationFailure.forbidden(plan.destination, why)
    case .failed(_, _, let why):
      OperationFailure(
        .unreachable, "a record of '\(plan.scope.mapping)' cannot be looked up at '\(plan.destination)': \(why)")
    case .absent, .found: OperationFailure(.fault, "a lookup at '\(plan.destination)' has no result; please report this run")
    }
  }
}
