import Control
import Core

/// Reporting what is predicted, and what follows from it for other records of the part.
extension HTTPForecast {
  func end(_ view: View, _ outcome: Outcome, _ reason: PartLoad.Reason? = nil, isNew: Bool = true) async throws {
    var forecast = Forecast(view.record.key, outcome)
    forecast.problem = reason?.problem(of: view.record, outcome)
    if outcome == .unchanged, world.isCompared { compare(view, &forecast) }
    try await end(view, forecast, isNew: isNew)
  }

  private func compare(_ view: View, _ forecast: inout Forecast) {
    let hidden = view.isListed ? world.unlisted : []
    if !hidden.isEmpty {
      let json = view.record.value
      notCompared.formUnion(hidden.filter { changes.value(of: $0, in: json) ?? .null != .null })
    }
    forecast.compare(view, changes, without: hidden)
    guard case .failed(let reason) = view.seen else { return }
    failedComparisons.count += 1
    if failedComparisons.count == 1 { failedComparisons.why = reason.detail }
  }

  /// - Parameter isNew: the journal does not have the result yet.
  func end(_ view: View, _ forecast: Forecast, isNew: Bool) async throws {
    let key = view.record.key
    let isLoaded = [.created, .updated, .unchanged].contains(forecast.outcome)
    var forecast = forecast
    forecast.rest(on: view)
    let isGone = forecast.problem?.code == .goneAtDestination
    // The children of a record that is not taken over must wait: see `PartPlan.hasRecord`.
    let isOfOthers = plan.adapter != nil && forecast.problem?.code == .alreadyExists
    try world.fates.set(
      key, isLoaded && isNew ? .accepted(ordinal: view.record.ordinal) : isGone ? .removed : .asBefore,
      id: isGone || isOfOthers ? nil : view.foundID)
    sink.forecast(view.record.ordinal, forecast)
    if plan.hasParentsOfItsOwn { try await endChildren(of: key, isLoaded: isLoaded) }
    for next in queues.removeValue(forKey: key) ?? [] { try await predict(next) }
  }

  private func endChildren(of key: Name, isLoaded: Bool) async throws {
    let own = ParentsFirst.Parent(mapping: Name(plan.scope.mapping), key: key)
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
