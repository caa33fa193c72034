import Control
import Core
import HTTP

/// Removes the records that a mapping with `delete` names.
///
/// Those to be removed are collected first: how many there are is known only at the end, and nothing is removed if they are more than the
/// pipeline allows. Then each record is removed by the ID that the journal has, with an intent of its own. A record that is not there any
/// more counts as removed.
final class DeletionSession: LoadSession {
  private let load: PartLoad
  private let outgoing: OutgoingRecords
  private let removal: RecordRemoval
  private let lease: LeaseHolder
  private let named: NamedRecords
  /// The first record that is not as the dry run predicted it: nothing is removed.
  private var differs: OperationFailure?
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
    for (record, fate) in try await named.judge(outgoing.copy(batch)) {
      if let difference = difference(record, fate) {
        end(record, difference)
      } else {
        try await take(record, fate)
      }
    }
  }

  func finish() async throws {
    let removals = named.removals
    for (record, known) in removals { if difference(record, .remove(known)) != nil { break } }
    if let differs {
      for (record, _) in removals { end(record, differs) }
      failure = differs
      return
    }
    let removal = removal
    _ = try await atOnce(removals, limit: plan.document.concurrent) { try await removal.remove($0.record, $0.known) }
    failure = named.excess ?? load.engine.gate.stopped
  }

  private func take(_ record: OutgoingRecord, _ fate: NamedRecords.Fate) async throws {
    let reports = removal.reports
    switch fate {
    // Later, if there are not too many.
    case .remove: break
    case .unchanged: reports.end(record, .unchanged, nil, attempts: 1)
    case .wentWithParent(let known):
      try await load.note(PartLoad.Member(record: record, ticket: -1, known: known), .removed)
      reports.end(record, .unchanged, nil, attempts: 1)
    case .ends(let outcome, let reason): reports.end(record, outcome, reason, attempts: 1)
    }
  }

  private func end(_ record: OutgoingRecord, _ difference: OperationFailure) {
    removal.reports.end(record, .pending, PartLoad.Reason(.planDiffers, difference.description), attempts: 1)
  }

  /// What is not as the dry run predicted it, of this record or of an earlier one; nil: nothing. What an earlier attempt to apply it has
  /// removed is not there any more.
  private func difference(_ record: OutgoingRecord, _ fate: NamedRecords.Fate) -> OperationFailure? {
    guard differs == nil, let applied = plan.applied else { return differs }
    switch fate {
    case .unchanged, .wentWithParent: if applied.outcome(of: record.ordinal) == .removed { return nil }
    case .remove, .ends: break
    }
    if applied.predicts(fate.forecast(of: record), of: record.ordinal) { return nil }
    differs = .differs(
      applied.run, mapping: plan.scope.mapping, destination: plan.destination, key: record.key,
      "what is known about it has changed since the dry run, and nothing was removed")
    return differs
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
