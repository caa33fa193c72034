import Core

/// Results, with their limits.
extension GateJudge {
  /// - Parameters:
  ///   - count: what is limited; nil: it was not recorded.
  ///   - of: what a share is a share of.
  ///   - unit: of a limit that is a number.
  func ceiling(
    _ gate: GateDocument, _ limits: GateCeiling, _ mapping: String, _ stage: Stage, count: Int?, of: Int?,
    _ unit: GateResult.Unit = .records
  ) -> GateResult {
    let isSmall = (of ?? 0) < limits.minRecords
    if let max = limits.max, limits.maxPercent == nil || of != nil && isSmall {
      guard let count else {
        return unjudged(gate, mapping, stage, limit: Double(max), unit, .max, GateResult.notRecorded)
      }
      var found = result(
        gate, mapping, stage, limit: Double(max), actual: Double(count), unit, passed: count <= max, .max)
      if unit == .records { (found.count, found.of) = (count, of) }
      return found
    }
    let limit = limits.maxPercent ?? 100
    guard let count, let of else {
      return unjudged(gate, mapping, stage, limit: limit, .percent, .max, GateResult.notRecorded)
    }
    let share = of > 0 ? Double(count) * 100 / Double(of) : count > 0 ? nil : 0
    var found = result(
      gate, mapping, stage, limit: limit, actual: share, .percent, passed: share.map { $0 <= limit } ?? false, .max)
    (found.count, found.of) = (count, of)
    if isSmall { (found.isJudged, found.reason) = (false, GateResult.tooFew(limits.minRecords)) }
    return found
  }

  func unjudged(
    _ gate: GateDocument, _ mapping: String?, _ stage: Stage, limit: Double, _ unit: GateResult.Unit, _ bound: GateResult.Bound,
    _ reason: String
  ) -> GateResult {
    var found = result(gate, mapping, stage, limit: limit, actual: nil, unit, passed: false, bound)
    (found.isJudged, found.reason) = (false, reason)
    return found
  }

  func result(
    _ gate: GateDocument, _ mapping: String?, _ stage: Stage, limit: Double, actual: Double?, _ unit: GateResult.Unit,
    passed: Bool, _ bound: GateResult.Bound = .min
  ) -> GateResult {
    // Shown with four decimal places; judged exactly.
    var found = GateResult(
      gate: gate.name, mapping: mapping, stage: stage, limit: limit, actual: actual.map(GateResult.rounded), unit: unit,
      passed: passed, severity: gate.severity)
    found.bound = bound
    return found
  }
}
