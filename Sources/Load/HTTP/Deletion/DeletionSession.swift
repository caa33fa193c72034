import Control
import Core
import HTTP

/// Removes the records that a mapping with `delete` names.
///
/// Their keys are collected first: the share of records that a run may remove is known only at the end, and nothing is removed if it is
/// exceeded. Then each record is removed by the ID that the journal has, with an intent of its own. A record that is not there any more
/// counts as removed.
final class DeletionSession: LoadSession {
  private let load: PartLoad
  private let outgoing: OutgoingRecords
  private let removal: RecordRemoval
  private let lease: LeaseHolder
  private var named: NamedRecords
  private(set) var failure: OperationFailure?

  private var plan: PartPlan { load.plan }

  /// - Throws: as `HTTPDestination.begin`.
  init(
    _ plan: PartPlan, _ part: LoadPart, _ deletion: DeletionDocument, _ services: HTTPDestination.Services, sink: any OutcomeSink,
    _ lease: LeaseHolder
  ) async throws {
    let opening = PartOpening(reading: plan, services: services)
    try await opening.checkAddress()
    let writer = JournalWriter(services.journal, under: lease, calls: plan.document.concurrent)
    let bodies = opening.bodies
    load = PartLoad(
      plan, services.engine, journal: services.journal, writer: writer, sink: SilentSink(), bodies: bodies, resolvesOnly: true)
    outgoing = OutgoingRecords(plan, key: part.key, bodies)
    removal = RecordRemoval(load: load, reports: PartReports(sink: sink))
    self.lease = lease
    named = NamedRecords(plan, deletion, services.journal)
    try await resolveRemovals(opening, services.journal)
  }

  /// Looks up what became of the removals of an earlier process. Other calls are for the mapping whose records they are.
  private func resolveRemovals(_ opening: PartOpening, _ journal: any Journal) async throws {
    let scope = plan.scope
    let open = try await BlockingWork.perform { try journal.openIntents(scope).filter(\.removesRecord) }
    guard !open.isEmpty else { return }
    try await opening.openAdapter()
    if load.engine.gate.stopped == nil { try await load.resolve(open) }
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    named.add(outgoing.copy(batch))
  }

  func finish() async throws {
    let judgment = try await named.judged()
    let (removal, reports) = (removal, removal.reports)
    if let applied = plan.applied, let difference = difference(judgment, from: applied) {
      for (record, _) in judgment.fates {
        reports.end(record, .pending, PartLoad.Reason(.planDiffers, difference.description), attempts: 1)
      }
      failure = difference
      return
    }
    var removals: [(record: OutgoingRecord, known: Accepted)] = []
    for (record, fate) in judgment.fates {
      switch fate {
      case .remove(let known): removals.append((record, known))
      case .unchanged: reports.end(record, .unchanged, nil, attempts: 1)
      case .wentWithParent(let known):
        try await load.note(PartLoad.Member(record: record, ticket: -1, known: known), .removed)
        reports.end(record, .unchanged, nil, attempts: 1)
      case .ends(let outcome, let reason): reports.end(record, outcome, reason, attempts: 1)
      }
    }
    _ = try await atOnce(removals, limit: plan.document.concurrent) { try await removal.remove($0.record, $0.known) }
    failure = judgment.excess ?? load.engine.gate.stopped
  }

  /// What is not as the dry run predicted it; nil: nothing. What an earlier attempt to apply it has removed is not there any more.
  private func difference(_ judgment: NamedRecords.Judgment, from applied: any AppliedPlan) -> OperationFailure? {
    for (record, fate) in judgment.fates {
      switch fate {
      case .unchanged, .wentWithParent: if applied.outcome(of: record.ordinal) == .removed { continue }
      case .remove, .ends: break
      }
      if applied.predicts(fate.forecast(of: record), of: record.ordinal) { continue }
      return .differs(
        applied.run, mapping: plan.scope.mapping, destination: plan.destination, key: record.key,
        "what is known about it has changed since the dry run, and nothing was removed")
    }
    return nil
  }

  func close() async {
    load.queue.close()
    await lease.release()
  }
}

/// Removes one record after the other. Safe to use from many tasks.
private struct RecordRemoval: Sendable {
  let load: PartLoad
  let reports: PartReports

  private var plan: PartPlan { load.plan }

  /// The values of a record, also under the names that they have in the mapping whose records are removed: the load of that mapping
  /// may be the one that finds out the result of the call.
  private func values(of record: OutgoingRecord) -> [Name: Name] {
    var values = record.values
    let loaded = plan.resource.deletion.flatMap { plan.document.resource(of: $0.mapping.text) }
    for case .parentID(let mapping, let field) in loaded?.placeholders ?? [] where values[field] == nil {
      values[field] = plan.parents.first { $0.mapping == mapping }.flatMap { record.values[$0.field] }
    }
    return values
  }

  /// - Throws: what the journal throws; `CancellationError`.
  func remove(_ record: OutgoingRecord, _ known: Accepted) async throws {
    func end(_ outcome: Outcome, _ code: ProblemCode, _ why: String, status: Int? = nil, attempts: Int = 1) {
      reports.end(record, outcome, PartLoad.Reason(code, why, status: status), attempts: attempts)
    }
    try Task.checkCancellation()
    if let stopped = load.engine.gate.stopped { return end(.pending, .notSent, stopped.description) }
    guard let request = plan.resource.delete else {
      return end(.failed, .requestImpossible, "the pipeline does not allow `delete`")
    }
    let call: HTTPCall
    do {
      call = try plan.call(request, for: record, known: StoredRecord(remoteID: known.remoteID), body: nil)
    } catch {
      return end(.failed, .requestImpossible, error.text)
    }
    var traits = plan.traits(isCreate: false, request, records: 1, isAtomic: true)
    // An ID stands for one record, which is gone after the first call.
    (traits.isRepeatable, traits.canFind) = (true, false)
    let member = PartLoad.Member(record: record, ticket: -1, known: known)
    let sent = try await load.drive(
      call, request, [member], traits, undo: CallContext.Undo(isDelete: true, values: values(of: record)))
    let (attempts, status) = (sent.0.attempts, sent.0.response?.status)
    let ended = try await load.undoEnd(of: sent, member, isDelete: true)
    try Task.checkCancellation()
    switch ended {
    case .done, .goneSince: reports.end(record, .removed, nil, attempts: attempts)
    case .refused(let why): end(.failed, .destinationRefused, why, status: status, attempts: attempts)
    case .changedSince:
      end(.failed, .destinationRefused, "the destination says that it has changed", status: status, attempts: attempts)
    case .notSent(let why): end(.pending, .notSent, why, attempts: attempts)
    case .unknown(let why): end(.pending, .resultUnknown, why, attempts: attempts)
    case .uncertain: end(.pending, .resultUnknown, "the call may have been carried out", attempts: attempts)
    }
  }
}
