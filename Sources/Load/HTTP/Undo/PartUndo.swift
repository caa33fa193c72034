import Control
import Core
import HTTP

/// Puts back what was at the destination before a run: the records of one part, newest first, so that children go before their
/// parents.
///
/// For each record, a lookup shows what is there now, and `UndoVerdict` decides. Calls have intents like those of a load: if
/// the process is killed at any point, the next one resolves them. Running undo again writes nothing that is already done.
///
/// A record that may still be there keeps its parents, even if it is not one of those that are to be undone: those are looked up.
struct PartUndo: Sendable {
  let load: PartLoad
  let log: UndoLog
  /// Keys whose earlier calls have no known result, each with the reason.
  let blocked: [Name: String]
  let request: UndoRequest
  let comparison: UndoComparison
  /// Nil: nothing is sent.
  let writer: UndoLogWriter?

  var plan: PartPlan { load.plan }

  /// - Throws: `OperationFailure` if the log cannot be continued.
  init(_ load: PartLoad, _ log: UndoLog, blocked: [Name: String], _ request: UndoRequest) async throws {
    self.load = load
    self.log = log
    self.blocked = blocked
    self.request = request
    comparison = UndoComparison(load.plan)
    writer =
      request.isTrial || request.isLookup ? nil : try await BlockingWork.perform { try UndoLogWriter(continuing: request.log) }
  }

  /// - Parameter report: what became of each record, when it is known; called by several tasks at a time.
  /// - Throws: what the journal, the log or `report` throws; `CancellationError`. Every record for which something was sent has been
  ///   reported.
  func run(_ report: @escaping @Sendable (UndoneRecord) async throws -> Void) async throws {
    func isNamed(_ key: Name) -> Bool { !request.isLookup && request.keys?.contains(key) ?? true }
    // Before anything is removed.
    try await each(plan.parents.isEmpty ? [] : log.keys.filter { !isNamed($0) }) { try await lookUp($0) }
    try await each(log.keys.filter(isNamed)) { try await undo($0, report) }
  }

  private func each(_ keys: [Name], _ work: @escaping @Sendable (Name) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var rest = keys[...]
      func next() {
        guard let key = rest.popLast() else { return }
        group.addTask {
          try Task.checkCancellation()
          try await work(key)
        }
      }
      // Records that refer to each other go one at a time.
      for _ in 0..<(plan.hasParentsOfItsOwn ? 1 : plan.document.concurrent) { next() }
      while try await group.next() != nil { next() }
    }
  }

  /// A record that is not undone: if it may still be there, its parents stay.
  private func lookUp(_ key: Name) async throws {
    guard let entry = try await entry(of: key) else { return }
    let parents = Set(plan.parents.compactMap { entry.before.values[$0.field] })
    if parents.isEmpty { return }
    if let keys = request.keys, keys.isDisjoint(with: parents) { return }
    let record = try await outcome(of: key, entry, isTrial: true)
    if record.outcome != .unchanged, record.reason != .goneSince { request.needed.add(plan.parents, entry.before.values) }
  }

  private func undo(_ key: Name, _ report: (UndoneRecord) async throws -> Void) async throws {
    let entry = try await entry(of: key)
    func end(_ record: UndoneRecord) async throws {
      if record.mayBeThere, let entry { request.needed.add(plan.parents, entry.before.values) }
      try await report(record)
    }
    do {
      guard let entry else { return try await end(UndoneRecord(key, .left, .resultUnknown)) }
      try await end(outcome(of: key, entry, isTrial: request.isTrial))
    } catch let interruption as Interruption {
      try await end(
        UndoneRecord(key, .pending, detail: "undo ended early, and it is not known whether the call was carried out"))
      throw interruption.cause
    }
  }

  /// Undo ended at a point where a call may already have been made.
  struct Interruption: Error {
    var cause: any Error
  }

  private func entry(of key: Name) async throws -> UndoLog.Entry? { try await BlockingWork.perform { try log.entry(of: key) } }

  /// - Parameter isTrial: nothing is sent.
  private func outcome(of key: Name, _ entry: UndoLog.Entry, isTrial: Bool) async throws -> UndoneRecord {
    if let why = blocked[key] { return UndoneRecord(key, .left, .resultUnknown, detail: why) }
    var subject = OutgoingRecord(
      ordinal: 0, source: "", line: 0, key: key, digest: entry.before.digest ?? [], fields: entry.before.fields, json: [],
      values: entry.before.values)
    subject = subject.with(plan.parents, try await load.reader.parentIDs(of: [subject]))
    if let ended = try await withoutParents(subject, entry) { return ended }
    let now: StoredRecord?
    switch try await load.lookup.necessary(subject).result {
    case .absent: now = nil
    case .found(let stored): now = stored
    case .cancelled: throw CancellationError()
    case .stopped(let failure): return UndoneRecord(key, .pending, detail: failure.description)
    case .undecided(let reason): return UndoneRecord(key, .failed, detail: reason.detail)
    case .failed(_, _, let why), .unauthorized(let why, _):
      return UndoneRecord(key, .pending, detail: "it could not be looked up: \(why)")
    }
    switch verdict(entry, now) {
    case .isBack:
      if !isTrial { try await correct(entry, now, subject) }
      return UndoneRecord(key, .unchanged)
    case .leave(.changedSince):
      // What an earlier undo could not put back is not somebody's change.
      if let now, let undone = entry.undone, comparison.isAsLeft(undone, now) == true { return incomplete(key, entry, now) }
      return UndoneRecord(key, .left, .changedSince, fields: changes(entry, now))
    case .leave(let why): return UndoneRecord(key, .left, why)
    case .putBack:
      guard let now, let raw = now.raw, let before = entry.before.image.record else {
        return UndoneRecord(key, .left, .resultUnknown)
      }
      return isTrial ? UndoneRecord(key, .restored) : try await putBack(before, raw, now, subject, entry)
    case .remove:
      guard let now else { return UndoneRecord(key, .unchanged) }
      if request.needed.contains(key, of: plan.scope.mapping) { return UndoneRecord(key, .left, .needed) }
      if hasUnsavedChildren {
        return UndoneRecord(
          key, .left, .needed, detail: "a mapping without `before: save` may have records that refer to it")
      }
      return isTrial ? UndoneRecord(key, .removed) : try await remove(now, subject, entry)
    }
  }

  /// The records of such a mapping may go with their parent.
  private var hasUnsavedChildren: Bool {
    let own = Name(plan.scope.mapping)
    return plan.document.resources.contains {
      // A mapping that removes records has none.
      $0.deletion == nil && request.unsaved.contains(Name($0.mapping)) && $0.needs.contains(own)
    }
  }

  /// Of a record that cannot be looked up, because its parent is gone: undo may have removed both. Nil: it can be looked up.
  private func withoutParents(_ subject: OutgoingRecord, _ entry: UndoLog.Entry) async throws -> UndoneRecord? {
    guard let find = plan.resource.find,
      // An adapter looks a record up by its ID as well, which it knows.
      (try? plan.call(
        find.request, for: subject, known: plan.adapter.map { _ in StoredRecord(remoteID: ForecastWorld.standIn) }, body: nil))
        == nil
    else { return nil }
    let wasThere = entry.before.image.record != nil
    if !wasThere, try await load.reader.accepted(subject.key)?.isPresent != true { return UndoneRecord(subject.key, .unchanged) }
    return UndoneRecord(
      subject.key, .failed, detail: "it cannot be looked up: `find` names a parent, or a field, that is no longer known")
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
      let isSame = after.isUncertain ? nil : comparison.isAsLeft(after.image, now)
      facts.result = isSame.map { $0 ? .same : .different } ?? .unknown
    }
    return UndoVerdict(facts)
  }

  /// What somebody has changed since the run or, if the run has not written the record, since its lookup.
  private func changes(_ entry: UndoLog.Entry, _ now: StoredRecord?) -> [String] {
    guard let now = now?.record, let earlier = entry.after?.image.value ?? entry.before.image.value else { return [] }
    return comparison.differences(earlier, now)
  }

  /// Records that a record is as it was before the run. If somebody else has put it back, or an earlier undo could not see that it
  /// had, the journal still has what the run sent, and the next run would not send it again.
  private func correct(_ entry: UndoLog.Entry, _ now: StoredRecord?, _ subject: OutgoingRecord) async throws {
    guard entry.after != nil, let known = try await load.reader.accepted(subject.key), known.isPresent else { return }
    let member = PartLoad.Member(record: subject, ticket: -1, known: known)
    guard let now else { return try await load.note(member, .removed) }
    if known.digest != entry.before.digest { try await load.note(member, fate(now, isBack: true, entry)) }
  }
}
