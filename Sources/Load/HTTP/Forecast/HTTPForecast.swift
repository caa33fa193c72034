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
  /// How many records could not be compared with what is there, and why the first one could not.
  var failedComparisons = (count: 0, why: "")
  var warnings: [String] { [hiddenWarning, failedWarning].compactMap(\.self) }

  private var failedWarning: String? {
    let (count, why) = failedComparisons
    guard count > 0 else { return nil }
    let what = count == 1 ? "1 unchanged record" : "\(count) unchanged records"
    return
      "\(what) of '\(plan.scope.mapping)' could not be compared with '\(plan.destination)'\(count == 1 ? "" : ", the first one because"): \(why)"
  }

  private var hiddenWarning: String? {
    guard !notCompared.isEmpty else { return nil }
    let names = notCompared.sorted().map { "'\(plan.columns[$0].name)'" }.joined(separator: ", ")
    return
      "the list of '\(plan.destination)' has no \(names) in any record of '\(plan.scope.mapping)', so unchanged records are compared without that data"
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

  func close() async {
    kept.close()
    world.close()
  }

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

  private func send(_ view: View, _ earlier: KeptRecords.Kept?) async throws {
    if case .failed(let reason) = view.seen {
      return try await end(view, reason.code == .notSent ? .pending : .failed, reason)
    }
    let expected = plan.expectation(of: view, findsFirst: world.findsFirst)
    switch expected.kind {
    case .claimed: try await end(expected.view, .unchanged)
    case .failed(let reason): try await end(expected.view, .failed, reason)
    case .created, .overwritten, .revived, .updated:
      var forecast = expected.forecast(plan, changes, isCompared: world.isCompared)
      if case .updated = expected.kind, let known = expected.view.known {
        try await addKnown(to: &forecast, expected, known, earlier)
      }
      try await end(expected.view, forecast, isNew: true)
    }
  }

  /// Adds the fields of an update that were not read.
  private func addKnown(
    to forecast: inout Forecast, _ expected: Expectation, _ known: Accepted, _ earlier: KeptRecords.Kept?
  ) async throws {
    // The list says nothing about some fields.
    let hidden = expected.view.isListed ? world.unlisted : []
    guard forecast.evidence == .known || !hidden.isEmpty else { return }
    let record = expected.view.record
    let update = try await changes.updated(record, known: known) {
      if let earlier { return [earlier] }
      return try await kept.records(of: record.key)
    }
    if forecast.evidence == .known {
      (forecast.fields, forecast.isResent) = (update.fields, update.isResent)
      return
    }
    func isHidden(_ field: Forecast.Field) -> Bool { field.column.map(hidden.contains) ?? false }
    forecast.fields = forecast.fields.filter { !isHidden($0) } + update.fields.filter(isHidden)
    forecast.fields.sort { $0.column ?? .max < $1.column ?? .max }
    forecast.isResent = forecast.isResent && forecast.fields.isEmpty
    forecast.evidence = .readExcept(hidden)
  }
}
