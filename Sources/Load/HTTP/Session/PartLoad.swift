import Control
import Core
import HTTP

/// The load of one part into an `http` destination: decides for each record what has to be sent, keeps calls for one key apart,
/// and reports what became of each record. `PartLoad+Calls` performs the calls.
actor PartLoad {
  /// A record that is being worked on.
  struct Member: Sendable {
    var record: OutgoingRecord
    /// In `KeysInFlight`.
    var ticket: Int
    /// What the destination has of it, as far as the journal or a lookup knows.
    var known: Accepted?
    /// A lookup has shown what the destination has.
    var isLookedUp = false
    /// How often its calls have ended without a result.
    var rounds = 0

    var isPresent: Bool { known?.isPresent ?? false }
  }

  enum Work: Sendable {
    case single(Member)
    case batch([Member], isCreate: Bool)
    /// A record that had to wait for an earlier one with its key, or for its parent: what is known is read again.
    case waited(OutgoingRecord, ticket: Int, times: Int)
  }

  let plan: PartPlan
  let engine: HTTPEngine
  let journal: any Journal
  let writer: JournalWriter
  let sink: any OutcomeSink
  let driver: CallDriver
  let lookup: RecordLookup
  let bodies: BodyWriter
  /// The journal does not know yet what the destination has, so each record that it does not know is looked up first.
  let findsFirst: Bool
  /// It finds out what became of the calls of an earlier process, and sends nothing else.
  let resolvesOnly: Bool
  let queue: BoundedQueue<Work>
  var batchSize: BatchSize
  private var flight = KeysInFlight()
  private var waiting: [Int: OutgoingRecord] = [:]
  private var lastTicket = 0
  /// Keys whose records got a result since the last look into the journal.
  private var touched: Set<Name> = []
  /// Keys whose earlier calls have no known result.
  var blocked: [Name: String]
  private var collected: (creates: [Member], updates: [Member]) = ([], [])
  private var collectedBytes = (creates: 0, updates: 0)
  private var parentsFirst = ParentsFirst()
  private var children: [Int: Member] = [:]
  /// Keys that the destination has since the beginning of this load, if records refer to others of the same mapping.
  private var arrived: Set<Name> = []
  /// Records without an outcome that wait for no other record.
  private(set) var active = 0
  private var idle: CheckedContinuation<Void, Never>?
  private var failure: (any Error)?
  /// Why the destination is not in use any more, as far as it is known here: what would be sent is pending at once.
  private var stopped: OperationFailure?

  init(
    _ plan: PartPlan, _ engine: HTTPEngine, journal: any Journal, writer: JournalWriter, sink: any OutcomeSink,
    bodies: BodyWriter, findsFirst: Bool = false, resolvesOnly: Bool = false, blocked: [Name: String] = [:]
  ) {
    self.plan = plan
    self.engine = engine
    self.journal = journal
    self.writer = writer
    self.sink = sink
    self.bodies = bodies
    self.findsFirst = findsFirst
    self.resolvesOnly = resolvesOnly
    self.blocked = blocked
    lookup = RecordLookup(plan: plan, engine: engine)
    driver = CallDriver(plan: plan, engine: engine, writer: writer, lookup: lookup)
    queue = BoundedQueue(limit: 2 * plan.document.concurrent)
    batchSize = BatchSize(records: plan.resource.batch?.size ?? 1, bytes: plan.resource.batch?.bytes ?? .max)
  }

  // MARK: Taking records

  /// Returns when there is room for more.
  ///
  /// - Throws: what ended the load: `OperationFailure`.
  func submit(_ records: [OutgoingRecord]) async throws {
    try check()
    touched = []
    stopped = await engine.gate.stopped
    let known = try await accepted(records.map(\.key), in: plan.scope)
    let parents = try await parentIDs(of: records)
    for record in records {
      try check()
      active += 1
      var record = record
      for reference in plan.parents {
        guard let key = record.values[reference.field], let id = parents[reference.mapping]?[key]?.remoteID else { continue }
        record.parents[reference] = id
      }
      if let why = blocked[record.key] {
        end(record, .pending, Reason(.resultUnknown, why))
        continue
      }
      lastTicket += 1
      let ticket = lastTicket
      guard flight.enter(ticket, for: [record.key]) else {
        waiting[ticket] = record
        pause()
        continue
      }
      let isStale = touched.contains(record.key)
      let own = isStale ? try await accepted([record.key], in: plan.scope)[record.key] : known[record.key]
      if let work = decide(Member(record: record, ticket: ticket, known: own)) { await enqueue(work) }
    }
  }

  private func enqueue(_ work: Work) async { await queue.push(work) }

  /// Everything has been submitted. Returns when each record has an outcome.
  func finish() async throws {
    if let batch = takeCollected(isCreate: true) { await enqueue(batch) }
    if let batch = takeCollected(isCreate: false) { await enqueue(batch) }
    while true {
      while active > 0, failure == nil { await withCheckedContinuation { idle = $0 } }
      try check()
      // Parents that never came. A child's end may let another record with its key go on.
      let rest = parentsFirst.rest()
      if rest.isEmpty { break }
      for (number, parent) in rest { releaseAsPending(number, parent) }
    }
    guard waiting.isEmpty, children.isEmpty else {
      throw OperationFailure(.fault, "\(waiting.count + children.count) records wait for none; please report this run")
    }
  }

  /// Stops the workers; what is under way stays open in the journal.
  func fail(_ error: any Error) async {
    failure = failure ?? error
    await queue.close(dropsRest: true)
    wake()
  }

  private func check() throws { if let failure { throw failure } }

  private func wake() {
    idle?.resume()
    idle = nil
  }

  /// Records that do not come from `submit`.
  func count(_ members: Int) { active += members }

  // MARK: Deciding

  /// What has to be sent for a record; nil: nothing now.
  ///
  /// - Parameters:
  ///   - collects: it may wait for others in a batch.
  ///   - times: how often its parents were read again.
  func decide(_ member: Member, collects: Bool = true, times: Int = 0) -> Work? {
    let record = member.record
    if member.isPresent, let digest = member.known?.digest, digest == record.digest {
      end(member, .unchanged)
      return nil
    }
    if let stopped {
      end(member, .pending, Reason(.notSent, stopped.description))
      return nil
    }
    // Parents of this very mapping may be on their way; those of other mappings were loaded before.
    let missing = plan.parents.filter { record.parents[$0] == nil }
    if let first = missing.first {
      guard let key = record.values[first.field] else {
        end(member, .failed, Reason(.requestImpossible, "the field '\(first.field)' has no value, so there is no parent"))
        return nil
      }
      let parents = missing.compactMap { reference in
        record.values[reference.field].map { ParentsFirst.Parent(mapping: reference.mapping, key: $0) }
      }
      guard missing.allSatisfy({ $0.mapping.text.isExactly(plan.scope.mapping) }) else {
        end(member, .pending, .parent(first.mapping, key))
        return nil
      }
      if parents.contains(where: { arrived.contains($0.key) }) {
        // Since its parents' IDs were read, one has got its own.
        if times < 3 { return .waited(record, ticket: member.ticket, times: times + 1) }
        end(member, .pending, .parent(first.mapping, key))
        return nil
      }
      switch parentsFirst.add(member.ticket, parents: parents) {
      case .send: break
      case .wait:
        children[member.ticket] = member
        pause()
        return nil
      case .pending(let parent):
        end(member, .pending, .parent(parent.mapping, parent.key))
        return nil
      }
    }
    let batch = plan.resource.batch
    if batch == nil || member.isPresent && (batch?.updates == false || needsRead(plan.resource.update)) { return .single(member) }
    return collects ? collect(member) : .batch([member], isCreate: !member.isPresent)
  }

  private func needsRead(_ request: RequestDocument?) -> Bool {
    guard let request else { return false }
    return plan.resource.updateStyle == .readMergePut || request.names(.entityTag)
  }

  /// Adds a record to the next batch; a batch that is full now is returned.
  private func collect(_ member: Member) -> Work? {
    let isCreate = !member.isPresent
    let bytes = member.record.json.count + 1
    let before = isCreate ? (collected.creates.count, collectedBytes.creates) : (collected.updates.count, collectedBytes.updates)
    let full = batchSize.takes(bytes, after: before.0, before.1) ? nil : takeCollected(isCreate: isCreate)
    if isCreate {
      collected.creates.append(member)
      collectedBytes.creates += bytes
    } else {
      collected.updates.append(member)
      collectedBytes.updates += bytes
    }
    if let full { return full }
    let count = isCreate ? collected.creates.count : collected.updates.count
    return count >= batchSize.records ? takeCollected(isCreate: isCreate) : nil
  }

  private func takeCollected(isCreate: Bool) -> Work? {
    let members = isCreate ? collected.creates : collected.updates
    guard !members.isEmpty else { return nil }
    if isCreate {
      (collected.creates, collectedBytes.creates) = ([], 0)
    } else {
      (collected.updates, collectedBytes.updates) = ([], 0)
    }
    return .batch(members, isCreate: isCreate)
  }

  // MARK: Outcomes

  /// Why a record has the outcome that it has.
  struct Reason: Sendable {
    var code: ProblemCode
    var detail: String
    var column: Int?
    var status: Int?
    var trace: String?

    init(_ code: ProblemCode, _ detail: String, column: Int? = nil, status: Int? = nil, trace: String? = nil) {
      self.code = code
      self.detail = detail
      self.column = column
      self.status = status
      self.trace = trace
    }

    static func parent(_ mapping: Name, _ key: Name) -> Reason {
      Reason(.parentNotLoaded, "'\(mapping)' \(VisibleText.escaped(key.text)) is not there")
    }
  }

  func explain(_ record: OutgoingRecord, _ reason: Reason, _ severity: Severity, attempts: Int = 1) {
    sink.explain(
      record.ordinal,
      LoadProblem(
        reason.code, severity: severity, column: reason.column, record: record.source, line: record.line,
        detail: reason.detail, status: reason.status, trace: reason.trace, attempt: UInt32(max(1, attempts))))
  }

  private func end(_ record: OutgoingRecord, _ outcome: Outcome, _ reason: Reason?, attempts: Int = 1) {
    if let reason {
      explain(record, reason, outcome == .failed ? .error : .warning, attempts: attempts)
    }
    sink.report(
      record.ordinal, LoadOutcome(outcome, code: reason?.code, attempt: UInt32(max(1, attempts))))
    pause()
  }

  /// A record has its outcome, or waits for another one.
  private func pause() {
    active -= 1
    if active == 0 { wake() }
  }

  /// The record has its outcome, and the next one with its key goes on.
  func end(_ member: Member, _ outcome: Outcome, _ reason: Reason? = nil, attempts: Int = 1) {
    touched.insert(member.record.key)
    if outcome == .pending, let reason, reason.code == .resultUnknown { blocked[member.record.key] = reason.detail }
    let own = ParentsFirst.Parent(mapping: Name(plan.scope.mapping), key: member.record.key)
    for ticket in flight.leave(member.ticket) {
      guard let record = waiting.removeValue(forKey: ticket) else { continue }
      active += 1
      hand(.waited(record, ticket: ticket, times: 0))
    }
    if plan.parents.contains(where: { $0.mapping == own.mapping }) {
      switch outcome {
      case .created, .updated, .unchanged:
        arrived.insert(own.key)
        for number in parentsFirst.loaded(own) { release(number) }
      default: for number in parentsFirst.notLoaded(own) { releaseAsPending(number, own) }
      }
    }
    end(member.record, outcome, reason, attempts: attempts)
  }

  /// Its parents are there now.
  private func release(_ number: Int) {
    guard let child = children.removeValue(forKey: number) else { return }
    active += 1
    // Its turn has come already: it looks its parents up again.
    hand(.waited(child.record, ticket: child.ticket, times: 0))
  }

  private func releaseAsPending(_ number: Int, _ parent: ParentsFirst.Parent) {
    guard let child = children.removeValue(forKey: number) else { return }
    active += 1
    endChild(child, parent)
  }

  private func endChild(_ child: Member, _ parent: ParentsFirst.Parent) {
    end(child, .pending, .parent(parent.mapping, parent.key))
  }

  /// From within: it must not wait for room, which only the workers make.
  func hand(_ work: Work) {
    let queue = queue
    Task { await queue.pushAtOnce(work) }
  }

  /// Whether the destination is still in use. Otherwise the records are pending, and nothing has been sent for them.
  func isInUse(for members: [Member]) async -> Bool {
    stopped = await engine.gate.stopped
    guard let stopped else { return true }
    for member in members { end(member, .pending, Reason(.notSent, stopped.description)) }
    return false
  }

  // MARK: The journal

  func accepted(_ keys: [Name], in scope: JournalScope) async throws -> [Name: Accepted] {
    guard !keys.isEmpty else { return [:] }
    let journal = journal
    return try await BlockingWork.perform { try journal.accepted(keys, in: scope) }
  }

  /// By the parents' mappings and keys.
  func parentIDs(of records: [OutgoingRecord]) async throws -> [Name: [Name: Accepted]] {
    var found: [Name: [Name: Accepted]] = [:]
    for reference in plan.parents {
      let keys = Set(records.compactMap { $0.values[reference.field] })
      let known = try await accepted(Array(keys), in: plan.scope(of: reference.mapping)).filter { $0.value.isPresent }
      found[reference.mapping, default: [:]].merge(known) { $1 }
    }
    return found
  }
}
