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
  ///   - response: what the call's response says about the record.
  ///   - seen: what a lookup after the call has shown; nil if there was none.
  func saveAfter(_ member: PartLoad.Member, _ response: StoredRecord?, seen: StoredRecord?) async throws {
    guard let log = try await log(of: member.run) else { return }
    let record = member.record
    let sent = try? JSONReader.read(record.json)
    let beside = plan.resource.body.under.isEmpty ? plan.resource.body.envelope : []
    var after = UndoLog.After(image: UndoLog.Image(remoteID: response?.remoteID, entityTag: response?.entityTag))
    after.sent = Set(((sent?.objectValue ?? []) + beside).map { Name($0.name) })
    let before = try await before(member)
    let found = seen?.raw == nil ? try await look(record, sent, before) : seen
    // What a lookup has shown is not what the call's own response says.
    let tag = response?.raw == nil ? response?.entityTag : nil
    if let found, !Self.differ(tag, found.entityTag) {
      after.image = UndoLog.Image(found)
      // Since an earlier process made the call, somebody may have changed what was not sent.
      if member.run != nil, tag?.isStrongTag != true { after.isUncertain = hasOthers(after, before) }
    }
    try await log.append(after.line(record.key))
  }

  /// Whether somebody has changed the record between the call and the lookup: what is there now is not what the run has left.
  private static func differ(_ tag: Name?, _ now: Name?) -> Bool {
    guard let tag, let now, tag.isStrongTag, now.isStrongTag else { return false }
    return tag != now
  }

  /// Whether the record has members that the call did not send, and that it did not have before.
  private func hasOthers(_ after: UndoLog.After, _ before: UndoLog.Image?) -> Bool {
    guard let before else { return true }
    return !comparison.managed(before: before.value ?? .object([]), after).isEmpty
  }

  /// An earlier call may have written the record that a lookup has shown, or somebody else may have.
  func saveDoubt(_ member: PartLoad.Member) async throws {
    try await log(of: member.run)?.append(UndoLog.After(isUncertain: true).line(member.record.key))
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

  /// What is there after the call. Nil: that is not known, because the lookup failed, or still shows what was there before.
  private func look(_ record: OutgoingRecord, _ sent: JSONValue?, _ before: UndoLog.Image?) async throws -> StoredRecord? {
    func isNew(_ stored: StoredRecord) -> Bool {
      stored.matches(sent, plan.comparison) || before.map { $0.record != stored.raw } ?? false
    }
    let result = try await lookup.find(record) { result in
      switch result {
      case .found(let stored): isNew(stored)
      case .absent: false
      case .cancelled, .failed, .unauthorized, .stopped: true
      }
    }
    if case .found(let stored) = result, isNew(stored) { return stored }
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
  /// Whether it is an entity tag that stands for the whole record, byte for byte (RFC 9110, section 8.8.3).
  var isStrongTag: Bool { text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"") }
}

extension UndoLog.Image {
  /// - Parameter found: what a lookup has shown; nil if it is absent.
  init(_ found: StoredRecord?) { self.init(remoteID: found?.remoteID, entityTag: found?.entityTag, record: found?.raw) }
}

extension PartPlan {
  var undoHead: UndoLog.Head {
    UndoLog.Head(
      pipeline: scope.pipeline, destination: scope.destination, mapping: scope.mapping, location: scope.location,
      address: document.address.text)
  }
}

/// With `before: save`: what a load keeps of the records that it writes.
extension PartLoad {
  /// Keeps what is there after a call, before the call's result is recorded.
  ///
  /// - Parameter stored: what the response or a lookup says.
  func keep(_ member: Member, _ stored: StoredRecord?, _ comparison: Comparison) async throws {
    try await images?.saveAfter(member, stored, seen: stored?.raw == nil ? comparison.found : stored)
  }

  /// The same for several records.
  func keep(_ written: [(member: Member, stored: StoredRecord?)], _ comparisons: [Comparison]) async throws {
    guard images != nil else { return }
    _ = try await atOnce(written.indices) { try await self.keep(written[$0].member, written[$0].stored, comparisons[$0]) }
  }

  /// Keeps what is in the way of a record.
  ///
  /// - Parameters:
  ///   - mayBeOurs: an earlier call may have written it; then it is not known what was there before.
  ///   - wasUncertain: an earlier attempt may have written it, unless it is as it was before.
  func keepFound(_ member: Member, _ found: StoredRecord?, mayBeOurs: Bool, wasUncertain: Bool) async throws {
    guard let images, let found else { return }
    var isDoubtful = mayBeOurs
    if wasUncertain, !isDoubtful { isDoubtful = try await images.before(member)?.record != found.raw }
    if isDoubtful {
      try await images.saveDoubt(member)
    } else {
      try await images.saveBefore(member.record, known: member.known, found, run: member.run)
    }
  }
}
