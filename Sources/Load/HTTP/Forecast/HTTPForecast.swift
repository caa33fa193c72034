import Control
import Core

/// Predicts what a load into an `http` destination would do with each record of a part. It decides as the load does
/// (`RecordVerdict`), and sends nothing but the GETs that the load would make before it sends anything.
///
/// What the load would only find out by sending is assumed: the destination accepts each record.
final class HTTPForecast: LoadSession {
  typealias View = ForecastWorld.View

  let world: ForecastWorld
  private let records: OutgoingRecords
  let changes: FieldChanges
  private let kept: KeptRecords
  private let staged: StagedLines
  private let parents: ForecastParents
  let sink: any ForecastSink
  var parentsFirst = ParentsFirst()
  /// Records that wait for their parents, by numbers of their own.
  var children: [Int: View] = [:]
  /// Records whose keys one of the children has, which comes first.
  var queues: [Name: [View]] = [:]
  /// Columns of fields that a record has, and that the destination's list does not show.
  var notCompared: Set<Int> = []
  private var lastNumber = 0

  var plan: PartPlan { world.plan }
  var failure: OperationFailure? { world.stopped }
  var warnings: [String] {
    guard !notCompared.isEmpty else { return [] }
    let names = notCompared.sorted().map { "'\(plan.columns[$0].name)'" }.joined(separator: ", ")
    return [
      "the list of '\(plan.destination)' has no \(names) in any record of '\(plan.scope.mapping)', so unchanged records are compared without"
    ]
  }

  init(
    _ world: ForecastWorld, _ part: LoadPart, _ request: ForecastRequest, _ bodies: BodyWriter, _ parents: ForecastParents,
    to sink: any ForecastSink
  ) {
    self.world = world
    self.parents = parents
    self.sink = sink
    records = OutgoingRecords(world.plan, key: part.key, bodies)
    changes = FieldChanges(world.plan)
    kept = KeptRecords(world.plan, key: part.key, request)
    staged = StagedLines(path: request.staged)
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    let outgoing = records.copy(batch)
    for view in try await world.views(of: outgoing) { try await predict(view) }
  }

  func finish() async throws {
    // Parents that have not come never will.
    while true {
      let rest = parentsFirst.rest()
      if rest.isEmpty { break }
      for (number, parent) in rest {
        guard let child = children.removeValue(forKey: number) else { continue }
        try await end(child, .pending, .parent(parent.mapping, parent.key))
      }
    }
    if plan.isParent { parents.keep(world.fates, of: plan.scope.mapping) }
  }

  func close() async {}

  // MARK: Deciding

  func predict(_ view: View) async throws {
    let key = view.record.key
    if queues[key] != nil {
      queues[key]?.append(view)
      return
    }
    var view = view
    if let why = world.blocked[key] {
      return try await end(view, .pending, PartLoad.Reason(.resultUnknown, "\(why); only a run that sends can find out"))
    }
    var earlier: KeptRecords.Kept?
    switch world.fates[key] {
    case .accepted(let ordinal)?:
      // As if the journal had the result of the earlier record with this key.
      earlier = try await staged.record(ordinal).flatMap { kept.own($0) }
      let newID = plan.resource.remoteID == nil ? nil : ForecastWorld.standIn
      var known = view.known ?? Accepted()
      known.isPresent = true
      known.refusal = nil
      known.remoteID = try known.remoteID ?? world.fates.id(of: key) ?? newID
      known.entityTag = known.entityTag ?? ForecastWorld.standIn
      known.digest = earlier?.digest
      known.fields = earlier?.fields ?? []
      view.known = known
      view.seen = .notRead
    case .removed?:
      view.known?.isPresent = false
      view.seen = .absent
    case .asBefore?, nil: break
    }
    try await decide(view, earlier)
  }

  /// - Parameter earlier: the earlier record of this part with the same key.
  private func decide(_ view: View, _ earlier: KeptRecords.Kept? = nil) async throws {
    switch world.verdict(on: view) {
    case .unchanged: return try await end(view, .unchanged, isNew: false)
    case .ends, .waits, .goesOn: break
    }
    if let stopped = world.stopped {
      return try await end(view, .pending, PartLoad.Reason(.notSent, stopped.description))
    }
    switch world.verdict(on: view) {
    case .unchanged: break
    case .ends(let outcome, let reason): try await end(view, outcome, reason)
    case .waits(let missing): try await wait(view, for: missing)
    case .goesOn: try await send(view, earlier)
    }
  }

  private func wait(_ view: View, for missing: [ParentsFirst.Parent]) async throws {
    let open = missing.filter { if case .accepted? = world.fates[$0.key] { false } else { true } }
    lastNumber += 1
    switch parentsFirst.add(lastNumber, parents: open) {
    case .send: try await release(view, missing)
    case .wait:
      children[lastNumber] = view
      queues[view.record.key] = []
    case .pending(let parent): try await end(view, .pending, .parent(parent.mapping, parent.key))
    }
  }

  /// The parents have been loaded.
  func release(_ view: View, _ parents: [ParentsFirst.Parent]) async throws {
    var view = view
    view.record = try await world.withParents(view.record)
    guard case .goesOn = world.verdict(on: view) else {
      // The destination gives no IDs.
      let first = parents.first ?? .init(mapping: Name(plan.scope.mapping), key: view.record.key)
      return try await end(view, .pending, .parent(first.mapping, first.key))
    }
    try await send(try await world.look(view), nil)
  }

  /// As the load does before and after its lookup.
  private func send(_ first: View, _ earlier: KeptRecords.Kept?) async throws {
    var view = first
    var stored: StoredRecord?
    switch view.seen {
    case .notRead, .absent: break
    case .failed(let reason): return try await end(view, .pending, reason)
    case .found(let found): stored = found
    }
    let isOthers = view.known.map { plan.mayBelongToOthers($0) } ?? false
    if isOthers || stored != nil && !(view.known?.isPresent ?? false) {
      let isSame =
        isOthers
        ? view.known?.digest == view.record.digest : stored?.matches(view.record.value, plan.comparison) ?? false
      // Otherwise the load learns from the response to `create` that it is there.
      let isKnown = isOthers || world.looksUp(view.known)
      switch isKnown ? ForecastConflict(plan.verdict(onFoundRecord: isSame)) : plan.conflictOfCreate {
      case .claim:
        view.foundID = stored?.remoteID
        return try await end(view, .unchanged)
      case .fails(let reason):
        if isKnown { view.foundID = stored?.remoteID }
        return try await end(view, .failed, reason)
      case .overwritten:
        view.foundID = stored?.remoteID
        return try await end(view, overwriting: stored)
      case .update:
        view.foundID = stored?.remoteID
        view.known = Accepted(
          remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: FieldHashes.ofOthers, epoch: view.known?.epoch ?? 0)
      }
    }
    let isUpdate = view.known?.isPresent ?? false
    if isUpdate, case .absent = view.seen {
      guard !world.readsBefore(view.known), !plan.updatesNeedRecord else { return try await end(view, .failed, .gone) }
      var forecast = Forecast(view.record.key, plan.outcomeOfRevival)
      forecast.fields = changes.created(view.record)
      return try await end(view, forecast, isNew: true)
    }
    if let reason = refusal(of: view, stored, isUpdate: isUpdate) { return try await end(view, .failed, reason) }
    if isUpdate, hasAnotherTag(view, stored) {
      switch plan.conflictOfUpdate {
      case .claim: return try await end(view, .unchanged)
      case .fails(let reason): return try await end(view, .failed, reason)
      case .update, .overwritten: break
      }
    }
    if world.readsBefore(view.known) { view.foundID = stored?.remoteID }
    var forecast = Forecast(view.record.key, isUpdate ? .updated : .created)
    if !isUpdate {
      forecast.fields = changes.created(view.record)
    } else if let known = view.known {
      let update = try await update(of: view, known, stored, earlier)
      (forecast.fields, forecast.isResent) = (update.fields, update.isResent)
    }
    try await end(view, forecast, isNew: true)
  }

  private func update(
    of view: View, _ known: Accepted, _ stored: StoredRecord?, _ earlier: KeptRecords.Kept?
  ) async throws -> FieldChanges.Update {
    func byJournal() async throws -> FieldChanges.Update {
      try await changes.updated(view.record, known: known) {
        if let earlier { return [earlier] }
        return try await kept.records(of: view.record.key)
      }
    }
    guard let record = stored?.record else { return try await byJournal() }
    var update = changes.updated(view.record, stored: record, known: known)
    guard view.isListed, !world.unlisted.isEmpty else { return update }
    // The list says nothing about some fields.
    func isHidden(_ field: Forecast.Field) -> Bool { field.column.map(world.unlisted.contains) ?? false }
    let hidden = try await byJournal().fields.filter(isHidden)
    update.fields = (update.fields.filter { !isHidden($0) } + hidden).sorted { $0.column ?? .max < $1.column ?? .max }
    update.isResent = update.isResent && update.fields.isEmpty
    return update
  }

  /// A record that `create` replaces although it is there.
  private func end(_ view: View, overwriting stored: StoredRecord?) async throws {
    var forecast = Forecast(view.record.key, plan.outcomeOfOverwriting)
    forecast.fields =
      stored?.record.map { changes.updated(view.record, stored: $0, known: nil).fields } ?? changes.created(view.record)
    try await end(view, forecast, isNew: true)
  }

  /// The request names a tag that the destination no longer has.
  private func hasAnotherTag(_ view: View, _ stored: StoredRecord?) -> Bool {
    guard case .single(let request?) = plan.route(isUpdate: true), request.names(.entityTag), !world.readsBefore(view.known),
      let own = view.known?.entityTag, own != ForecastWorld.standIn, let tag = stored?.entityTag
    else { return false }
    return own != tag
  }

  /// Why no request can be made for a record.
  private func refusal(of view: View, _ stored: StoredRecord?, isUpdate: Bool) -> PartLoad.Reason? {
    let request: RequestDocument
    switch plan.route(isUpdate: isUpdate) {
    case .single(nil): return .noRequest(isUpdate: isUpdate)
    case .single(let own?): request = own
    case .batch(let batch): request = batch.request
    }
    // The load does not know more than the journal unless it reads the record.
    let read = world.readsBefore(view.known) ? stored : nil
    let known = StoredRecord(
      remoteID: read?.remoteID ?? view.known?.remoteID, entityTag: read?.entityTag ?? view.known?.entityTag)
    do {
      _ = try plan.call(request, for: view.record, known: known, body: nil)
      return nil
    } catch {
      return PartLoad.Reason(.requestImpossible, error.text)
    }
  }
}
