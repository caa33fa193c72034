import Control
import Core

/// The records that a deletion names, and what becomes of each of them.
///
/// How many are to be removed is known at the end, so the caller removes none of them before that. No more of them are kept than may be
/// removed, and of none what only a body would need.
final class NamedRecords {
  enum Fate: Sendable {
    case remove(Accepted)
    /// It is not there.
    case unchanged
    /// It went with its parent, which was removed.
    case wentWithParent(Accepted)
    case ends(Outcome, PartLoad.Reason)
  }

  typealias Named = (record: OutgoingRecord, fate: Fate)

  /// What the journal says before the first record.
  private struct Before {
    /// Keys of calls whose results are not known.
    var open: Set<Name>
    /// How many of the records that the other mapping has written exist.
    var total: Int
  }

  let plan: PartPlan
  let deletion: DeletionDocument
  let journal: any Journal
  private var before: Before?
  /// Those to be removed, unless they are too many.
  private(set) var removals: [(record: OutgoingRecord, known: Accepted)] = []
  /// Their keys, also if they are too many.
  private var keys: Set<Name> = []

  init(_ plan: PartPlan, _ deletion: DeletionDocument, _ journal: any Journal) {
    (self.plan, self.deletion, self.journal) = (plan, deletion, journal)
  }

  /// Takes more records.
  ///
  /// - Returns: those whose fates are final, in no order. The others are added to `removals`; if these become too many, they are
  ///   returned as well.
  /// - Throws: what the journal throws.
  func judge(_ records: [OutgoingRecord]) async throws -> [Named] {
    let before = try await readBefore()
    let reader = JournalReader(plan: plan, journal: journal)
    var judged: [Named] = []
    for start in stride(from: 0, to: records.count, by: Self.chunk) {
      let chunk = records[start..<min(start + Self.chunk, records.count)]
      let known = try await reader.accepted(chunk.map(\.key))
      let parents = try await reader.parents(of: Array(chunk))
      let present = parents.mapValues { known in known.filter { $0.value.isPresent } }
      for record in chunk {
        let own = record.with(plan.parents, present)
        switch fate(of: own, known[record.key], parents, before.open) {
        case .remove(let known): addRemoval(own, known, of: before.total, &judged)
        case let fate: judged.append((own, fate))
        }
      }
    }
    return judged
  }

  private static let chunk = 512

  private func addRemoval(_ record: OutgoingRecord, _ known: Accepted, of total: Int, _ judged: inout [Named]) {
    // The first record with a key removes it.
    guard keys.insert(record.key).inserted else { return judged.append((record, .unchanged)) }
    if deletion.allows(keys.count, of: total) { return removals.append((record.with(json: []), known)) }
    let why =
      "the run names more than \(deletion.most(of: total)) of \(total) records, and max_percent allows \(deletion.percent)%"
    for record in removals.map(\.record) + [record] { judged.append((record, .ends(.pending, PartLoad.Reason(.notSent, why)))) }
    removals = []
  }

  /// More would be removed than the pipeline allows, so nothing is; nil: it is allowed.
  var excess: OperationFailure? {
    guard let total = before?.total, !deletion.allows(keys.count, of: total) else { return nil }
    return OperationFailure(
      .gateFailed,
      "'\(plan.destination)' removes nothing from '\(deletion.mapping)': the run names \(keys.count) of \(total) records, and `max_percent` allows \(deletion.percent)%"
    )
  }

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
    guard known.isWritten else {
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

  private func readBefore() async throws -> Before {
    if let before { return before }
    let read = Before(open: try await openKeys(), total: try await presentRecords())
    before = read
    return read
  }

  private func openKeys() async throws -> Set<Name> {
    let (journal, scope) = (journal, plan.scope)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }
    return Set(
      intents.filter { !$0.request.isLookup }.flatMap { intent in
        intent.request.records.filter { intent.open.contains($0.ordinal) }.compactMap(\.key)
      })
  }

  private func presentRecords() async throws -> Int {
    let (journal, scope) = (journal, plan.scope)
    return try await BlockingWork.perform {
      var count = 0
      try journal.forEachRecord(in: scope) { records in count += records.count { $0.known.isPresent && $0.known.isWritten } }
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
  fileprivate var isWritten: Bool { !FieldHashes.isOfOthers(fields) && fields != FieldHashes.adopted }
}
