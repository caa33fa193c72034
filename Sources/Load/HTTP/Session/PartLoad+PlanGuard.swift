import Control
import Core

/// Whether a record is still as a dry run found it, right before it is sent for the first time.
///
/// The load decides again what becomes of the record (`Expectation`), from what a lookup shows now, and does just that if it is what was
/// predicted. If the dry run has not read the record, what is there is compared with what the prediction rests on: the hashes of the
/// fields that the destination accepted last.
extension PartLoad {
  /// - Returns: the record, as it is to be sent. Nil: it has its outcome, or differs, and the destination is stopped.
  func checked(_ first: Member, _ applied: any AppliedPlan) async throws -> Member? {
    var member = first
    member.isChecked = true
    let unread = expectation(of: member, .notRead)
    if !applied.comparesDestination, case .failed = unread.kind, isPredicted(unread, applied) {
      return try await perform(unread, member, applied)
    }
    guard plan.resource.find != nil else { return try await unreadable(member, unread, applied) }
    guard let found = try await find(member) else { return nil }
    (member.isLookedUp, member.seen) = (true, found)
    var isAbsent = false
    if case .absent = found { isAbsent = true }
    if isAbsent, plan.changesOnly { noteLostParent(of: member) }
    let expected = expectation(of: member, found.seen)
    if isPredicted(expected, applied) { return try await perform(expected, member, applied) }
    // The dry run knew that the record that this one changes would be created first, so there was nothing to read.
    if plan.changesOnly, !member.isPresent, isPredicted(unread, applied) { return try await perform(expected, member, applied) }
    let change = change(of: member, found, applied)
    let isRepeated = isRepeated(member.record.key)
    // What an earlier record of this part has changed, the dry run did not see.
    let isSame = isRepeated ? applied.outcome(of: member.record.ordinal) == unread.outcome(plan) : isPredicted(unread, applied)
    guard change == nil, isSame, isRepeated || !applied.comparesDestination else {
      // So that the next dry run looks for it.
      if isAbsent, member.isPresent { try await note(member, .removed) }
      return stop(member, applied, change?.why ?? "it is not as the dry run found it", change?.column)
    }
    return try await perform(expected, member, applied)
  }

  private func expectation(of member: Member, _ seen: ForecastWorld.Seen) -> Expectation {
    plan.expectation(of: .init(record: member.record, known: member.known, seen: seen), findsFirst: findsFirst)
  }

  private func isPredicted(_ expected: Expectation, _ applied: any AppliedPlan) -> Bool {
    applied.predicts(
      expected.forecast(plan, changes, isCompared: applied.comparesDestination), of: expected.view.record.ordinal)
  }

  /// Without `find`, nothing shows what is there now. If the dry run has read a list, all of it has just been compared.
  private func unreadable(_ member: Member, _ unread: Expectation, _ applied: any AppliedPlan) async throws -> Member? {
    guard applied.comparesDestination else {
      if isPredicted(unread, applied) || isRepeated(member.record.key) { return try await perform(unread, member, applied) }
      return stop(member, applied, "something else was predicted for it")
    }
    switch applied.outcome(of: member.record.ordinal) {
    case .created, .updated: return member
    case .failed:
      let code = applied.problem(of: member.record.ordinal) ?? .requestImpossible
      let reason = if case .failed(let own) = unread.kind { own } else { Reason(code, "the dry run predicted it") }
      end(member, .failed, reason)
      return nil
    default: return stop(member, applied, "something else was predicted for it")
    }
  }

  /// Does what was predicted, or leaves it to the call.
  private func perform(_ expected: Expectation, _ first: Member, _ applied: any AppliedPlan) async throws -> Member? {
    var member = first
    let known = member.known
    if applied.outcome(of: member.record.ordinal) == .failed {
      let reason = if case .failed(let own) = expected.kind { own } else { Reason.gone }
      // As without a plan: the next run creates it.
      if reason.code == .goneAtDestination, member.isPresent { try await note(member, .removed) }
      end(member, .failed, reason)
      return nil
    }
    switch expected.kind {
    case .failed: return stop(member, applied, "it was changed there")
    case .claimed:
      let isSame = expected.stored?.matches(member.record.value, plan.comparison) ?? (known?.digest == member.record.digest)
      guard isSame || applied.outcome(of: member.record.ordinal) == .unchanged else {
        return stop(member, applied, "it was changed there")
      }
      let stored = expected.stored ?? StoredRecord(remoteID: known?.remoteID, entityTag: known?.entityTag)
      try await claim(stored, member, isSame: isSame)
      end(member, .unchanged)
      return nil
    case .created, .overwritten, .revived: return member
    case .updated:
      guard let stored = expected.stored else { return member }
      guard member.isPresent else {
        member.known = try await adopt(stored, member)
        return member
      }
      member.overwrites = plan.hasAnotherTag(known, stored) && !stored.matches(member.record.value, plan.comparison)
      member.known?.entityTag = stored.entityTag ?? known?.entityTag
      return member
    }
  }

  /// Stops the destination: nothing else is sent to it.
  func stop(_ member: Member, _ applied: any AppliedPlan, _ why: String, _ column: Int? = nil) -> Member? {
    end(member, .pending, Reason(.planDiffers, why, column: column))
    engine.gate.stop(
      .differs(
        applied.run, mapping: plan.scope.mapping, destination: plan.destination, key: member.record.key,
        "\(why) since the dry run"))
    return nil
  }

  // MARK: What has changed

  private struct Change {
    var why: String
    var column: Int?
  }

  /// What has changed there since the destination accepted the record; nil: nothing that can be seen.
  private func change(of member: Member, _ found: Found, _ applied: any AppliedPlan) -> Change? {
    let wasThere = member.isPresent || applied.outcome(of: member.record.ordinal) != .created
    guard case .found(let stored) = found else { return wasThere ? Change(why: "it was removed there") : nil }
    guard let known = member.known, known.isPresent else {
      return Change(why: wasThere ? "it was changed there" : "it was created there")
    }
    if let own = known.remoteID, let id = stored.remoteID, own != id { return Change(why: "it has another ID there") }
    guard let record = stored.record else { return Change(why: "it was changed there") }
    return changedColumn(member.record, record, known).map {
      Change(why: "'\(plan.columns[$0].name)' was changed there", column: $0)
    }
  }

  private func changedColumn(_ record: OutgoingRecord, _ stored: JSONValue, _ known: Accepted) -> Int? {
    guard let expected = FieldHashes.table(known.fields), let found = StoredDigests(plan).result(of: stored),
      let hashes = FieldHashes.table(found.fields)
    else { return nil }
    let sent = FieldHashes.table(record.fields) ?? [:]
    let differing = Set(changes.differing(record, from: stored))
    for (index, column) in plan.columns.enumerated() where !plan.comparison.normalizes(column.path) {
      let path = FieldHashes.hash(of: column.path)
      guard let hash = expected[path], !FieldHashes.isMark(hash), hash != hashes[path] else { continue }
      // What is sent again as it was need only match, as after a load.
      if sent[path] == hash, !differing.contains(index) { continue }
      // A destination may leave out what has no value.
      if hashes[path] == nil, FieldHashes.isNull(hash, at: path) { continue }
      return index
    }
    return nil
  }
}

extension PartLoad.Found {
  fileprivate var seen: ForecastWorld.Seen {
    switch self {
    case .absent: .absent
    case .found(let stored): .found(stored)
    }
  }
}
