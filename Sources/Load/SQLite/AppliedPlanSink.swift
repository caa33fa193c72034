import Core

/// Finds the first record for which something else than a dry run predicted would be done.
final class AppliedPlanSink: ForecastSink {
  let plan: any AppliedPlan
  private let found = Locked<(ordinal: UInt64, key: Name)?>(nil)

  init(_ plan: any AppliedPlan) { self.plan = plan }

  var difference: Name? { found.withLock { $0?.key } }

  func forecast(_ ordinal: UInt64, _ forecast: Forecast) {
    guard !plan.predicts(forecast, of: ordinal) else { return }
    found.withLock { found in if found.map({ ordinal < $0.ordinal }) ?? true { found = (ordinal, forecast.key) } }
  }

  func removal(_ key: Name) {
    guard !plan.predictsRemoval(key) else { return }
    found.withLock { found in found = found ?? (.max, key) }
  }
}
