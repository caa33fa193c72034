import Core

/// Gates that are judged after the load.
extension GateJudge {
  func judgeLoad(_ gate: GateDocument, _ fact: Facts) -> [GateResult] {
    fact.loads.compactMap { load in
      switch gate.rule {
      case .failed(let limits): failed(gate, limits, fact, load)
      case .pending(let limits): outcome(gate, limits, fact, load, count: load.counts[.pending])
      case .orphans(let limits): orphans(gate, limits, fact, load)
      case .controlTotals(let max): compared(gate, GateCeiling(max: max), fact, load, .totals) { $0.totals }
      case .reconciled(let limits): compared(gate, limits, fact, load, .records) { $0.differences }
      default: nil
      }
    }
  }

  /// Files and databases take all records or none.
  private func failed(_ gate: GateDocument, _ limits: GateCeiling, _ fact: Facts, _ load: Load) -> GateResult? {
    load.delivery == .incremental ? outcome(gate, limits, fact, load, count: load.counts[.failed]) : nil
  }

  private func orphans(_ gate: GateDocument, _ limits: GateCeiling, _ fact: Facts, _ load: Load) -> GateResult? {
    let waiting = fact.codes[ProblemCode.parentNotLoaded.slug] ?? 0
    guard load.delivery == .incremental, load.obstacle == nil, waiting > 0 else { return nil }
    return outcome(gate, limits, fact, load, count: (fact.codes[ProblemCode.orphan.slug] ?? 0) + waiting)
  }

  private func outcome(_ gate: GateDocument, _ limits: GateCeiling, _ fact: Facts, _ load: Load, count: Int) -> GateResult {
    var result = ceiling(gate, limits, fact.mapping, .load, count: count, of: gate.name == "orphans" ? fact.read : fact.written)
    result.destination = load.destination
    if let obstacle = load.obstacle {
      (result.isJudged, result.reason, result.actual) = (false, obstacle, nil)
      (result.count, result.of) = (nil, nil)
    }
    return result
  }

  private func compared(
    _ gate: GateDocument, _ limits: GateCeiling, _ fact: Facts, _ load: Load, _ unit: GateResult.Unit,
    _ count: (Comparison) -> Int
  ) -> GateResult {
    let found = load.obstacle == nil ? load.comparison : nil
    var result = ceiling(
      gate, limits, fact.mapping, .compare, count: found.map(count), of: found?.loaded, unit)
    result.destination = load.destination
    guard let found else {
      result.reason = load.obstacle ?? "not reconciled yet"
      return result
    }
    // What was found is a failure all the same; what was not compared must not pass.
    if !found.isComplete, result.passed { (result.isJudged, result.reason) = (false, "not all records could be compared") }
    return result
  }
}

extension GateDocument {
  /// Something about it is only known after the load.
  package var isAboutLoad: Bool { if case .orphans = rule { true } else { isAfterLoad } }

  var bound: GateResult.Bound {
    switch rule {
    case .read, .coverage, .written, .quota: .min
    case .complete(_, let minPercent, _, _): minPercent == nil ? .max : .min
    default: .max
    }
  }

  /// The limit to show where nothing can be judged.
  var shownLimit: (Double, GateResult.Unit) {
    func shown(_ ceiling: GateCeiling) -> (Double, GateResult.Unit) {
      ceiling.maxPercent.map { ($0, .percent) } ?? (Double(ceiling.max ?? 0), .records)
    }
    switch rule {
    case .read(let min): return (Double(min), .records)
    case .coverage(let minPercent, _): return (minPercent, .percent)
    case .rejected(let maxPercent, let minRecords, let max):
      return shown(.init(maxPercent: maxPercent, minRecords: minRecords, max: max))
    case .written(let min, _, _, _): return (Double(min), .records)
    case .warnings(let ceiling, _), .orphans(let ceiling), .unique(_, let ceiling), .failed(let ceiling), .pending(let ceiling),
      .reconciled(let ceiling):
      return shown(ceiling)
    case .complete(_, let minPercent, let max, _):
      return minPercent.map { ($0, .percent) } ?? (Double(max ?? 0), .records)
    case .quota(let min): return (Double(min), .requests)
    case .freshness(let seconds, _): return (Double(seconds), .seconds)
    case .controlTotals(let max): return (Double(max), .totals)
    }
  }
}
