import Control
import Core
import Files
import HTTP

/// Keeps what `before: save` asks for: what is at the destination before a record is written, and what it has made of it. Safe to
/// use from many tasks.
final class BeforeImages: Sendable {
  private let plan: PartPlan
  private let lookup: PatientLookup
  private let comparison: UndoComparison
  private let path: @Sendable (String) -> String
  /// By run; nil if the run has no log.
  private let logs = Locked<[Name: UndoLogWriter?]>([:])
  /// What earlier processes have kept, by run; nil if it cannot be read.
  private let earlierLogs = Locked<[Name: UndoLog?]>([:])

  init(_ plan: PartPlan, _ engine: HTTPEngine, path: @escaping @Sendable (String) -> String) {
    self.plan = plan
    self.path = path
    comparison = UndoComparison(plan)
    lookup = PatientLookup(lookup: RecordLookup(plan: plan, engine: engine))
  }

  /// Durable when it returns, so the record may be written then.
  ///
  /// - Parameters:
  ///   - known: what the journal knows about the record.
  ///   - found: what a lookup has shown; nil if it is absent.
  func saveBefore(_ record: OutgoingRecord, known: Accepted?, _ found: StoredRecord?, run: String?) async throws {
    var before = UndoLog.Before(image: UndoLog.Image(found), values: record.values)
    if let known, known.isPresent {
      (before.digest, before.fields) = (known.digest, known.fields == FieldHashes.ofOthers ? FieldHashes.putBack : known.fields)
    } else if found != nil {
      before.fields = FieldHashes.putBack
    }
    try await log(of: run)?.append(before.line(record.key))
  }

  /// Durable when it returns, so the call's result may be recorded then.
  ///
  /// - Parameters:
  ///   - stored: what the call's response says about the record or, if it has `raw`, what a lookup that resolved the call has shown.
  ///   - seen: what a lookup after the response has shown; nil if there was none.
  ///   - isOld: time has passed since the call, or since one of its attempts, so somebody may have changed what was not sent. The tag
  ///     in the response does not say that nobody has.
  func saveAfter(_ member: PartLoad.Member, _ stored: StoredRecord?, seen: StoredRecord?, isOld: Bool) async throws {
    guard let log = try await log(of: member.run) else { return }
    let record = member.record
    let sent = try? JSONReader.read(record.json)
    let beside = plan.resource.body.under.isEmpty ? plan.resource.body.envelope : []
    var after = UndoLog.After(image: UndoLog.Image(remoteID: stored?.remoteID, entityTag: stored?.entityTag))
    after.sent = Set(((sent?.objectValue ?? []) + beside).map { Name($0.name) })
    let before = try await before(member)
    let found: StoredRecord?
    if let stored, stored.raw != nil {
      found = stored
    } else if let seen, seen.raw != nil, isNew(seen, sent, before), agrees(seen, with: stored) {
      found = seen
    } else {
      // The journal does not have the ID yet, and other lookups of a new record may be late, or find nothing.
      found = try await look(record.given(stored?.remoteID), sent, before, stored)
    }
    if let found, agrees(found, with: stored) {
      after.image = UndoLog.Image(found)
      if isOld { after.isUncertain = hasOthers(after, before) }
    }
    if before == nil { after.isUncertain = true }
    try await append(after, before, member, to: log)
  }

  /// Whether a lookup shows what the call's response says that it has left. Otherwise somebody has changed it in between.
  private func agrees(_ found: StoredRecord, with response: StoredRecord?) -> Bool {
    guard let response else { return true }
    if let tag = response.entityTag, let now = found.entityTag, tag.isStrongTag, now.isStrongTag { return tag == now }
    guard let own = response.record, let record = found.record, plan.key(of: own) == plan.key(of: record) else { return true }
    // The response may show less of the record than a lookup does, or more.
    return comparison.differences(own, record).allSatisfy { own[$0] == nil || record[$0] == nil }
  }

  /// Whether the record has members that the call did not send, and that it did not have before.
  private func hasOthers(_ after: UndoLog.After, _ before: UndoLog.Image?) -> Bool {
    guard let before else { return true }
    return !comparison.managed(before: before.value ?? .object([]), after).isEmpty
  }

  /// An earlier call may have written the record that a lookup has shown, or somebody else may have.
  func saveDoubt(_ member: PartLoad.Member) async throws {
    guard let log = try await log(of: member.run) else { return }
    try await append(UndoLog.After(isUncertain: true), before(member), member, to: log)
  }

  private func append(
    _ after: UndoLog.After, _ before: UndoLog.Image?, _ member: PartLoad.Member, to log: UndoLogWriter
  ) async throws {
    // The process that made the call had no `before: save`.
    if before == nil { try await log.append(UndoLog.Before(values: member.record.values).line(member.record.key)) }
    try await log.append(after.line(member.record.key))
  }

  /// What was there before the call, without a record if it was absent. Nil: that is not known.
  func before(_ member: PartLoad.Member) async throws -> UndoLog.Image? {
    if member.isSaved { return UndoLog.Image(member.before) }
    guard let run = member.run else { return nil }
    return try await BlockingWork.perform { [self] in
      let log = earlierLogs.withLock { logs -> UndoLog? in
        if let open = logs[Name(run)] { return open }
        let log = try? UndoLog(path: path(run))
        logs[Name(run)] = .some(log)
        return log
      }
      return (try? log?.entry(of: member.record.key))?.before.image
    }
  }

  /// Some destinations show for a moment what was there before the call.
  private func isNew(_ found: StoredRecord, _ sent: JSONValue?, _ before: UndoLog.Image?) -> Bool {
    found.matches(sent, plan.comparison) || before.map { $0.record != found.raw } ?? false
  }

  /// What is there after the call. Nil: that is not known, because the lookup failed, or still shows what was there before.
  private func look(
    _ record: OutgoingRecord, _ sent: JSONValue?, _ before: UndoLog.Image?, _ response: StoredRecord?
  ) async throws -> StoredRecord? {
    let result = try await lookup.find(record) { result in
      switch result {
      case .found(let found): isNew(found, sent, before) && agrees(found, with: response)
      case .absent: false
      case .cancelled, .failed, .unauthorized, .stopped, .undecided: true
      }
    }
    if case .found(let found) = result, isNew(found, sent, before) { return found }
    return nil
  }

  /// - Parameter run: nil: the run of the part.
  private func log(of run: String?) async throws -> UndoLogWriter? {
    let run = run ?? plan.run
    return try await BlockingWork.perform { [self] in
      try logs.withLock { logs in
        if let open = logs[Name(run)] { return open }
        let path = path(run)
        // The folder of an earlier run may have been removed.
        let log: UndoLogWriter? =
          run.isExactly(plan.run)
          ? try UndoLogWriter(path: path, plan.undoHead)
          : FilePath.exists(path) ? try UndoLogWriter(continuing: path) : nil
        logs[Name(run)] = .some(log)
        return log
      }
    }
  }
}

extension Name {
  /// Whether it is a tag that stands for the whole record, byte for byte (RFC 9110, section 8.8.3). One in a body, such as a version,
  /// may have no quotes.
  var isStrongTag: Bool { !text.isEmpty && !text.hasPrefix("W/") }

  /// Whether it can be sent as it is in `If-Match`.
  var isQuotedTag: Bool { text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"") }
}

extension UndoLog.Image {
  /// - Parameter found: what a lookup has shown; nil if it is absent.
  init(_ found: StoredRecord?) { self.init(remoteID: found?.remoteID, entityTag: found?.entityTag, record: found?.raw) }
}

extension PartPlan {
  var undoHead: UndoLog.Head {
    UndoLog.Head(
      pipeline: scope.pipeline, destination: scope.destination, mapping: scope.mapping, location: scope.location,
      address: document.identity)
  }
}

/// With `before: save`: what a load keeps of the records that it writes.
extension PartLoad {
  /// Keeps what is there after a call, before the call's result is recorded.
  ///
  /// - Parameters:
  ///   - stored: what the response or a lookup says.
  ///   - ended: the call, which may have had several attempts.
  ///   - keepsOmitted: the destination keeps fields that the request leaves out.
  func keep(
    _ member: Member, _ stored: StoredRecord?, _ comparison: Comparison, _ ended: CallDriver.Ended, keepsOmitted: Bool
  ) async throws {
    if member.wasThere {
      try await images?.saveDoubt(member)
      return
    }
    // A response to a repeated key is that of the first attempt, and after a whole replacement nothing is left of earlier changes.
    let isDated =
      stored?.raw == nil && stored?.entityTag?.isStrongTag == true && (plan.document.idempotency != nil || !keepsOmitted)
    let isOld = stored?.raw != nil || ended.wasUncertain || member.run != nil
    try await images?.saveAfter(member, stored, seen: comparison.found, isOld: isOld && !isDated)
  }

  /// The same for several records.
  func keep(
    _ written: [(member: Member, stored: StoredRecord?)], _ comparisons: [Comparison], _ ended: CallDriver.Ended,
    keepsOmitted: Bool
  ) async throws {
    guard images != nil else { return }
    _ = try await atOnce(written.indices) {
      try await self.keep(written[$0].member, written[$0].stored, comparisons[$0], ended, keepsOmitted: keepsOmitted)
    }
  }

  /// Keeps what is in the way of a record.
  ///
  /// - Parameters:
  ///   - mayBeOurs: an earlier call may have written it; then it is not known what was there before.
  ///   - wasUncertain: an earlier attempt may have written it, unless it is as it was before.
  func keepFound(_ member: Member, _ found: StoredRecord?, mayBeOurs: Bool, wasUncertain: Bool) async throws {
    guard let images, let found else { return }
    if mayBeOurs { return try await images.saveDoubt(member) }
    guard wasUncertain else {
      return try await images.saveBefore(member.record, known: member.known, found, run: member.run)
    }
    if try await images.before(member)?.record != found.raw { try await images.saveDoubt(member) }
  }

  /// The same for the records of a call that counts as not carried out: a destination may have stored them otherwise than as they were
  /// sent.
  func keepSeen(_ ended: CallDriver.Ended, _ members: [Member], isCreate: Bool) async throws {
    guard images != nil, ended.wasUncertain else { return }
    for (member, found) in zip(members, ended.found) {
      try await keepFound(member, found, mayBeOurs: isCreate, wasUncertain: true)
    }
  }
}

extension CallFlow.End {
  /// Whether the call has changed nothing, as far as its flow knows.
  var isWithoutEffect: Bool {
    switch self {
    case .refused, .gone, .tooLarge, .unauthorized, .forbidden, .notSent, .notCarriedOut: true
    case .accepted, .adopted, .conflict, .divided, .unresolved: false
    }
  }
}
