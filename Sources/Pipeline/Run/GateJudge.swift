import Core

/// Judges a run by its gates. Decides only; the engine acts.
package struct GateJudge: Sendable {
  /// What is known of one mapping's items.
  package struct Facts: Sendable, Hashable {
    package var mapping: String
    package var read: Int
    package var rejected: Int
    /// Source records that the snapshot has of the entity, and that the source says it has.
    package var fetched: Int
    package var expected: Int
    /// Lists that broke off, and of which nobody knows how many records are missing.
    package var unknown: Int

    package init(mapping: String, read: Int, rejected: Int, fetched: Int, expected: Int, unknown: Int = 0) {
      self.mapping = mapping
      self.read = read
      self.rejected = rejected
      self.fetched = fetched
      self.expected = expected
      self.unknown = unknown
    }
  }

  private let gates: [GateDocument]

  package init(_ gates: [GateDocument]) { self.gates = gates }

  package func judge(_ facts: [Facts]) -> [GateResult] { gates.flatMap { judge($0, facts) } }

  private func judge(_ gate: GateDocument, _ facts: [Facts]) -> [GateResult] {
    switch gate.rule {
    case .read(let min):
      let read = facts.map(\.read).reduce(0, +)
      return [result(gate, nil, .transform, limit: Double(min), actual: Double(read), .records, passed: read >= min)]
    case .coverage(let minPercent):
      return facts.map { fact in
        // A share of nobody knows how much is none.
        guard fact.unknown == 0 else {
          return result(
            gate, fact.mapping, .extract, limit: minPercent, actual: nil, .percent, passed: minPercent <= 0)
        }
        // Nothing expected and nothing fetched is all of it.
        let actual = fact.expected > 0 ? Double(fact.fetched) * 100 / Double(fact.expected) : 100
        return result(gate, fact.mapping, .extract, limit: minPercent, actual: actual, .percent, passed: actual >= minPercent)
      }
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
    }
  }

  private func result(
    _ gate: GateDocument, _ mapping: String?, _ stage: Stage, limit: Double, actual: Double?, _ unit: GateResult.Unit,
    passed: Bool
  ) -> GateResult {
    // Shown to four digits behind the point; judged exactly.
    GateResult(
      gate: gate.name, mapping: mapping, stage: stage, limit: limit, actual: actual.map { ($0 * 10_000).rounded() / 10_000 },
      unit: unit,
      passed: passed, severity: gate.severity)
  }
}
