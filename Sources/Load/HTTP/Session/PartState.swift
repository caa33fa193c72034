import Control
import Core

/// Tracks which records of a part are in progress, which are waiting, and how they ended. It makes no calls: work goes into the
/// queue.
struct PartState {
  private let plan: PartPlan
  private let reports: PartReports
  private let queue: BoundedQueue<PartLoad.Work>
  private var unreported: PartLoad.Unreported
  var batchSize: BatchSize
  private var flight = KeysInFlight()
  /// Records that wait for an earlier one with their key, or with something else in common.
  private var waiting: [Int: OutgoingRecord] = [:]
  private var lastTicket = 0
  private var keys = SeenKeys()
  /// Keys whose records have received a result since the journal was last read.
  private var touched: Set<Name> = []
  /// Keys whose earlier calls have no known result, and the identities that their records reserve.
  var blocked: [Name: String]
  var notApplied: Set<Name> = []
  /// Only if a dry run is applied.
  private(set) var repeatedKeys: Set<Name> = []
  /// Warnings for the next load to report, if this one only resolves open calls.
  var carried: [Name: [PartLoad.Reason]] = [:]
  private var collected: (creates: [PartLoad.Member], updates: [PartLoad.Member]) = ([], [])
  /// The sizes of the bodies so far, including what surrounds the records.
  private var collectedBytes: (creates: Int, updates: Int)
  private let batchOverhead: Int
  private let resendsRefused: Bool
  /// Unchanged records of the sample are counted, and are read back as long as that is possible.
  private let verifies: Bool
  private(set) var canVerify = true
  private(set) var verified = VerifyCounts()
  /// Records in a row that could not be read back.
  private var unread = 0
  private var parentsFirst = ParentsFirst()
  private var children: [Int: PartLoad.Member] = [:]
  /// Keys that reached the destination during this load, if records refer to others of the same mapping.
  private var arrived: Set<Name> = []
  /// The number of records without an outcome that are not waiting for another record.
  private(set) var active = 0
  private var idle: CheckedContinuation<Void, Never>?
  private var room: CheckedContinuation<Void, Never>?
  /// The caller resumes it after releasing the lock, because cancelling the waiting task runs code that needs the lock.
  private var woken: [CheckedContinuation<Void, Never>] = []
  private(set) var failure: (any Error)?
  /// Why the destination is no longer used, if this is already known here. Records to be sent are then pending at once.
  var stopped: OperationFailure?

  init(
    _ plan: PartPlan, _ reports: PartReports, _ queue: BoundedQueue<PartLoad.Work>, batchOverhead: Int,
    resendsRefused: Bool = false, verifies: Bool = false, blocked: [Name: String], unreported: PartLoad.Unreported
  ) {
    self.resendsRefused = resendsRefused
    self.verifies = verifies
    self.batchOverhead = batchOverhead
    collectedBytes = (batchOverhead, batchOverhead)
    self.plan = plan
    self.unreported = unreported
    self.reports = reports
    self.queue = queue
    self.blocked = blocked
    batchSize = BatchSize(records: plan.resource.batch?.size ?? 1, bytes: plan.resource.batch?.bytes ?? .max)
  }

  /// How many records that are not in this load have which warnings of earlier calls.
  var leftOver: [ProblemCode: Int] {
    unreported.reasons.values.joined().reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
  }

  // MARK: Taking records

  enum Turn {
    /// The record has its outcome, or waits for an earlier record with its key.
    case done
    /// - Parameter isStale: another record with its key has received a result since the journal was last read.
    case now(ticket: Int, isStale: Bool)
  }

  /// Call before reading the journal: what is read then includes all results so far.
  mutating func beginLook(_ stopped: OperationFailure?) throws {
    try check()
    touched = []
    self.stopped = stopped
  }

  mutating func enter(_ record: OutgoingRecord) throws -> Turn {
    try check()
    active += 1
    if let why = blocked[record.key] {
      end(record, .pending, PartLoad.Reason(.resultUnknown, why))
      return .done
    }
    // The destination keeps the last one, which may not be the right one.
    if !keys.insert(record.key) {
      reports.explain(record, PartLoad.Reason(.repeatedKey, ""), .warning)
      if plan.applied != nil { repeatedKeys.insert(record.key) }
    }
    lastTicket += 1
    guard flight.enter(lastTicket, for: plan.keysInFlight(of: record)) else {
      waiting[lastTicket] = record
      pause()
      return .done
    }
    return .now(ticket: lastTicket, isStale: touched.contains(record.key))
  }

  func check() throws { if let failure { throw failure } }

  /// Counts records that do not come from `enter`.
  mutating func count(_ members: Int) { active += members }

  // MARK: The end

  mutating func fail(_ error: any Error) {
    failure = failure ?? error
    wake()
    makeRoom()
  }

  /// Resumes `continuation` when no record is in progress or the load has failed.
  mutating func whenIdle(_ continuation: CheckedContinuation<Void, Never>) {
    idle = continuation
    if active == 0 || failure != nil { wake() }
  }

  private mutating func wake() {
    if let idle { woken.append(idle) }
    idle = nil
  }

  mutating func takeWoken() -> [CheckedContinuation<Void, Never>] {
    defer { woken = [] }
    return woken
  }

  // MARK: Room

  /// The number of records that may wait in memory for an earlier one with their key before no more are taken.
  static let mostWaiting = 4_096

  /// The number of records that wait only for parents cannot drop until more are taken.
  var isCrowded: Bool { waiting.count >= Self.mostWaiting && active > 0 && failure == nil }

  /// Resumes `continuation` when more records can be taken.
  mutating func whenRoom(_ continuation: CheckedContinuation<Void, Never>) {
    room = continuation
    if !isCrowded { makeRoom() }
  }

  private mutating func makeRoom() {
    if let room { woken.append(room) }
    room = nil
  }

  /// Once all records have been submitted and none is in progress, parents that have not arrived never will.
  ///
  /// - Returns: whether no record is waiting any more.
  mutating func endRest() throws -> Bool {
    try check()
    // When a child ends, another record with its key may proceed.
    let rest = parentsFirst.rest()
    for (number, parent) in rest {
      guard let child = children.removeValue(forKey: number) else { continue }
      active += 1
      end(child, .pending, .parent(parent.mapping, parent.key))
    }
    guard rest.isEmpty else { return false }
    guard waiting.isEmpty, children.isEmpty else {
      throw OperationFailure(.fault, "\(waiting.count + children.count) records wait for nothing; please report this run")
    }
    return true
  }

  // MARK: Deciding

  /// What to send for a record; nil if there is nothing to send now.
  ///
  /// - Parameters:
  ///   - first: the record, with what is known about it.
  ///   - collects: whether the record may wait for others to fill a batch.
  ///   - times: how many times its parents have been read again.
  mutating func decide(_ first: PartLoad.Member, collects: Bool = true, times: Int = 0) -> PartLoad.Work? {
    var member = first
    let record = member.record
    let verdict = plan.verdict(on: record, known: member.known, resendsRefused: resendsRefused)
    if case .unchanged = verdict {
      if isVerified(member) { return .verify(member) }
      explainAgain(member)
      end(member, .unchanged)
      return nil
    }
    if let stopped {
      end(member, .pending, PartLoad.Reason(.notSent, stopped.description))
      return nil
    }
    switch verdict {
    case .unchanged, .goesOn: break
    case .ends(let outcome, let reason):
      end(member, outcome, reason)
      return nil
    case .waits(let parents):
      if let first = parents.first, parents.contains(where: { arrived.contains($0.key) }) {
        // A parent has received its ID since the parents' IDs were read.
        if times < 3 { return .waited(record, ticket: member.ticket, times: times + 1) }
        end(member, .pending, .parent(first.mapping, first.key))
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
    if !member.isPresent, let reason = plan.hold(on: record, { blocked[$0] != nil }) {
      end(member, .pending, reason)
      return nil
    }
    warn(&member)
    guard case .batch = plan.route(isUpdate: member.isPresent) else { return .single(member) }
    return collects ? collect(member) : .batch([member], isCreate: !member.isPresent)
  }

  /// Reports what the write of a record does not do, once.
  private func warn(_ member: inout PartLoad.Member) {
    guard !member.isWarned, let known = member.known, known.isPresent,
      let reason = plan.adapter?.warning(about: member.record, known: known)
    else { return }
    member.isWarned = true
    reports.explain(member.record, reason, .warning)
  }

  /// Whether an unchanged record is to be read back. Not one that has been left as it was: it never had our values.
  private mutating func isVerified(_ member: PartLoad.Member) -> Bool {
    guard verifies, !member.isVerified, plan.isSampled(member.record.key), member.known?.fields != FieldHashes.adopted,
      plan.adapter?.isVoid(member.record) != true
    else { return false }
    if canVerify, stopped == nil { return true }
    verified.notRead += 1
    return false
  }

  /// After so many records in a row that could not be read back, no more are.
  private static let unreadAtMost = 3

  mutating func countVerified(isDrifted: Bool, isMissing: Bool) {
    unread = 0
    verified.records += 1
    if isDrifted { verified.drifted += 1 }
    if isMissing { verified.missing += 1 }
  }

  mutating func countUnread(isLast: Bool) {
    unread += 1
    verified.notRead += 1
    if isLast || unread >= Self.unreadAtMost { canVerify = false }
  }

  /// Adds a record to the next batch, and returns the batch that is full as a result.
  private mutating func collect(_ member: PartLoad.Member) -> PartLoad.Work? {
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

  mutating func takeCollected(isCreate: Bool) -> PartLoad.Work? {
    let members = isCreate ? collected.creates : collected.updates
    guard !members.isEmpty else { return nil }
    if isCreate {
      (collected.creates, collectedBytes.creates) = ([], batchOverhead)
    } else {
      (collected.updates, collectedBytes.updates) = ([], batchOverhead)
    }
    return .batch(members, isCreate: isCreate)
  }

  // MARK: Outcomes

  /// Repeats the warnings about a record for which nothing is sent.
  private func explainAgain(_ member: PartLoad.Member) {
    guard unreported.contains(member.record.key), let known = member.known else { return }
    let marked = FieldHashes.marked(in: known.fields, columns: plan.columns)
    let reasons =
      marked.notApplied.map { PartLoad.Reason(.notApplied, "the destination did not apply it when it was sent", column: $0) }
      + marked.kept.map { PartLoad.Reason(.notApplied, PartLoad.Reason.kept, column: $0) }
    for reason in reasons { reports.explain(member.record, reason, .warning) }
  }

  private mutating func end(_ record: OutgoingRecord, _ outcome: Outcome, _ reason: PartLoad.Reason?, attempts: Int = 1) {
    if !unreported.reasons.isEmpty {
      for reason in unreported.reasons.removeValue(forKey: record.key) ?? [] { reports.explain(record, reason, .warning) }
    }
    reports.end(record, outcome, reason, attempts: attempts)
    pause()
  }

  /// A record has its outcome, or waits for another record.
  private mutating func pause() {
    active -= 1
    if active == 0 { wake() }
    if !isCrowded { makeRoom() }
  }

  /// Sets the record's outcome, and lets the next record with its key proceed.
  mutating func end(_ member: PartLoad.Member, _ outcome: Outcome, _ reason: PartLoad.Reason? = nil, attempts: Int = 1) {
    var orphans = endAlone(member, outcome, reason, attempts: attempts)
    // Orphans may have children of their own.
    while let (child, parent) = orphans.popLast() {
      active += 1
      orphans += endAlone(child, .pending, .parent(parent.mapping, parent.key), attempts: 1)
    }
  }

  /// - Returns: the records that were waiting for this one as their parent, if it was not loaded.
  private mutating func endAlone(
    _ member: PartLoad.Member, _ outcome: Outcome, _ reason: PartLoad.Reason?, attempts: Int
  ) -> [(child: PartLoad.Member, parent: ParentsFirst.Parent)] {
    var orphans: [(child: PartLoad.Member, parent: ParentsFirst.Parent)] = []
    touched.insert(member.record.key)
    if member.isVerified, outcome == .created || outcome == .updated { verified.resent += 1 }
    if outcome == .pending, let reason, reason.code == .resultUnknown {
      for key in [member.record.key] + plan.identitiesHeld(by: member.record) { blocked[key] = reason.detail }
    }
    for ticket in flight.leave(member.ticket) {
      guard let record = waiting.removeValue(forKey: ticket) else { continue }
      active += 1
      queue.pushAtOnce(.waited(record, ticket: ticket, times: 0))
    }
    if plan.hasParentsOfItsOwn {
      let own = ParentsFirst.Parent(mapping: Name(plan.scope.mapping), key: member.record.key)
      switch outcome {
      case .created, .updated, .unchanged:
        arrived.insert(own.key)
        for number in parentsFirst.loaded(own) { release(number) }
      default: orphans = parentsFirst.notLoaded(own).compactMap { children.removeValue(forKey: $0) }.map { ($0, own) }
      }
    }
    end(member.record, outcome, reason, attempts: attempts)
    return orphans
  }

  /// The record's parents have been loaded.
  private mutating func release(_ number: Int) {
    guard let child = children.removeValue(forKey: number) else { return }
    active += 1
    // It has already had its turn: its parents are looked up again.
    queue.pushAtOnce(.waited(child.record, ticket: child.ticket, times: 0))
  }
}
