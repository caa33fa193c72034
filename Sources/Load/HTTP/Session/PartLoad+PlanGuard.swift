import Control
import Core

/// Whether a record is still as a dry run found it, right before it is sent for the first time.
///
/// What is there is compared with what the prediction rests on: with the values that the dry run read there or, if it only knew the
/// journal, with the hashes of the fields that the destination accepted last.
extension PartLoad {
  /// Looks up a record that is to be sent as a dry run predicted.
  ///
  /// - Returns: the record, with the tag that it has now. Nil: the record has its outcome, and the destination is stopped.
  func checked(_ member: Member, _ applied: any AppliedPlan) async throws -> Member? {
    var member = member
    member.isChecked = true
    let planned = applied.outcome(of: member.record.ordinal)
    guard planned == (member.isPresent ? .updated : .created) else {
      return stop(member, applied, "something else was predicted for it")
    }
    guard plan.resource.find != nil else { return member }
    switch try await find(member) {
    case nil: return nil
    case .absent?:
      guard !member.isPresent else { return stop(member, applied, "it was removed there") }
      (member.isLookedUp, member.seen) = (true, .absent)
      return member
    case .found(let stored)?:
      guard member.isPresent else { return stop(member, applied, "it was created there") }
      let known = member.known
      if let own = known?.remoteID, let id = stored.remoteID, own != id {
        return stop(member, applied, "it has another ID there")
      }
      if let column = changedColumn(member, stored, applied) {
        return stop(
          member, applied, column.map { "'\(plan.columns[$0].name)' was changed there" } ?? "it was changed there", column)
      }
      member.known?.entityTag = stored.entityTag ?? known?.entityTag
      member.seen = .found(stored)
      return member
    }
  }

  /// Whether a record that Waybill has not written is as the dry run found it.
  func isAsFound(_ member: Member, _ stored: StoredRecord, isSame: Bool, _ applied: any AppliedPlan) -> Bool {
    let planned = applied.outcome(of: member.record.ordinal)
    switch plan.verdict(onFoundRecord: isSame) {
    case .claim: return planned == .unchanged
    case .keep: return planned == .failed
    case .update:
      let known = Accepted(
        remoteID: stored.remoteID, entityTag: stored.entityTag, fields: FieldHashes.ofOthers, epoch: member.known?.epoch ?? 0)
      return applied.predicts(update(of: member.record, stored, known), of: member.record.ordinal)
    }
  }

  /// What a dry run that reads the destination would predict now.
  private func update(of record: OutgoingRecord, _ stored: StoredRecord, _ known: Accepted) -> Forecast {
    var forecast = Forecast(record.key, .updated)
    if let stored = stored.record {
      let update = changes.updated(record, stored: stored, known: known)
      (forecast.fields, forecast.isResent) = (update.fields, update.isResent)
    }
    forecast.basis = ForecastWorld.View(record: record, known: known).basis
    return forecast
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

  /// The column of a field that was changed there; `.some(nil)` if it cannot be said which. Nil if none was.
  private func changedColumn(_ member: Member, _ stored: StoredRecord, _ applied: any AppliedPlan) -> Int?? {
    guard let record = stored.record, let known = member.known else { return .some(nil) }
    if applied.comparesDestination, !isRepeated(member.record.key) {
      if applied.predicts(update(of: member.record, stored, known), of: member.record.ordinal) { return nil }
    }
    guard let expected = FieldHashes.table(known.fields), let found = StoredDigests(plan).result(of: record),
      let hashes = FieldHashes.table(found.fields)
    else { return applied.comparesDestination ? .some(nil) : nil }
    let sent = FieldHashes.table(member.record.fields) ?? [:]
    let differing = Set(changes.differing(member.record, from: record))
    for (index, column) in plan.columns.enumerated() where !plan.comparison.normalizes(column.path) {
      let path = FieldHashes.hash(of: column.path)
      guard let hash = expected[path], !FieldHashes.isMark(hash), hash != hashes[path] else { continue }
      // What is sent again as it was need only match, as after a load.
      if sent[path] == hash, !differing.contains(index) { continue }
      // A destination may leave out what has no value.
      if hashes[path] == nil, FieldHashes.isNull(hash, at: path) { continue }
      return .some(index)
    }
    return applied.comparesDestination && !isRepeated(member.record.key) ? .some(nil) : nil
  }
}
