import Control
import Core

/// The records that a deletion names, and what becomes of each of them: decided as a whole, before the first one is removed.
struct NamedRecords {
  enum Fate: Sendable {
    case remove(Accepted)
    /// It is not there.
    case unchanged
    /// It went with its parent, which was removed.
    case wentWithParent(Accepted)
    case ends(Outcome, PartLoad.Reason)
  }

  struct Judgment: Sendable {
    var fates: [(record: OutgoingRecord, fate: Fate)] = []
    /// More would be removed than the pipeline allows, so nothing is.
    var excess: OperationFailure?
  }

  let plan: PartPlan
  let deletion: DeletionDocument
  let journal: any Journal
  private(set) var records: [OutgoingRecord] = []

  init(_ plan: PartPlan, _ deletion: DeletionDocument, _ journal: any Journal) {
    (self.plan, self.deletion, self.journal) = (plan, deletion, journal)
  }

  mutating func add(_ more: [OutgoingRecord]) { records += more }

  /// - Throws: what the journal throws.
  func judged() async throws -> Judgment {
    let reader = JournalReader(plan: plan, journal: journal)
    let open = try await openKeys()
    let total = try await presentRecords()
    var judgment = Judgment()
    var named: Set<Name> = []
    var removals = 0
    for start in stride(from: 0, to: records.count, by: Self.chunk) {
      let chunk = records[start..<min(start + Self.chunk, records.count)]
      let known = try await reader.accepted(chunk.map(\.key))
      let parents = try await reader.parents(of: Array(chunk))
      for record in chunk {
        let own = record.with(plan.parents, parents.mapValues { known in known.filter { $0.value.isPresent } })
        // The first record with a key removes it.
        let isRepeated = !named.insert(record.key).inserted
        let fate = isRepeated ? .unchanged : self.fate(of: own, known[record.key], parents, open)
        if case .remove = fate { removals += 1 }
        judgment.fates.append((own, fate))
      }
    }
    if !deletion.allows(removals, of: total) {
      judgment.excess = excess(removals, of: total)
      for index in judgment.fates.indices {
        guard case .remove = judgment.fates[index].fate else { continue }
        let why = "\(removals) of \(total) records would be removed, and max_percent allows \(deletion.percent)%"
        judgment.fates[index].fate = .ends(.pending, PartLoad.Reason(.notSent, why))
      }
    }
    return judgment
  }

  private static let chunk = 512

  private func fate(
    of record: OutgoingRecord, _ known: Accepted?, _ parents: [Name: [Name: Accepted]], _ open: Set<Name>
  ) -> Fate {
    if open.contains(record.key) {
      let why = "an earlier call for it has no known result; load '\(deletion.mapping)' first"
      return .ends(.pending, PartLoad.Reason(.resultUnknown, why))
    }
    guard let known else {
      return .ends(
        .failed, PartLoad.Reason(.requestImpossible, "'\(deletion.mapping)' has never loaded a record with this key"))
    }
    guard known.isPresent else { return .unchanged }
    guard known.isOurs else {
      return .ends(
        .failed,
        PartLoad.Reason(
          .alreadyExists, "it was there before, and '\(deletion.mapping)' has never written it: delete it by hand"))
    }
    guard known.remoteID != nil else {
      return .ends(.failed, PartLoad.Reason(.requestImpossible, "the destination's ID of the record is not known"))
    }
    if let refusal = plan.adapter?.refusal(of: record, known: known) { return .ends(.failed, refusal) }
    if let missing = plan.parents.first(where: { record.parents[$0] == nil }) {
      guard let key = record.values[missing.field] else {
        let why = "the field '\(missing.field)' has no value, so there is no parent"
        return .ends(.failed, PartLoad.Reason(.requestImpossible, why))
      }
      if let parent = parents[missing.mapping]?[key], !parent.isPresent { return .wentWithParent(known) }
      return .ends(.pending, .parent(missing.mapping, key))
    }
    return .remove(known)
  }

  private func excess(_ removals: Int, of total: Int) -> OperationFailure {
    OperationFailure(
      .gateFailed,
      "'\(plan.destination)' removes nothing of '\(deletion.mapping)': the run names \(removals) of \(total) records, and `max_percent` allows \(deletion.percent)%"
    )
  }

  private func openKeys() async throws -> Set<Name> {
    let (journal, scope) = (journal, plan.scope)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }
    return Set(
      intents.filter { !$0.request.isLookup }.flatMap { intent in
        intent.request.records.filter { intent.open.contains($0.ordinal) }.compactMap(\.key)
      })
  }

  /// How many of the records that the other mapping has written still exist, as far as the journal knows.
  private func presentRecords() async throws -> Int {
    let (journal, scope) = (journal, plan.scope)
    return try await BlockingWork.perform {
      var count = 0
      try journal.forEachRecord(in: scope) { records in count += records.count { $0.known.isPresent && $0.known.isOurs } }
      return count
    }
  }
}

extension NamedRecords.Fate {
  /// As a dry run reports it.
  func forecast(of record: OutgoingRecord) -> Forecast {
    switch self {
    case .remove(let known):
      var forecast = Forecast(record.key, .removed)
      // Which record is removed.
      forecast.basis = ForecastWorld.View(record: record, known: known).basis
      return forecast
    case .unchanged, .wentWithParent: return Forecast(record.key, .unchanged)
    case .ends(let outcome, let reason):
      var forecast = Forecast(record.key, outcome)
      forecast.problem = reason.problem(of: record, outcome)
      return forecast
    }
  }
}

extension Accepted {
  /// Waybill has written the record, or has found it as it would have written it. Others are never removed.
  fileprivate var isOurs: Bool { !FieldHashes.isOfOthers(fields) && fields != FieldHashes.adopted }
}
