import Control
import Core

/// What becomes of a record that goes on (`RecordVerdict`), decided from what is known about it and, if it has been read, from what is
/// there. A dry run reports it. A load that applies the dry run decides again right before it sends the record, and then does the
/// same.
///
/// What only a call can show is assumed: the destination accepts what it is sent, reports a record that `create` would create again as a
/// conflict, and knows a tag that has changed.
struct Expectation: Sendable {
  enum Kind: Sendable {
    /// The record there counts as ours. Nothing is sent, and the outcome is `unchanged`.
    case claimed
    /// Nothing is sent.
    case failed(PartLoad.Reason)
    case created
    /// `create` replaces the record that is there.
    case overwritten
    case updated
    /// The record is gone, and `update` creates it again.
    case revived
  }

  var kind: Kind
  /// With what is known when the record is sent.
  var view: ForecastWorld.View
  /// What has been read.
  var stored: StoredRecord? { if case .found(let stored) = view.seen { stored } else { nil } }

  /// It is known not to be there: nothing is under a parent that is not there yet.
  fileprivate var isAbsent: Bool {
    if case .absent = view.seen { return true }
    return view.record.parents.values.contains(ForecastWorld.standIn)
  }

  /// - Parameter outcome: of a record that is created again.
  func outcome(_ plan: PartPlan) -> Outcome {
    switch kind {
    case .claimed: .unchanged
    case .failed: .failed
    case .created: .created
    case .overwritten: plan.outcomeOfOverwriting
    case .updated: .updated
    case .revived: plan.outcomeOfRevival
    }
  }
}

extension PartPlan {
  /// - Parameters:
  ///   - view: a record that goes on. What could not be read counts as not read.
  ///   - findsFirst: the journal does not know yet what the destination has.
  func expectation(of view: ForecastWorld.View, findsFirst: Bool) -> Expectation {
    var next = Expectation(kind: .created, view: view)
    let stored = next.stored
    func ends(_ kind: Expectation.Kind) -> Expectation {
      next.kind = kind
      return next
    }
    if case .absent = view.seen, changesOnly { return ends(.failed(.nothingThere)) }
    let isOthers = view.known.map { mayBelongToOthers($0) } ?? false
    if isOthers || stored != nil && !(view.known?.isPresent ?? false) {
      let isSame =
        isOthers
        ? view.known?.digest == view.record.digest : stored?.matches(view.record.value, comparison) ?? false
      // Otherwise the load learns from the response to `create` that it is there.
      let isKnown = isOthers || mayBeThere(view.known, findsFirst: findsFirst)
      let conflict = isKnown ? ForecastConflict(verdict(onFoundRecord: isSame)) : conflictOfCreate
      if case .fails(let reason) = conflict, !isKnown { return ends(.failed(reason)) }
      next.view.foundID = stored?.remoteID
      switch conflict {
      case .claim: return ends(.claimed)
      case .fails(let reason): return ends(.failed(reason))
      case .overwritten: return ends(.overwritten)
      case .update:
        next.view.known = Accepted(
          remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: FieldHashes.ofOthers, epoch: view.known?.epoch ?? 0)
      }
    }
    let known = next.view.known
    let isUpdate = known?.isPresent ?? false
    if adapterReadsBefore(view.record, known: known), next.isAbsent {
      // Its parent is another one now, which does not have it.
      next.view.known = .absent(epoch: known?.epoch ?? 0)
      return ends(.created)
    }
    if isUpdate, case .absent = view.seen {
      return ends(readsBefore(known) || updatesNeedRecord ? .failed(.gone) : .revived)
    }
    if let reason = refusal(of: view.record, known, stored, isUpdate: isUpdate) { return ends(.failed(reason)) }
    if isUpdate, hasAnotherTag(known, stored) {
      switch conflictOfUpdate {
      case .claim: return ends(.claimed)
      case .fails(let reason): return ends(.failed(reason))
      case .update, .overwritten: break
      }
    }
    if readsBefore(known) { next.view.foundID = stored?.remoteID }
    // What the load creates first is there when it gets to this record.
    return ends(isUpdate || changesOnly ? .updated : .created)
  }

  /// The part changes something about other records, and creates none of its own.
  var changesOnly: Bool { adapter?.createsAbsent == false }

  /// The load reads the record before it changes it.
  func readsBefore(_ known: Accepted?) -> Bool {
    guard let known, known.isPresent, case .single(let request?) = route(isUpdate: true) else { return false }
    return readsBefore(request, known: known)
  }

  /// The request names a tag that the destination no longer has.
  func hasAnotherTag(_ known: Accepted?, _ stored: StoredRecord?) -> Bool {
    guard case .single(let request?) = route(isUpdate: true), request.names(.entityTag), !readsBefore(known),
      let own = known?.entityTag, own != ForecastWorld.standIn, let tag = stored?.entityTag
    else { return false }
    return own != tag
  }

  /// Why no request can be made for a record.
  private func refusal(
    of record: OutgoingRecord, _ known: Accepted?, _ stored: StoredRecord?, isUpdate: Bool
  ) -> PartLoad.Reason? {
    let request: RequestDocument
    switch route(isUpdate: isUpdate) {
    case .single(nil): return .noRequest(isUpdate: isUpdate)
    case .single(let own?): request = own
    case .batch(let batch): request = batch.request
    }
    // The load does not know more than the journal unless it reads the record.
    let read = readsBefore(known) ? stored : nil
    let what = StoredRecord(remoteID: read?.remoteID ?? known?.remoteID, entityTag: read?.entityTag ?? known?.entityTag)
    do {
      _ = try call(request, for: record, known: what, body: nil)
      return nil
    } catch {
      return PartLoad.Reason(.requestImpossible, error.text)
    }
  }
}

extension Expectation {
  /// As a dry run reports it, with the fields that follow from what has been read.
  ///
  /// - Parameters:
  ///   - isCompared: what is not sent is compared with what is there.
  ///   - hidden: columns that were not read.
  func forecast(_ plan: PartPlan, _ changes: FieldChanges, isCompared: Bool, without hidden: Set<Int> = []) -> Forecast {
    var forecast = Forecast(view.record.key, outcome(plan))
    switch kind {
    case .claimed: if isCompared { forecast.compare(view, changes, without: hidden) }
    case .failed(let reason): forecast.problem = reason.problem(of: view.record, .failed)
    case .created, .revived: forecast.fields = changes.created(view.record)
    case .overwritten:
      let record = stored?.record
      forecast.fields = record.map { changes.updated(view.record, stored: $0, known: nil).fields } ?? changes.created(view.record)
    case .updated:
      forecast.evidence = .known
      guard let record = stored?.record else {
        if view.known == nil { forecast.fields = changes.created(view.record) }
        break
      }
      let update = changes.updated(view.record, stored: record, known: view.known)
      (forecast.fields, forecast.isResent, forecast.evidence) = (update.fields, update.isResent, .read)
    }
    forecast.rest(on: view)
    return forecast
  }
}

extension Forecast {
  /// Compares a record that is not sent with what is there.
  mutating func compare(_ view: ForecastWorld.View, _ changes: FieldChanges, without hidden: Set<Int>) {
    switch view.seen {
    // It never had our values.
    case .found where view.known?.fields == FieldHashes.adopted: break
    case .found(let stored):
      drift = stored.record.map { changes.drift(view.record, stored: $0, known: view.known, without: hidden) } ?? []
    case .absent: isMissing = true
    case .failed: isNotCompared = true
    case .notRead: break
    }
  }

  mutating func rest(on view: ForecastWorld.View) {
    basis = view.basis
    if let known = view.known { isAdopted = known.isPresent && FieldHashes.isOfOthers(known.fields) }
  }
}

extension PartLoad.Reason {
  func problem(of record: OutgoingRecord, _ outcome: Outcome) -> LoadProblem {
    LoadProblem(
      code, severity: outcome == .failed ? .error : .warning, column: column, record: record.source, line: record.line,
      detail: detail, attempt: 0)
  }
}
