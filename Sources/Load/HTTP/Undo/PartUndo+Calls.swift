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
    let required = required(by: request)
    if let missing = required.first(where: { value[$0.text] == nil }) {
      return UndoneRecord(key, .failed, detail: "`update` finds the record by '\(missing)', which it did not have before")
    }
    let managed = comparison.managed(before: value, entry.after)
    let record = body(of: request, before, raw, managed, required)
    let (sent, member) = try await self.member(subject, now, record)
    let context = CallContext.Undo(isDelete: false, values: subject.values, managed: managed)
    // An envelope among the record's members has become a part of the record.
    let body = load.bodies.isMerged ? record : load.bodies.body(around: record)
    return try await send(request, sent, member, body, now, context) { call, end in
      switch end {
      case .done(let stored): try await finish(call, sent, stored, now, value, entry)
      case .uncertain(let end): try await resolve(end, of: call, sent, member, value, entry)
      case let end: undone(key, end)
      }
    }
  }

  private func body(
    of request: RequestDocument, _ before: [UInt8], _ now: [UInt8], _ managed: Set<Name>, _ required: Set<Name>
  ) -> [UInt8] {
    let skipped = comparison.skipped.subtracting(required)
    let merges = plan.resource.updateStyle == .merge
    if merges, request.template.method != "PUT" {
      return PutBackBody.merging(
        before, into: now, skipping: managed.union(skipped), nested: comparison.nested, required: required)
    }
    return PutBackBody.replacing(
      before, skipping: skipped, nested: comparison.nested, removingFrom: merges ? now : nil, keeping: managed)
  }

  /// The members without which a request does not say which record it changes: its address has neither the ID nor the key.
  private func required(by request: RequestDocument) -> Set<Name> {
    let isNamed = request.template.target.placeholders.contains { placeholder in
      switch placeholder {
      case .remoteID, .key: true
      case .field(let name): name == Name(plan.keyPath.text)
      default: false
      }
    }
    return isNamed ? [] : comparison.identifying
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
    let isBack = open(record).isEmpty
    if !isBack { try await writer?.append(UndoLog.Image(now).undoneLine(sent.key)) }
    try await self.record(call, sent, fate(now, isBack: isBack, entry))
    return isBack ? UndoneRecord(sent.key, .restored) : incomplete(sent.key, entry, now)
  }

  /// Of a record that was put back, and is not as it was before.
  func incomplete(_ key: Name, _ entry: UndoLog.Entry, _ now: StoredRecord) -> UndoneRecord {
    var fields: [String] = []
    if let before = entry.before.image.value, let record = now.record {
      fields = comparison.notRestored(before: before, after: entry.after, now: record)
    }
    return UndoneRecord(
      key, .failed,
      detail: "the destination did not restore all of it; leave out members that only it can set with `before: {omit}`",
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
    case .undecided(let reason): return undone(sent.key, .unknown(reason.detail))
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
    return try await send(request, sent, member, nil, now, context) { _, end in
      if case .done = end { UndoneRecord(subject.key, .removed) } else { undone(subject.key, end) }
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

  /// Makes a call.
  ///
  /// - Parameters:
  ///   - now: what the decision rests on. If it has a tag, the destination refuses the call after a change.
  ///   - take: what the end of the call means for the record.
  /// - Throws: `Interruption`, if the call may have been made.
  private func send(
    _ request: RequestDocument, _ record: OutgoingRecord, _ member: PartLoad.Member, _ body: [UInt8]?, _ now: StoredRecord,
    _ undo: CallContext.Undo, _ take: (PartLoad.Call, UndoEnd) async throws -> UndoneRecord
  ) async throws -> UndoneRecord {
    let stored = StoredRecord(remoteID: member.known?.remoteID, entityTag: member.known?.entityTag)
    var call: HTTPCall
    let own: AdaptedCall
    switch plan.adapter?.call(undo.isDelete ? .delete : .update(nil), [record], json: record.json, known: stored) {
    case nil: own = AdaptedCall(request, body: body)
    case .success(let adapted)?: own = adapted
    case .failure(let reason)?: return UndoneRecord(record.key, .failed, detail: reason.detail)
    }
    do throws(PartPlan.Refusal) {
      call = try plan.call(own.request, for: record, known: stored, body: own.body)
    } catch {
      return UndoneRecord(record.key, .failed, detail: error.text)
    }
    var traits = plan.traits(isCreate: false, own, records: 1, isAtomic: true)
    if undo.isDelete {
      // An ID stands for one record, which is gone after the first call. A key may stand for another one by then.
      traits.isRepeatable =
        request.template.method == "DELETE" && request.names(.remoteID) && !request.names(.entityTag)
    }
    let condition = condition(of: call, now, record)
    if let condition {
      call.headers.append(condition)
      traits.isRepeatable = false
    }
    do {
      let sent = try await load.drive(call, own.request, [member], traits, undo: undo)
      let end = try await load.undoEnd(of: sent, member, isDelete: undo.isDelete)
      if condition != nil, case .changedSince = end, try await isUnchanged(record, now) {
        return UndoneRecord(
          record.key, .failed,
          detail:
            "the destination refuses an If-Match with the tag that `find` shows, although the record has not changed: check `etag` in the pipeline"
        )
      }
      return try await take(sent, end)
    } catch {
      throw Interruption(cause: error)
    }
  }

  /// `If-Match` with the tag that a lookup has shown, unless the pipeline's request has one. Nil if it is not certain that it is the
  /// tag of what is written: a header of the response to `find` may belong to another resource.
  private func condition(of call: HTTPCall, _ now: StoredRecord, _ record: OutgoingRecord) -> (name: String, value: String)? {
    guard let tag = now.entityTag, tag.isQuotedTag, !call.headers.contains(where: { $0.name.lowercased() == "if-match" }) else {
      return nil
    }
    if plan.resource.entityTag == nil {
      let find = plan.resource.find.flatMap { try? plan.call($0.request, for: record, known: nil, body: nil) }
      guard find?.target == call.target else { return nil }
    }
    return ("If-Match", tag.text)
  }

  /// Whether a record is still as it was when undo decided about it.
  private func isUnchanged(_ record: OutgoingRecord, _ now: StoredRecord) async throws -> Bool {
    guard case .found(let found) = try await load.lookup.find(record).result else { return false }
    return found.raw == now.raw && found.entityTag == now.entityTag
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
