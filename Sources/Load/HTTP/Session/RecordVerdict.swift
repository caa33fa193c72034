import Control
import Core

/// What becomes of a record, decided from what is known about it before anything is sent. A load acts on it, and a dry run bases
/// its predictions on it, so that both decide alike.
///
///     switch plan.verdict(on: record, known: known) {
///     case .unchanged, .ends, .waits: …                    // nothing is sent now
///     case .goesOn:
///       if plan.mayBeThere(known, findsFirst: …) { … }      // look it up; `verdict(onFoundRecord:)` decides what follows
///       switch plan.route(isUpdate: …) { … }                // send it
///     }
enum RecordVerdict: Sendable {
  /// The destination has it as it would be sent.
  case unchanged
  /// Nothing can be sent for it.
  case ends(Outcome, PartLoad.Reason)
  /// It refers to records of its own mapping whose IDs are not known.
  case waits([ParentsFirst.Parent])
  /// It is looked up, or sent.
  case goesOn
}

/// What becomes of a record that the destination had before Waybill wrote it.
enum FoundVerdict: Sendable {
  /// It is as it would be sent, or `conflict` leaves it as it is: it counts as ours, and the outcome is `unchanged`.
  case claim
  /// It is changed into ours.
  case update
  /// `conflict` forbids that: the outcome is `failed`.
  case keep
}

/// What an update does with the fields that it leaves out of an existing record.
enum FieldOmission: Sendable {
  case kept
  case erased
  /// Those that Waybill has sent before. The others are read and sent back.
  case erasedIfOurs
}

/// How a record is sent.
enum RecordRoute: Sendable {
  /// In a request of its own.
  ///
  /// - Parameter request: nil: the pipeline has none for that.
  case single(RequestDocument?)
  /// Together with others.
  case batch(BatchDocument)
}

extension PartPlan {
  /// - Parameters:
  ///   - record: with the IDs of its parents, if they are known.
  ///   - resendsRefused: whether what the destination has refused is sent even if it has not changed.
  func verdict(on record: OutgoingRecord, known: Accepted?, resendsRefused: Bool = false) -> RecordVerdict {
    if let known, known.isPresent, known.digest == record.digest, !mayBelongToOthers(known) { return .unchanged }
    if adapter?.isVoid(record) == true { return .unchanged }
    if let fault = record.fault { return .ends(.failed, fault) }
    if let known, known.isPresent, let refusal = adapter?.refusal(of: record, known: known) { return .ends(.failed, refusal) }
    // If this run's process died, the refusals that it received may not be in its ledger, so the record is sent again.
    // A dry run that is applied has decided that.
    let resends = applied.map { $0.problem(of: record.ordinal) != .outstanding } ?? resendsRefused
    if !resends, let refusal = known?.refusal, !refusal.run.text.isExactly(run), refusal.digest == refusalDigest(of: record) {
      return .ends(.failed, PartLoad.Reason(.outstanding, "it was sent in run \(refusal.run)"))
    }
    let missing = parents.filter { record.parents[$0] == nil }
    guard let first = missing.first else { return .goesOn }
    guard let key = record.values[first.field] else {
      let why = "the field '\(first.field)' has no value, so there is no parent"
      return .ends(.failed, PartLoad.Reason(.requestImpossible, why))
    }
    // Parents in this mapping may still be in progress; those in other mappings have already been loaded.
    guard missing.allSatisfy({ $0.mapping.text.isExactly(scope.mapping) }) else {
      return .ends(.pending, .parent(first.mapping, key))
    }
    return .waits(
      missing.compactMap { reference in
        record.values[reference.field].map { ParentsFirst.Parent(mapping: reference.mapping, key: $0) }
      })
  }

  /// Whether the destination may have a record although the journal does not say so. On a first load, that is true of each record
  /// that the journal does not know; with `before: save`, every such record is looked up. One that it marks as removed may exist as
  /// well: the lookup that did not find it may have been too early.
  func mayBeThere(_ known: Accepted?, findsFirst: Bool) -> Bool {
    guard let known else { return findsFirst || resource.before != nil }
    return !known.isPresent && resource.find != nil
  }

  /// - Parameter isSame: whether it is as it would be sent.
  func verdict(onFoundRecord isSame: Bool) -> FoundVerdict {
    let conflict = resource.conflict
    if isSame || conflict.keepsOthers && conflict.then == .adopt { return .claim }
    return conflict.keepsOthers ? .keep : .update
  }

  func route(isUpdate: Bool) -> RecordRoute {
    if let batch = resource.batch, !isUpdate || batch.updates && !needsRead(resource.update) { return .batch(batch) }
    return .single(isUpdate ? resource.update : resource.create)
  }

  /// Of the updates that this pipeline makes.
  var omission: FieldOmission {
    if case .batch = route(isUpdate: true) { return batchKeeps ? .kept : .erased }
    return switch resource.updateStyle {
    case .merge: .kept
    case .replace: .erased
    case .readMergePut: .erasedIfOurs
    }
  }

  /// Whether an update of a record that is not there fails. One that does not name the destination's ID may create it.
  var updatesNeedRecord: Bool {
    switch route(isUpdate: true) {
    case .batch(let batch): batch.request.names(.remoteID)
    case .single(let request): request?.names(.remoteID) ?? true
    }
  }

  /// How the load counts a record that such an update creates again: a batch may say that it is new.
  var outcomeOfRevival: Outcome {
    if case .batch(let batch) = route(isUpdate: true), batch.results.status != nil { .created } else { .updated }
  }

  private func needsRead(_ request: RequestDocument?) -> Bool {
    guard let request else { return false }
    return resource.updateStyle == .readMergePut || request.names(.entityTag)
  }

  /// Whether an update needs to know what the destination has: the fields to send back, or an ID or a tag that the journal lacks.
  func readsBefore(_ request: RequestDocument, known: Accepted?) -> Bool {
    guard resource.find != nil else { return false }
    let merges = known?.isPresent ?? false && resource.updateStyle == .readMergePut
    let needsTag = request.names(.entityTag) && known?.entityTag == nil
    let needsID = request.names(.remoteID) && known?.remoteID == nil
    return merges || needsTag || needsID
  }
}

extension PartLoad.Reason {
  /// `FoundVerdict.keep`
  static let keptAsItIs = Self(.alreadyExists, "it was there before, with different values")
  static let gone = Self(
    .goneAtDestination, "a lookup no longer finds it; the next run looks again before creating it")

  /// - Parameter what: what it has in common with the other record.
  static func held(_ what: String) -> Self {
    Self(.notSent, "the result of a call for another record with \(what) is not known yet: run again")
  }

  static let nothingThere = Self(
    .goneAtDestination, "the record that it belongs to is gone; the next run looks for that record first, and creates it")

  /// The pipeline has no request for a record.
  static func noRequest(isUpdate: Bool) -> Self {
    Self(.updateImpossible, isUpdate ? "the pipeline has no `update`" : "the pipeline has no `create`")
  }
}
