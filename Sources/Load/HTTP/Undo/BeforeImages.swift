import Control
import Core
import Files
import HTTP

/// Keeps what `before: save` asks for: what is at the destination before a record is written, and what it has made of it. Safe to
/// use from many tasks.
final class BeforeImages: Sendable {
  private let plan: PartPlan
  private let lookup: PatientLookup
  private let path: @Sendable (String) -> String
  /// By run; nil if the run has no log.
  private let logs = Locked<[Name: UndoLogWriter?]>([:])

  /// How often a lookup that still shows the record as it was is repeated.
  private static let staleAtMost = 3
  private static let pause: Duration = .seconds(1)

  init(_ plan: PartPlan, _ engine: HTTPEngine, path: @escaping @Sendable (String) -> String) {
    self.plan = plan
    self.path = path
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
      (before.digest, before.fields) = (known.digest, known.fields)
    } else if found != nil {
      before.fields = FieldHashes.ofOthers
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
    var image = UndoLog.Image(remoteID: response?.remoteID, entityTag: response?.entityTag)
    let found = seen?.raw == nil ? try await look(member, sent) : seen
    if let found { image = UndoLog.Image(found) }
    let names = (sent?.objectValue ?? []).map { Name($0.name) }
    try await log.append(UndoLog.After(image: image, sent: Set(names)).line(record.key))
  }

  /// An earlier call may have written the record that a lookup has shown, or somebody else may have.
  func saveDoubt(_ member: PartLoad.Member) async throws {
    try await log(of: member.run)?.append(UndoLog.After(isUncertain: true).line(member.record.key))
  }

  /// What is there after the call. Nil: that is not known, because the lookup failed, or still shows what was there before.
  private func look(_ member: PartLoad.Member, _ sent: JSONValue?) async throws -> StoredRecord? {
    for attempt in 1...Self.staleAtMost {
      switch try await lookup.find(member.record).result {
      case .found(let stored):
        if stored.matches(sent, plan.comparison) || member.before?.raw != stored.raw { return stored }
      case .absent: break
      case .cancelled: throw CancellationError()
      case .failed, .unauthorized, .stopped: return nil
      }
      guard attempt < Self.staleAtMost else { return nil }
      let timekeeper = lookup.lookup.engine.timekeeper
      try await timekeeper.sleep(until: timekeeper.now() + Self.pause)
    }
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
  /// - Parameter mayBeOurs: an earlier call may have written it; then it is not known what was there before.
  func keepFound(_ member: Member, _ found: StoredRecord?, mayBeOurs: Bool) async throws {
    guard let images, let found else { return }
    if mayBeOurs {
      try await images.saveDoubt(member)
    } else {
      try await images.saveBefore(member.record, known: member.known, found, run: member.run)
    }
  }
}
