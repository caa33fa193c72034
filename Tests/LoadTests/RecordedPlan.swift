import Control
import Core
import TestSupport

@testable import Report

extension RecordingForecasts {
  /// What was predicted, to be applied.
  ///
  /// - Parameter isContinued: an earlier attempt has applied some of it.
  func plan(isCompared: Bool, isContinued: Bool = false, target: TargetVersion? = nil) throws -> PlanComparison {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/people.changes"
    let log = try ChangeLogWriter(path: path)
    for (ordinal, forecasts) in forecasts {
      for forecast in forecasts {
        let code = forecast.problem.map { [JSONValue.Member("code", .string($0.code.slug))] } ?? []
        try log.append(ordinal, forecast.outcome, fingerprint: forecast.fingerprint, .object(code))
      }
    }
    for key in removals { try log.append(ChangeLog.removal, .removed, .object([.init("key", .string(key))])) }
    try log.commit()
    return try PlanComparison(
      RunPart(mapping: "people", destination: "app"), of: "run1", log: path, count: forecasts.count,
      comparesDestination: isCompared, target: target, after: isContinued ? .init(stamps: []) : nil)
  }

  /// What the plan says about other predictions.
  func difference(from plan: PlanComparison) -> OperationFailure? {
    for (ordinal, forecasts) in forecasts { for forecast in forecasts { plan.forecast(ordinal, forecast) } }
    for key in removals { plan.removal(Name(key)) }
    return plan.difference
  }
}
