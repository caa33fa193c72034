import Control
import Core

/// Predicts what a load into an `http` destination would do with each record of a part. It decides as the load does
/// (`RecordVerdict`), and sends nothing but the GETs that the load would make before it sends anything.
///
/// What the load would only find out by sending is assumed: the destination accepts each record.
final class HTTPForecast: LoadSession {
  private typealias View = ForecastWorld.View

  private let world: ForecastWorld
  private let records: OutgoingRecords
  private let changes: FieldChanges
  private let kept: KeptRecords
  private let staged: StagedLines
  private let parents: ForecastParents
  private let sink: any ForecastSink
  private var keys: ForecastKeys
  private var parentsFirst = ParentsFirst()
  /// Records that wait for their parents, by numbers of their own.
  private var children: [Int: View] = [:]
  private var lastNumber = 0

  private var plan: PartPlan { world.plan }
  var failure: OperationFailure? { world.stopped }

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
    keys = ForecastKeys(count: part.count)
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
    parents.keep(keys, of: plan.scope.mapping)
  }

  func close() async {}

  // MARK: Deciding

  private func predict(_ view: View) async throws {
    var view = view
    if let why = world.blocked[view.record.key] {
      return try await end(view, .pending, PartLoad.Reason(.resultUnknown, "\(why); only a run that sends can find out"))
    }
    var earlier: KeptRecords.Kept?
    if case .accepted(let ordinal)? = keys[view.record.key] {
      // As if the journal had the result of the earlier record with this key.
      earlier = try staged.record(ordinal).flatMap { kept.own($0) }
      let hasID = plan.resource.remoteID != nil
      var known = view.known ?? Accepted()
      known.isPresent = true
      known.refusal = nil
      known.remoteID = known.remoteID ?? (hasID ? ForecastWorld.standIn : nil)
      known.entityTag = known.entityTag ?? ForecastWorld.standIn
      known.digest = earlier?.digest
      known.fields = earlier?.fields ?? []
      view.known = known
      view.seen = .notRead
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
    let open = missing.filter { if case .accepted? = keys[$0.key] { false } else { true } }
    lastNumber += 1
    switch parentsFirst.add(lastNumber, parents: open) {
    case .send: try await release(view, missing)
    case .wait: children[lastNumber] = view
    case .pending(let parent): try await end(view, .pending, .parent(parent.mapping, parent.key))
    }
  }

  /// The parents have been loaded.
  private func release(_ view: View, _ parents: [ParentsFirst.Parent]) async throws {
    var view = view
    view.record = try await world.withOwnParents(view.record, parents)
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
      // A destination that refuses a second record with the key leads the load to the one that is there.
      let isSame =
        isOthers
        ? view.known?.digest == view.record.digest : stored?.matches(view.record.value, plan.comparison) ?? false
      switch plan.verdict(onFoundRecord: isSame) {
      case .claim: return try await end(view, .unchanged)
      case .keep: return try await end(view, .failed, .keptAsItIs)
      case .update:
        view.known = Accepted(
          remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: FieldHashes.ofOthers, epoch: view.known?.epoch ?? 0)
      }
    }
    let isUpdate = view.known?.isPresent ?? false
    if isUpdate, case .absent = view.seen {
      return try await end(view, .failed, .gone)
    }
    if let reason = refusal(of: view, stored, isUpdate: isUpdate) { return try await end(view, .failed, reason) }
    var forecast = Forecast(view.record.key, isUpdate ? .updated : .created)
    if !isUpdate {
      forecast.fields = changes.created(view.record)
    } else if let known = view.known {
      let keepsOmitted = if case .batch = plan.route(isUpdate: true) { plan.batchKeeps } else { plan.updateKeeps }
      if let record = stored?.record {
        forecast.fields = changes.updated(view.record, stored: record, known: known, keepsOmitted: keepsOmitted)
      } else {
        forecast.fields = try changes.updated(view.record, known: known, keepsOmitted: keepsOmitted) {
          try earlier.map { [$0] } ?? kept.records(of: view.record.key)
        }
      }
      forecast.isResent = forecast.fields.isEmpty
    }
    try await end(view, forecast, isNew: true)
  }

  /// Why no request can be made for a record.
  private func refusal(of view: View, _ stored: StoredRecord?, isUpdate: Bool) -> PartLoad.Reason? {
    let request: RequestDocument
    switch plan.route(isUpdate: isUpdate) {
    case .single(nil): return .noRequest(isUpdate: isUpdate)
    case .single(let own?): request = own
    case .batch(let batch): request = batch.request
    }
    let known = StoredRecord(
      remoteID: stored?.remoteID ?? view.known?.remoteID, entityTag: stored?.entityTag ?? view.known?.entityTag)
    do {
      _ = try plan.call(request, for: view.record, known: known, body: nil)
      return nil
    } catch {
      return PartLoad.Reason(.requestImpossible, error.text)
    }
  }

  // MARK: Outcomes

  private func end(_ view: View, _ outcome: Outcome, _ reason: PartLoad.Reason? = nil, isNew: Bool = true) async throws {
    var forecast = Forecast(view.record.key, outcome)
    if let reason {
      forecast.problem = LoadProblem(
        reason.code, severity: outcome == .failed ? .error : .warning, column: reason.column, record: view.record.source,
        line: view.record.line, detail: reason.detail, attempt: 0)
    }
    if outcome == .unchanged, world.isCompared {
      switch view.seen {
      case .found(let stored): forecast.drift = stored.record.map { changes.drift(view.record, stored: $0) } ?? []
      case .absent: forecast.isMissing = true
      case .notRead, .failed: break
      }
    }
    try await end(view, forecast, isNew: isNew)
  }

  /// - Parameter isNew: the journal does not have the result yet.
  private func end(_ view: View, _ forecast: Forecast, isNew: Bool) async throws {
    let isLoaded = [.created, .updated, .unchanged].contains(forecast.outcome)
    var forecast = forecast
    forecast.basis = view.basis
    keys.set(view.record.key, isLoaded && isNew ? .accepted(ordinal: view.record.ordinal) : .asBefore)
    sink.forecast(view.record.ordinal, forecast)
    guard plan.hasParentsOfItsOwn else { return }
    let own = ParentsFirst.Parent(mapping: Name(plan.scope.mapping), key: view.record.key)
    if isLoaded {
      for number in parentsFirst.loaded(own) {
        if let child = children.removeValue(forKey: number) { try await release(child, ownParents(of: child)) }
      }
    } else {
      for number in parentsFirst.notLoaded(own) {
        guard let child = children.removeValue(forKey: number) else { continue }
        try await end(child, .pending, .parent(own.mapping, own.key))
      }
    }
  }

  private func ownParents(of view: View) -> [ParentsFirst.Parent] {
    if case .waits(let parents) = world.verdict(on: view) { parents } else { [] }
  }
}
