import Control
import Core
import HTTP

/// Reading records by their keys.
extension HTTPComparison {
  private typealias Answer = Result<[StoredRecord], RecordLookup.Trouble>

  private var findsSeveral: Bool { plan.resource.find?.items != nil }

  /// Reads every expected record.
  ///
  /// - Parameter hidden: columns that only a lookup shows, if the list has been read before; of records that cannot be looked up, what
  ///   it has shown counts.
  func readByKey(hidden: [Int]? = nil) async throws {
    var last: Name?
    var (done, answers) = (0, 0)
    var trouble: RecordLookup.Trouble?
    while true {
      let lookups = try records.lookups(after: last, limit: Self.chunk)
      guard let end = lookups.last else { break }
      last = end.key
      for (lookup, answer) in try await lookUp(lookups) {
        switch answer {
        case .failure(let why):
          trouble = why
          if let hidden {
            counts.notShown = hidden
            try records.fill(lookup.key, unread: hidden)
          } else {
            try records.markNotRead(lookup.key)
          }
        case .success(let found):
          answers += 1
          try take(found, of: lookup, hidden ?? [])
        }
      }
      done += lookups.count
      options.advanced(done)
    }
    if hidden == nil, answers == 0, let trouble { throw trouble.failure(plan, engine) }
  }

  private func take(_ found: [StoredRecord], of lookup: ComparedRecords.Lookup, _ hidden: [Int]) throws {
    let readings = found.map { reading(lookup.key, $0) }
    // A request for one record says nothing about the others that the list has shown.
    if findsSeveral || lookup.readings < 2 {
      _ = try records.replace(lookup.key, readings)
    } else if let one = readings.first {
      try records.replaceOne(one, unread: hidden)
    }
  }

  /// Reads the candidates again. Those that a lookup cannot judge stay candidates: records that cannot be looked up, and several records
  /// with one key where `find` returns only one.
  ///
  /// - Returns: how many of the others agree now.
  func lookUpCandidates() async throws -> Int {
    var last: Name?
    var refuted = 0
    while true {
      let candidates = try records.candidates(after: last, limit: Self.chunk)
      guard let end = candidates.last else { return refuted }
      last = end.key
      let lookups = candidates.filter { findsSeveral || $0.readings < 2 }
      for (lookup, answer) in try await lookUp(lookups) {
        guard case .success(let found) = answer else { continue }
        if try records.replace(lookup.key, found.map { reading(lookup.key, $0) }) { refuted += 1 }
        try records.settle(lookup.key)
      }
    }
  }

  /// What the destination has of each key, with as many lookups at the same time as it takes.
  ///
  /// - Throws: unless it is only one of the records that cannot be looked up.
  private func lookUp(_ lookups: [ComparedRecords.Lookup]) async throws -> [(ComparedRecords.Lookup, Answer)] {
    let (lookup, plan, engine) = (self.lookup, self.plan, self.engine)
    var outgoing = lookups.map { record($0) }
    let parents = try await parentIDs(of: outgoing)
    outgoing = outgoing.map { $0.with(plan.parents, parents) }
    var results: [(ComparedRecords.Lookup, Answer)] = []
    try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
      var rest = outgoing.indices[...]
      func next() {
        guard let index = rest.popFirst() else { return }
        let record = outgoing[index]
        group.addTask {
          do { return (index, .success(try await lookup.all(record))) } catch let trouble as RecordLookup.Trouble {
            if trouble.isAboutRecord { return (index, .failure(trouble)) }
            throw trouble.failure(plan, engine)
          }
        }
      }
      for _ in 0..<max(1, plan.document.concurrent) { next() }
      while let (index, answer) = try await group.next() {
        results.append((lookups[index], answer))
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
  func failure(_ plan: PartPlan, _ engine: HTTPEngine) -> any Error {
    switch result {
    case .cancelled: CancellationError()
    case .stopped(let failure): failure
    case .unauthorized(let why, _): engine.refusedCredentials(why)
    case .failed(.forbidden, _, let why): OperationFailure.forbidden(plan.destination, why)
    case .failed(_, _, let why):
      OperationFailure(
        .unreachable, "a record of '\(plan.scope.mapping)' cannot be looked up at '\(plan.destination)': \(why)")
    case .undecided(let reason):
      OperationFailure(
        .unreachable, "a record of '\(plan.scope.mapping)' cannot be looked up at '\(plan.destination)': \(reason.detail)")
    case .absent, .found: OperationFailure(.fault, "a lookup at '\(plan.destination)' has no result; please report this run")
    }
  }
}
