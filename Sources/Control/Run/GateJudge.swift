import Core

/// Judges a run by its gates. It only decides; the engine acts.
package struct GateJudge: Sendable {
  /// What is known about one mapping's items.
  package struct Facts: Sendable, Hashable {
    package var mapping: String
    package var read: Int
    /// The number of items let through, that is, what would be published.
    package var written: Int
    package var rejected: Int
    /// The entity's records in the snapshot, and those that the source reports.
    package var fetched: Int
    package var expected: Int
    /// Lists that broke off with an unknown number of missing records.
    package var unknown: Int
    /// What the last complete run let through; nil: there was none.
    package var last: GateResult.Last?

    package init(
      mapping: String, read: Int, written: Int = 0, rejected: Int, fetched: Int, expected: Int, unknown: Int = 0,
      last: GateResult.Last? = nil
    ) {
      self.mapping = mapping
      self.read = read
      self.written = written
      self.rejected = rejected
      self.fetched = fetched
      self.expected = expected
      self.unknown = unknown
      self.last = last
    }
  }

  private let gates: [GateDocument]
  private let isNarrowed: Bool
  private let isReplay: Bool
  private let accepted: Set<String>

  /// - Parameters:
  ///   - isNarrowed: the run has only some of the records. Its coverage is only reported, it is not compared with an
  ///   earlier run, and a required minimum above one is lowered to one.
  ///   - isReplay: the run has only records that were rejected or failed before: every gate is only reported.
  ///   - accepted: names of gates that may fail this time.
  package init(
    _ gates: [GateDocument], isNarrowed: Bool = false, isReplay: Bool = false, accepted: Set<String> = []
  ) {
    self.gates = gates
    self.isNarrowed = isNarrowed || isReplay
    self.isReplay = isReplay
    self.accepted = accepted
  }

  package func judge(_ facts: [Facts]) -> [GateResult] {
    gates.flatMap { gate in
      judge(gate, facts).map { result in
        var result = result
        if isReplay { result.isJudged = false }
        result.isAccepted = result.isJudged && !result.passed && accepted.contains(result.gate)
        return result
      }
    }
  }

  private func judge(_ gate: GateDocument, _ facts: [Facts]) -> [GateResult] {
    switch gate.rule {
    case .read(let min):
      let read = facts.map(\.read).reduce(0, +)
      let min = wanted(min)
      return [result(gate, nil, .transform, limit: Double(min), actual: Double(read), .records, passed: read >= min)]
    case .coverage(let minPercent): return facts.map { coverage(gate, minPercent, $0) }
    case .rejected(let maxPercent, let minRecords, let max):
      return facts.map { fact in
        if let max, maxPercent == nil || fact.read < minRecords {
          return result(
            gate, fact.mapping, .transform, limit: Double(max), actual: Double(fact.rejected), .records,
            passed: fact.rejected <= max)
        }
        let share = fact.read > 0 ? Double(fact.rejected) * 100 / Double(fact.read) : 0
        let limit = maxPercent ?? 100
        return result(gate, fact.mapping, .transform, limit: limit, actual: share, .percent, passed: share <= limit)
      }
    case .written(let min, let minPercent):
      return facts.flatMap { [count(gate, min, $0), share(gate, minPercent, $0)].compactMap(\.self) }
    }
  }

  /// Some of the records cannot reach a minimum that is meant for the whole source.
  private func wanted(_ min: Int) -> Int { isNarrowed ? Swift.min(min, 1) : min }

  private func coverage(_ gate: GateDocument, _ minPercent: Double, _ fact: Facts) -> GateResult {
    // A share of an unknown total is undefined. If nothing was expected and nothing fetched, that is all of it.
    let actual =
      fact.unknown > 0 ? nil : fact.expected > 0 ? Double(fact.fetched) * 100 / Double(fact.expected) : 100
    var result = result(
      gate, fact.mapping, .extract, limit: minPercent, actual: actual, .percent, passed: (actual ?? 0) >= minPercent)
    result.isJudged = !isNarrowed
    return result
  }

  private func count(_ gate: GateDocument, _ min: Int, _ fact: Facts) -> GateResult? {
    guard min > 0 else { return nil }
    let min = wanted(min)
    let isEmpty = min == 1 && fact.rejected == 0
    return result(
      gate, fact.mapping, .transform, limit: Double(min), actual: Double(fact.written), .records,
      passed: fact.written >= min || isEmpty)
  }

  private func share(_ gate: GateDocument, _ minPercent: Double, _ fact: Facts) -> GateResult? {
    guard minPercent > 0, !isNarrowed, let last = fact.last, last.count > 0 else { return nil }
    let share = Double(fact.written) * 100 / Double(last.count)
    var result = result(
      gate, fact.mapping, .transform, limit: minPercent, actual: share, .percent, passed: share >= minPercent)
    result.last = last
    return result
  }

  private func result(
    _ gate: GateDocument, _ mapping: String?, _ stage: Stage, limit: Double, actual: Double?, _ unit: GateResult.Unit,
    passed: Bool
  ) -> GateResult {
    // Shown with four decimal places; judged exactly.
    GateResult(
      gate: gate.name, mapping: mapping, stage: stage, limit: limit, actual: actual.map { ($0 * 10_000).rounded() / 10_000 },
      unit: unit, passed: passed, severity: gate.severity)
  }
}
