import Control
import Core

/// Reporting what is predicted, and what follows from it for other records of the part.
extension HTTPForecast {
  func end(_ view: View, _ outcome: Outcome, _ reason: PartLoad.Reason? = nil, isNew: Bool = true) async throws {
    var forecast = Forecast(view.record.key, outcome)
    if let reason {
      forecast.problem = LoadProblem(
        reason.code, severity: outcome == .failed ? .error : .warning, column: reason.column, record: view.record.source,
        line: view.record.line, detail: reason.detail, attempt: 0)
    }
    if outcome == .unchanged, world.isCompared {
      switch view.seen {
      case .found(let stored): forecast.drift = stored.record.map { drift(view, from: $0) } ?? []
      case .absent: forecast.isMissing = true
      case .notRead, .failed: break
      }
    }
    try await end(view, forecast, isNew: isNew)
  }

  private func drift(_ view: View, from stored: JSONValue) -> [Forecast.Field] {
    let hidden = view.isListed ? world.unlisted : []
    if !hidden.isEmpty {
      let json = view.record.value
      notCompared.formUnion(hidden.filter { changes.value(of: $0, in: json) ?? .null != .null })
    }
    return changes.drift(view.record, stored: stored, known: view.known, without: hidden)
  }

  /// - Parameter isNew: the journal does not have the result yet.
  func end(_ view: View, _ forecast: Forecast, isNew: Bool) async throws {
    let key = view.record.key
    let isLoaded = [.created, .updated, .unchanged].contains(forecast.outcome)
    var forecast = forecast
    forecast.basis = view.basis
    let isGone = forecast.problem?.code == .goneAtDestination
    try world.fates.set(
      key, isLoaded && isNew ? .accepted(ordinal: view.record.ordinal) : isGone ? .removed : .asBefore,
      id: isGone ? nil : view.foundID)
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
