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

  var plan: PartPlan { load.plan }

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
    if let ended = try await withoutParents(subject, entry) { return ended }
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
    case .isBack:
      if !isTrial { try await correct(entry, now, subject) }
      return UndoneRecord(key, .unchanged)
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

  /// Of a record that cannot be looked up, because its parent is gone: undo may have removed both. Nil: it can be looked up.
  private func withoutParents(_ subject: OutgoingRecord, _ entry: UndoLog.Entry) async throws -> UndoneRecord? {
    guard let find = plan.resource.find,
      (try? plan.call(find.request, for: subject, known: nil, body: nil)) == nil
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

  /// Records that a record is as it was before the run. If somebody else has put it back, or an earlier undo could not see that it
  /// had, the journal still has what the run sent, and the next run would not send it again.
  private func correct(_ entry: UndoLog.Entry, _ now: StoredRecord?, _ subject: OutgoingRecord) async throws {
    guard entry.after != nil, let known = try await load.reader.accepted(subject.key), known.isPresent else { return }
    let member = PartLoad.Member(record: subject, ticket: -1, known: known)
    guard let now else { return try await load.note(member, .removed) }
    if known.digest != entry.before.digest { try await load.note(member, fate(now, isBack: true, entry)) }
  }
}
