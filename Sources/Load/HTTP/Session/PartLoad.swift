import Control
import Core
import HTTP

/// The load of one part into an `http` destination: decides for each record what has to be sent, keeps calls for one key apart,
/// and reports what became of each record. `PartLoad+Calls` performs the calls. Safe to use from many tasks.
final class PartLoad: Sendable {
  /// A record that is being worked on.
  struct Member: Sendable {
    var record: OutgoingRecord
    /// In `KeysInFlight`.
    var ticket: Int
    /// What the destination has of it, as far as the journal or a lookup knows.
    var known: Accepted?
    /// A lookup has shown what the destination has.
    var isLookedUp = false
    /// It is as a dry run found it.
    var isChecked = false
    /// Somebody has changed it at the destination, and an update overwrites that.
    var overwrites = false
    /// Its create found that it already existed, so its earlier contents are not known.
    var wasThere = false
    /// How often its calls have ended without a result.
    var rounds = 0
    /// What the last lookup before it is written has shown, until `before: save` has kept it.
    var seen: Found?
    /// What was there has been kept.
    var isSaved = false
    /// What was there before it was written, if `before: save` is set.
    var before: StoredRecord?
    /// The ledger has what its write does not do.
    var isWarned = false
    /// It was read back although nothing was to be sent for it.
    var isVerified = false
    /// What the journal knew before a record that had drifted was to be sent again.
    var knownBefore: Accepted?
    /// The run whose call is resolved; nil: the run of the part.
    var run: String?

    var isPresent: Bool { known?.isPresent ?? false }
    /// The hashes of what the destination has accepted of it; nil: nothing.
    var acceptedFields: [UInt8]? { isPresent ? known?.fields : nil }
  }

  enum Work: Sendable {
    case single(Member)
    case batch([Member], isCreate: Bool)
    /// A record that had to wait for an earlier one with its key, or for its parent: what is known is read again.
    case waited(OutgoingRecord, ticket: Int, times: Int)
    /// An unchanged record of the sample that is read back.
    case verify(Member)
  }

  let plan: PartPlan
  let engine: HTTPEngine
  let writer: JournalWriter
  let driver: CallDriver
  let lookup: PatientLookup
  let reader: JournalReader
  let changes: FieldChanges
  let bodies: BodyWriter
  /// Nil: `before: save` is not set.
  let images: BeforeImages?
  /// The journal does not know yet what the destination has, so each record that it does not know is looked up first.
  let findsFirst: Bool
  /// It finds out what became of the calls of an earlier process, and sends nothing else.
  let resolvesOnly: Bool
  let queue: BoundedQueue<Work>
  let remoteIDs: RemoteIDClaims
  /// Nil: they are not looked for.
  let lostParents: LostParents?
  private let reports: PartReports
  private let state: Locked<PartState>

  init(
    _ plan: PartPlan, _ engine: HTTPEngine, journal: any Journal, writer: JournalWriter, sink: any OutcomeSink,
    bodies: BodyWriter, images: BeforeImages? = nil, lostParents: LostParents? = nil, findsFirst: Bool = false,
    resolvesOnly: Bool = false, resendsRefused: Bool = false, blocked: [Name: String] = [:],
    unreported: Unreported = Unreported()
  ) {
    self.plan = plan
    self.engine = engine
    self.writer = writer
    self.bodies = bodies
    self.images = images
    self.lostParents = lostParents
    self.findsFirst = findsFirst
    self.resolvesOnly = resolvesOnly
    let lookup = RecordLookup(plan: plan, engine: engine)
    self.lookup = PatientLookup(lookup: lookup)
    reader = JournalReader(plan: plan, journal: journal)
    changes = FieldChanges(plan)
    driver = CallDriver(plan: plan, engine: engine, writer: writer, lookup: lookup)
    remoteIDs = RemoteIDClaims(journal, plan.scope)
    queue = BoundedQueue(limit: 2 * plan.document.concurrent)
    reports = PartReports(sink: sink)
    state = Locked(
      PartState(
        plan, reports, queue, batchOverhead: bodies.batchOverhead, resendsRefused: resendsRefused,
        verifies: plan.sample != nil && !resolvesOnly, blocked: blocked, unreported: unreported))
  }

  // MARK: Taking records

  /// Returns when there is room for more.
  ///
  /// - Throws: what ended the load: `OperationFailure`.
  func submit(_ records: [OutgoingRecord]) async throws {
    let stopped = engine.gate.stopped
    try change { try $0.beginLook(stopped) }
    let known = try await reader.accepted(records.map(\.key))
    let parents = try await reader.parentIDs(of: records)
    for record in records {
      let record = record.with(plan.parents, parents)
      guard case .now(let ticket, let isStale) = try change({ try $0.enter(record) }) else {
        await makeRoom()
        continue
      }
      let own = isStale ? try await reader.accepted(record.key) : known[record.key]
      if let work = decide(Member(record: record, ticket: ticket, known: own)) { await queue.push(work) }
    }
  }

  /// Waits while too many records wait for others with their keys.
  private func makeRoom() async {
    guard change({ $0.isCrowded }) else { return }
    // They may wait for records in a batch that is not full.
    await sendCollected()
    await withCheckedContinuation { continuation in change { $0.whenRoom(continuation) } }
  }

  private func sendCollected() async {
    for isCreate in [true, false] {
      if let batch = change({ $0.takeCollected(isCreate: isCreate) }) { await queue.push(batch) }
    }
  }

  /// Everything has been submitted. Returns when each record has an outcome.
  func finish() async throws {
    await sendCollected()
    repeat {
      await withCheckedContinuation { continuation in change { $0.whenIdle(continuation) } }
    } while try !change { try $0.endRest() }
  }

  /// Stops the workers; what is under way stays open in the journal.
  func fail(_ error: any Error) {
    change { $0.fail(error) }
    queue.close()
  }

  // MARK: The state

  /// Changes the state. If a task is waiting for the load's end, it is resumed after the lock is released.
  private func change<Result>(_ body: (inout PartState) throws -> Result) rethrows -> Result {
    var woken: [CheckedContinuation<Void, Never>] = []
    defer { for continuation in woken { continuation.resume() } }
    return try state.withLock { state in
      defer { woken = state.takeWoken() }
      return try body(&state)
    }
  }

  func decide(_ member: Member, collects: Bool = true, times: Int = 0) -> Work? {
    change { $0.decide(member, collects: collects, times: times) }
  }

  /// Sets the record's outcome, and lets the next record with its key proceed.
  func end(_ member: Member, _ outcome: Outcome, _ reason: Reason? = nil, attempts: Int = 1) {
    change { $0.end(member, outcome, reason, attempts: attempts) }
  }

  func explain(_ record: OutgoingRecord, _ reason: Reason, _ severity: Severity, attempts: Int = 1) {
    if resolvesOnly, Self.carried.contains(reason.code) { change { $0.carried[record.key, default: []].append(reason) } }
    reports.explain(record, reason, severity, attempts: attempts)
  }

  /// Warnings about a call, which the load that resolves it must report, because the journal does not keep them.
  private static let carried: Set<ProblemCode> = [.remoteIDShared, .remoteIDMissing, .notCompared]

  /// Counts records that do not come from `submit`.
  func count(_ members: Int) { change { $0.count(members) } }

  /// Keys whose earlier calls have no known result, each with the reason.
  var blocked: [Name: String] { change { $0.blocked } }

  /// Several records of this load have the key.
  func isRepeated(_ key: Name) -> Bool { change { $0.repeatedKeys.contains(key) } }

  func blocks(_ key: Name) -> String? { change { $0.blocked[key] } }

  func block(_ key: Name, _ why: String) { change { $0.blocked[key] = why } }

  /// Warnings that this load was to report, about records that it did not have.
  var leftOver: [ProblemCode: Int] { change { $0.leftOver } }

  /// What the next load is to report, if this one only resolves open calls.
  var unreported: Unreported { change { Unreported(keys: $0.notApplied, reasons: $0.carried) } }

  func noteNotApplied(_ key: Name) {
    if resolvesOnly { change { _ = $0.notApplied.insert(key) } }
  }

  /// What reading unchanged records back has shown; nil: the pipeline does not ask for it.
  var verified: VerifyCounts? { plan.sample == nil ? nil : change { $0.verified } }

  /// Whether records can still be read back.
  var canVerify: Bool { change { $0.canVerify } }

  /// A record has been read back.
  func countVerified(isDrifted: Bool = false, isMissing: Bool = false) {
    change { $0.countVerified(isDrifted: isDrifted, isMissing: isMissing) }
  }

  /// A record could not be read back.
  ///
  /// - Parameter isLast: no other one can be.
  func countUnread(isLast: Bool) { change { $0.countUnread(isLast: isLast) } }

  /// Makes later batches smaller, after one was too large.
  func shrinkBatches(records: Int, bytes: Int) { change { _ = $0.batchSize.shrink(records: records, bytes: bytes) } }

  /// From within: it must not wait for room, which only the workers make.
  func hand(_ work: Work) { queue.pushAtOnce(work) }

  /// Whether the destination is still in use. Otherwise the records are pending, and nothing has been sent for them.
  func isInUse(for members: [Member]) -> Bool {
    guard let stopped = engine.gate.stopped else { return true }
    change { state in
      state.stopped = stopped
      for member in members { state.end(member, .pending, Reason(.notSent, stopped.description)) }
    }
    return false
  }
}
