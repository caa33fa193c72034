import Control
import Core
import HTTP

/// The calls that put records back or remove them, and what became of them.
extension PartUndo {
  func putBack(
    _ before: [UInt8], _ raw: [UInt8], _ now: StoredRecord, _ subject: OutgoingRecord, _ entry: UndoLog.Entry
  ) async throws -> UndoneRecord {
    let key = subject.key
    guard let request = plan.resource.update, let value = entry.before.image.value else {
      return UndoneRecord(key, .failed, detail: "the pipeline has no `update`")
    }
    let managed = comparison.managed(before: value, entry.after)
    let isReplacing = request.template.method == "PUT" || plan.resource.updateStyle != .merge
    let record =
      isReplacing
      ? PutBackBody.replacing(before, skipping: comparison.skipped, nested: comparison.nested)
      : PutBackBody.merging(
        before, into: raw, skipping: managed.union(comparison.skipped), nested: comparison.nested)
    let (sent, member) = try await self.member(subject, now, record)
    let context = CallContext.Undo(isDelete: false, values: subject.values, managed: managed)
    // An envelope among the record's members has become a part of the record.
    let body = load.bodies.isMerged ? record : load.bodies.body(around: record)
    switch try await call(request, sent, member, body, now, context) {
    case .failure(let refusal): return UndoneRecord(key, .failed, detail: refusal.text)
    case .success(let call):
      switch try await load.undoEnd(of: call, member, isDelete: false) {
      case .done(let stored): return try await finish(call, sent, stored, now, value, entry)
      case .uncertain(let end): return try await resolve(end, of: call, sent, member, value, entry)
      case let end: return undone(key, end)
      }
    }
  }

  /// Compares what was put back with what was there, and records it.
  private func finish(
    _ call: PartLoad.Call, _ sent: OutgoingRecord, _ stored: StoredRecord?, _ old: StoredRecord, _ before: JSONValue,
    _ entry: UndoLog.Entry
  ) async throws -> UndoneRecord {
    func open(_ now: JSONValue) -> [String] { comparison.notRestored(before: before, after: entry.after, now: now) }
    let result = try await load.lookup.find(sent) { result in
      guard case .found(let now) = result, let record = now.record else { return false }
      return now.raw != old.raw || open(record).isEmpty
    }
    guard case .found(let now) = result, let record = now.record else {
      try await self.record(
        call, sent, .present(remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: entry.before.fields))
      return UndoneRecord(
        sent.key, .failed, detail: "a lookup did not show it afterwards, so it is not known whether all of it is back")
    }
    let fields = open(record)
    try await self.record(call, sent, fate(now, isBack: fields.isEmpty, entry))
    if fields.isEmpty { return UndoneRecord(sent.key, .restored) }
    return UndoneRecord(
      sent.key, .failed,
      detail: "the destination has not taken all of it back; members that only it can set can be left out with `before: {omit}`",
      fields: fields)
  }

  /// Looks up what became of a call whose last attempt had no effect, as a 412 says, after another one that may have had one.
  private func resolve(
    _ end: UndoEnd, of call: PartLoad.Call, _ sent: OutgoingRecord, _ member: PartLoad.Member, _ before: JSONValue,
    _ entry: UndoLog.Entry
  ) async throws -> UndoneRecord {
    switch try await load.lookup.find(sent).result {
    case .cancelled: throw CancellationError()
    case .absent:
      try await record(call, sent, .removed)
      return undone(sent.key, .goneSince)
    case .found(let now):
      let fields = now.record.map { comparison.notRestored(before: before, after: entry.after, now: $0) }
      let isBack = fields?.isEmpty ?? false
      try await record(call, sent, fate(now, isBack: isBack, entry))
      if isBack { return UndoneRecord(sent.key, .restored) }
      var result = undone(sent.key, end)
      if result.reason == .changedSince { result.fields = fields ?? [] }
      return result
    case .failed(_, _, let why), .unauthorized(let why, _): return undone(sent.key, .unknown(why))
    case .stopped(let failure): return undone(sent.key, .unknown(failure.description))
    }
  }

  func fate(_ now: StoredRecord, isBack: Bool, _ entry: UndoLog.Entry) -> IntentResult.Fate {
    isBack && entry.before.digest != nil
      ? .accepted(remoteID: now.remoteID, entityTag: now.entityTag)
      : .present(remoteID: now.remoteID, entityTag: now.entityTag, fields: entry.before.fields)
  }

  private func record(_ call: PartLoad.Call, _ sent: OutgoingRecord, _ fate: IntentResult.Fate) async throws {
    try await load.writer.resolve(call.intent, [IntentResult(sent.ordinal, fate)])
  }

  func remove(_ now: StoredRecord, _ subject: OutgoingRecord, _ entry: UndoLog.Entry) async throws -> UndoneRecord {
    guard let request = plan.resource.delete else { return UndoneRecord(subject.key, .left, .noDelete) }
    let (sent, member) = try await self.member(subject, now, [])
    let context = CallContext.Undo(isDelete: true, values: subject.values)
    switch try await call(request, sent, member, nil, now, context) {
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
      remoteID: now.remoteID ?? known?.remoteID, entityTag: now.entityTag ?? known?.entityTag, digest: subject.digest,
      fields: subject.fields,
      epoch: known?.epoch ?? 0)
    return (record, PartLoad.Member(record: record, ticket: -1, known: own, isLookedUp: true))
  }

  /// - Parameter now: what the decision rests on. If it has a tag, the destination refuses the call after a change.
  private func call(
    _ request: RequestDocument, _ record: OutgoingRecord, _ member: PartLoad.Member, _ body: [UInt8]?, _ now: StoredRecord,
    _ undo: CallContext.Undo
  ) async throws -> Result<PartLoad.Call, PartPlan.Refusal> {
    let stored = StoredRecord(remoteID: member.known?.remoteID, entityTag: member.known?.entityTag)
    var call: HTTPCall
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
    if let tag = now.entityTag, tag.isStrongTag, !call.headers.contains(where: { $0.name.lowercased() == "if-match" }) {
      call.headers.append(("If-Match", tag.text))
      traits.isRepeatable = false
    }
    return .success(try await load.drive(call, request, [member], traits, undo: undo))
  }

  private func undone(_ key: Name, _ end: UndoEnd) -> UndoneRecord {
    switch end {
    case .uncertain(let end): undone(key, end)
    case .done: UndoneRecord(key, .restored)
    case .changedSince: UndoneRecord(key, .left, .changedSince)
    case .goneSince: UndoneRecord(key, .left, .goneSince)
    case .refused(let why): UndoneRecord(key, .failed, detail: why)
    case .notSent(let why): UndoneRecord(key, .pending, detail: why)
    case .unknown(let why): UndoneRecord(key, .pending, detail: "it is not known whether the call was carried out: \(why)")
    }
  }
}
