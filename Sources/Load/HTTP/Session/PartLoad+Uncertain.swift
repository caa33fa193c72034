import Control
import Core
import HTTP

/// Records of a call that has ended without a usable result for them.
extension PartLoad {
  /// Why a record that a response has confirmed is pending.
  static let isHidden = "the destination accepted it, but two lookups did not find it"

  /// Finds out what became of records without a usable result.
  ///
  /// - Parameter isConfirmed: the response says that they were stored. If they are not found, nothing is sent again: it may be
  ///   some time before lookups show them.
  func lookUp(_ members: [Member], _ call: Call, isCreate: Bool, isConfirmed: Bool = false) async throws {
    guard !members.isEmpty else { return }
    guard plan.resource.find != nil else {
      let why = "the response has no usable result for it, and without `find` it cannot be looked up"
      for member in members { end(member, .pending, Reason(.resultUnknown, why), attempts: call.ended.attempts) }
      return
    }
    let traits = CallFlow.Traits(
      isCreate: isCreate, canFind: true, records: members.count, longestCall: plan.document.longestCall)
    let now = engine.timekeeper.now()
    var flow = CallFlow(traits, sent: .init(first: nil, last: now), at: now)
    // An adapter tells records that the call may have created from older ones.
    let since = call.ended.call?.subjects.lazy.compactMap(\.since).first
    var found = try await driver.lookUp(&flow, members.map { member in since.map { member.record.since($0) } ?? member.record })
    if found.detail.isEmpty { found.detail = call.ended.detail }
    found.call = call.ended.call
    switch found.ending {
    case .cancelled: throw CancellationError()
    case .stopped(let failure, _):
      for member in members { end(member, .pending, Reason(.resultUnknown, failure.description)) }
    case .flow(let end):
      let own: Call = (found, call.intent)
      switch end {
      case .adopted: try await takeFindings(members.map { _ in .same }, own, members, isCreate: isCreate)
      case .conflict: try await takeFindings(members.map { _ in .different }, own, members, isCreate: isCreate)
      case .divided(let findings, because: _):
        try await takeFindings(findings, own, members, isCreate: isCreate, isConfirmed: isConfirmed)
      case .notCarriedOut, .notSent:
        let findings = members.indices.map { index -> CallFlow.Finding in
          found.found.indices.contains(index) && found.found[index] != nil ? .different : .absent
        }
        try await takeFindings(findings, own, members, isCreate: isCreate, isConfirmed: isConfirmed)
      case .unresolved(.findFailed): try await takeSeen(own, members, isCreate: isCreate, isConfirmed: isConfirmed)
      default:
        for member in members { self.end(member, .pending, reason(.resultUnknown, found, else: "it could not be looked up")) }
      }
    }
  }

  /// Handles a lookup that failed for some of the records, so that they do not hold back the others. Records that are absent are
  /// looked up again, because they may still appear.
  func takeSeen(_ call: Call, _ members: [Member], isCreate: Bool, isConfirmed: Bool = false) async throws {
    let (ended, intent) = call
    var (found, absent): ([(member: Member, stored: StoredRecord)], [Member]) = ([], [])
    for (index, member) in members.enumerated() {
      switch ended.seen[index] {
      case .found(let stored)?: found.append((member, stored))
      case .absent?: absent.append(member)
      default:
        end(
          member, .pending, reason(.resultUnknown, ended, else: CallFlow.Obstacle.findFailed.text), attempts: ended.attempts)
      }
    }
    if !found.isEmpty {
      var own = ended
      own.found = found.map(\.stored)
      let findings = found.map { member, stored -> CallFlow.Finding in
        stored.matches(try? JSONReader.read(member.record.json), plan.comparison) ? .same : .different
      }
      try await takeFindings(findings, (own, intent), found.map(\.member), isCreate: isCreate)
    }
    try await lookUp(absent, call, isCreate: isCreate, isConfirmed: isConfirmed)
  }

  /// The hashes of a record that is there with other values: those of what the destination has accepted before. Of a record that a
  /// call has just created, only what it belongs to is certain: an adapter may not be able to move it.
  func fieldsKnown(of member: Member) -> [UInt8]? {
    let accepted = member.acceptedFields
    guard plan.adapter != nil, !plan.parents.isEmpty, accepted?.isEmpty ?? true else { return accepted }
    return FieldHashes.keeping(plan.parents.map { $0.field.text.split(exactly: ".") }, in: member.record.fields)
  }

  func takeFindings(
    _ findings: [CallFlow.Finding], _ call: Call, _ members: [Member], isCreate: Bool, mayBeOurs: Bool = true,
    isConfirmed: Bool = false
  ) async throws {
    let (ended, intent) = call
    var fates: [IntentResult] = []
    var ends: [() -> Void] = []
    var again: [Member] = []
    let keepsOmitted = !isCreate && (plan.resource.batch?.updates == true ? plan.batchKeeps : plan.updateKeeps)
    for (index, member) in members.enumerated() {
      let ordinal = member.record.ordinal
      let stored = ended.found.indices.contains(index) ? ended.found[index] : nil
      // No request can change the existing record, so this is handled like a response that shows the record.
      let isKept = isCreate && mayBeOurs && plan.resource.update == nil && plan.resource.batch?.updates != true
      switch findings[index] {
      case .different where isKept: fallthrough
      case .same:
        let comparison = try await compare(member, stored, keepsOmitted: keepsOmitted)
        try await keep(member, stored, comparison, ended, keepsOmitted: keepsOmitted)
        fates.append(IntentResult(ordinal, fate(of: member.record, stored, comparison)))
        ends.append { [self] in
          explain(comparison, of: member)
          end(member, isCreate ? .created : .updated, attempts: ended.attempts)
        }
      case .different:
        // An update that has not taken effect shows what was there before. Otherwise it may have been stored in another form.
        try await keepFound(
          member, stored, mayBeOurs: isCreate && mayBeOurs, wasUncertain: mayBeOurs || ended.wasUncertain)
        fates.append(
          IntentResult(
            ordinal, .present(remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: fieldsKnown(of: member))))
        again.append(member)
      case .absent where isConfirmed:
        if var open = ended.call, open.context.isConfirmed != true {
          open.context.isConfirmed = true
          try await driver.save(open)
        }
        ends.append { [self] in end(member, .pending, Reason(.resultUnknown, Self.isHidden), attempts: ended.attempts) }
      case .absent:
        fates.append(IntentResult(ordinal, isCreate ? .refused : .removed))
        if plan.changesOnly {
          noteLostParent(of: member)
          ends.append { [self] in end(member, .failed, .nothingThere, attempts: ended.attempts) }
        } else {
          again.append(member)
        }
      }
    }
    try await writer.resolve(intent, fates)
    for end in ends { end() }
    try await sendAgain(again, ended)
  }

  /// Resends records that a call did not store, or not as sent. Rounds of batches do not count, because each is smaller than the
  /// last, except for those of throttled records, which stay together.
  func sendAgain(_ members: [Member], _ ended: CallDriver.Ended, wereThrottled: Bool = false) async throws {
    if resolvesOnly { return members.forEach(leave) }
    let known = try await reader.accepted(members.map(\.record.key))
    var (creates, updates): ([Member], [Member]) = ([], [])
    for var member in members {
      if members.count == 1 || wereThrottled { member.rounds += 1 }
      member.known = known[member.record.key]
      member.isLookedUp = true
      guard member.rounds <= Self.roundsAtMost else {
        end(member, .pending, reason(.notSent, ended, else: "its calls end without a result"), attempts: ended.attempts)
        continue
      }
      guard let work = decide(member, collects: false) else { continue }
      if case .batch(let own, let isCreate) = work {
        if isCreate { creates += own } else { updates += own }
      } else {
        hand(work)
      }
    }
    if wereThrottled {
      if !creates.isEmpty { hand(.batch(creates, isCreate: true)) }
      if !updates.isEmpty { hand(.batch(updates, isCreate: false)) }
      return
    }
    // In halves: if one record made the whole call fail, it ends up on its own.
    handHalves(creates, isCreate: true)
    handHalves(updates, isCreate: false)
  }
}
