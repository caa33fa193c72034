import Control
import Core
import HTTP

/// Puts back what was at the destination before a run: the records of one part, newest first, so that children go before their
/// parents.
///
/// For each record, a lookup shows what is there now, and `UndoVerdict` decides. Calls have intents like those of a load: killed at
/// any point, the next process resolves them. Running it again writes nothing that is done already.
struct PartUndo: Sendable {
  let load: PartLoad
  let log: UndoLog
  /// Keys whose earlier calls have no known result, each with the reason.
  let blocked: [Name: String]
  /// Nothing is sent.
  let isTrial: Bool
  let comparison: UndoComparison

  private var plan: PartPlan { load.plan }

  /// How often a lookup that still shows the record as it was is repeated.
  private static let staleAtMost = 3

  init(_ load: PartLoad, _ log: UndoLog, blocked: [Name: String], isTrial: Bool) {
    self.load = load
    self.log = log
    self.blocked = blocked
    self.isTrial = isTrial
    comparison = UndoComparison(load.plan)
  }

  /// - Parameters:
  ///   - keys: in the order of the log.
  ///   - report: what became of each record, when it is known; called by one task at a time.
  /// - Throws: what the journal or the log throws; `CancellationError`.
  func run(_ keys: [Name], _ report: (UndoneRecord) throws -> Void) async throws {
    try await withThrowingTaskGroup(of: UndoneRecord.self) { group in
      var rest = keys[...]
      func next() {
        guard let key = rest.popLast() else { return }
        group.addTask { try await self.undo(key) }
      }
      // Records that refer to each other go one at a time.
      for _ in 0..<(plan.hasParentsOfItsOwn ? 1 : plan.document.concurrent) { next() }
      while let record = try await group.next() {
        try report(record)
        next()
      }
    }
  }

  private func undo(_ key: Name) async throws -> UndoneRecord {
    if let why = blocked[key] { return UndoneRecord(key, .left, .resultUnknown, detail: why) }
    guard let entry = try await BlockingWork.perform({ try log.entry(of: key) }) else {
      return UndoneRecord(key, .left, .resultUnknown)
    }
    var subject = OutgoingRecord(
      ordinal: 0, source: "", line: 0, key: key, digest: entry.before.digest ?? [], fields: entry.before.fields, json: [],
      values: entry.before.values)
    subject = subject.with(plan.parents, try await load.reader.parentIDs(of: [subject]))
    let now: StoredRecord?
    switch try await load.lookup.necessary(subject).result {
    case .absent: now = nil
    case .found(let stored): now = stored
    case .cancelled: throw CancellationError()
    case .stopped(let failure): return UndoneRecord(key, .pending, detail: failure.description)
    case .failed(_, _, let why), .unauthorized(let why, _):
      return UndoneRecord(key, .pending, detail: "it could not be looked up: \(why)")
    }
    switch verdict(entry, now) {
    case .isBack: return UndoneRecord(key, .unchanged)
    case .leave(let why): return UndoneRecord(key, .left, why, fields: why == .changedSince ? changes(entry, now) : [])
    case .putBack:
      guard let now, let raw = now.raw, let before = entry.before.image.record else {
        return UndoneRecord(key, .left, .resultUnknown)
      }
      return isTrial ? UndoneRecord(key, .restored) : try await putBack(before, raw, now, subject, entry)
    case .remove:
      guard let now else { return UndoneRecord(key, .unchanged) }
      return isTrial ? UndoneRecord(key, .removed) : try await remove(now, subject, entry)
    }
  }

  // MARK: What to do

  private func verdict(_ entry: UndoLog.Entry, _ now: StoredRecord?) -> UndoVerdict {
    let before = entry.before.image.value
    var facts = UndoVerdict.Facts(
      wasThere: before != nil, isThere: now != nil, isAsBefore: false, result: .notWritten,
      canDelete: plan.resource.delete != nil)
    if let before, let record = now?.record {
      facts.isAsBefore = comparison.notRestored(before: before, after: entry.after, now: record).isEmpty
    }
    if let after = entry.after, let now {
      let isSame = after.isUncertain ? nil : comparison.isAsAfter(after, now)
      facts.result = isSame.map { $0 ? .same : .different } ?? .unknown
    }
    return UndoVerdict(facts)
  }

  /// What somebody has changed since the run or, if the run has not written the record, since its lookup.
  private func changes(_ entry: UndoLog.Entry, _ now: StoredRecord?) -> [String] {
    guard let now = now?.record, let earlier = entry.after?.image.value ?? entry.before.image.value else { return [] }
    return comparison.differences(earlier, now)
  }

  // MARK: Calls

  private func putBack(
    _ before: [UInt8], _ raw: [UInt8], _ now: StoredRecord, _ subject: OutgoingRecord, _ entry: UndoLog.Entry
  ) async throws -> UndoneRecord {
    let key = subject.key
    guard let request = plan.resource.update, let value = entry.before.image.value else {
      return UndoneRecord(key, .failed, detail: "the pipeline has no `update`")
    }
    let managed = comparison.managed(before: value, entry.after).union(comparison.skipped)
    let isReplacing = request.template.method == "PUT"
    let body =
      isReplacing
      ? PutBackBody.replacing(before, skipping: comparison.skipped)
      : PutBackBody.merging(before, into: raw, skipping: managed)
    let (sent, member) = try await self.member(subject, now, body)
    let context = CallContext.Undo(isDelete: false, values: subject.values)
    switch try await call(request, sent, member, load.bodies.body(around: body), context) {
    case .failure(let refusal): return UndoneRecord(key, .failed, detail: refusal.text)
    case .success(let call):
      let end = try await load.undoEnd(of: call, member, isDelete: false)
      guard case .done(let stored) = end else { return undone(key, end) }
      return try await finish(call, sent, stored, now, value, entry)
    }
  }

  /// Compares what was put back with what was there, and records it.
  private func finish(
    _ call: PartLoad.Call, _ sent: OutgoingRecord, _ stored: StoredRecord?, _ old: StoredRecord, _ before: JSONValue,
    _ entry: UndoLog.Entry
  ) async throws -> UndoneRecord {
    var fate = IntentResult.Fate.present(
      remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: entry.before.fields)
    var result = UndoneRecord(
      sent.key, .failed, detail: "a lookup did not show it afterwards, so it is not known whether all of it is back")
    for attempt in 1...Self.staleAtMost {
      let lookup = try await load.lookup.find(sent).result
      if case .cancelled = lookup { throw CancellationError() }
      if case .found(let now) = lookup, let record = now.record {
        let fields = comparison.notRestored(before: before, after: entry.after, now: record)
        if fields.isEmpty, entry.before.digest != nil {
          fate = .accepted(remoteID: now.remoteID, entityTag: now.entityTag)
        } else {
          fate = .present(remoteID: now.remoteID, entityTag: now.entityTag, fields: entry.before.fields)
        }
        result =
          fields.isEmpty
          ? UndoneRecord(sent.key, .restored)
          : UndoneRecord(sent.key, .failed, detail: "the destination has not taken all of it back", fields: fields)
        // Some destinations show for a moment what was there before the write.
        if fields.isEmpty || now.raw != old.raw { break }
      }
      guard attempt < Self.staleAtMost else { break }
      let timekeeper = load.engine.timekeeper
      try await timekeeper.sleep(until: timekeeper.now() + .seconds(1))
    }
    try await load.writer.resolve(call.intent, [IntentResult(sent.ordinal, fate)])
    return result
  }

  private func remove(_ now: StoredRecord, _ subject: OutgoingRecord, _ entry: UndoLog.Entry) async throws -> UndoneRecord {
    guard let request = plan.resource.delete else { return UndoneRecord(subject.key, .left, .noDelete) }
    let (sent, member) = try await self.member(subject, now, [])
    let context = CallContext.Undo(isDelete: true, values: subject.values)
    switch try await call(request, sent, member, nil, context) {
    case .failure(let refusal): return UndoneRecord(subject.key, .failed, detail: refusal.text)
    case .success(let call):
      let end = try await load.undoEnd(of: call, member, isDelete: true)
      if case .done = end { return UndoneRecord(subject.key, .removed) }
      return undone(subject.key, end)
    }
  }

  /// With what a lookup has shown, which is what the call relies on.
  private func member(
    _ subject: OutgoingRecord, _ now: StoredRecord, _ json: [UInt8]
  ) async throws -> (OutgoingRecord, PartLoad.Member) {
    let known = try await load.reader.accepted(subject.key)
    let record = OutgoingRecord(
      ordinal: subject.ordinal, source: "", line: 0, key: subject.key, digest: subject.digest, fields: subject.fields, json: json,
      values: subject.values, parents: subject.parents)
    let own = Accepted(
      remoteID: now.remoteID ?? known?.remoteID, entityTag: now.entityTag, digest: subject.digest, fields: subject.fields,
      epoch: known?.epoch ?? 0)
    return (record, PartLoad.Member(record: record, ticket: -1, known: own, isLookedUp: true))
  }

  private func call(
    _ request: RequestDocument, _ record: OutgoingRecord, _ member: PartLoad.Member, _ body: [UInt8]?, _ undo: CallContext.Undo
  ) async throws -> Result<PartLoad.Call, PartPlan.Refusal> {
    let stored = StoredRecord(remoteID: member.known?.remoteID, entityTag: member.known?.entityTag)
    let call: HTTPCall
    do throws(PartPlan.Refusal) {
      call = try plan.call(request, for: record, known: stored, body: body)
    } catch {
      return .failure(error)
    }
    var traits = plan.traits(isCreate: false, request, records: 1, isAtomic: true)
    if undo.isDelete {
      // An ID stands for one record, which is gone after the first call. A key may stand for another one by then.
      traits.isRepeatable =
        request.template.method == "DELETE" && request.names(.remoteID) && !request.names(.entityTag)
    }
    return .success(try await load.drive(call, request, [member], traits, undo: undo))
  }

  private func undone(_ key: Name, _ end: UndoEnd) -> UndoneRecord {
    switch end {
    case .done: UndoneRecord(key, .restored)
    case .changedSince: UndoneRecord(key, .left, .changedSince)
    case .goneSince: UndoneRecord(key, .left, .goneSince)
    case .refused(let why): UndoneRecord(key, .failed, detail: why)
    case .notSent(let why): UndoneRecord(key, .pending, detail: why)
    case .unknown(let why): UndoneRecord(key, .left, .resultUnknown, detail: why)
    }
  }
}
