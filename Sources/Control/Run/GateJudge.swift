import Core

/// Judges a run by its gates. It only decides; the engine acts.
package struct GateJudge: Sendable {
  private let gates: [GateDocument]
  let isNarrowed: Bool
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

  /// Before anything is published.
  package func judge(_ facts: [Facts], _ run: RunFacts = RunFacts()) -> [GateResult] {
    gates.filter { !$0.isAfterLoad }.flatMap { gate in settled(gate, judge(gate, facts, run), facts) }
  }

  /// After the load: the records are where they are, whatever the gates say.
  package func judgeLoad(_ facts: [Facts]) -> [GateResult] {
    gates.filter(\.isAboutLoad).flatMap { gate in
      settled(
        gate, facts.filter { gate.judges(Name($0.mapping)) }.flatMap { judgeLoad(gate, $0) }, gate.isAfterLoad ? facts : nil)
    }
  }

  /// - Parameter facts: of the mappings that took part; nil: that one of the gate's did not is reported elsewhere.
  private func settled(_ gate: GateDocument, _ results: [GateResult], _ facts: [Facts]?) -> [GateResult] {
    (results + (facts.map { absent(gate, $0) } ?? [])).map { result in
      var result = result
      result.message = gate.message
      if isReplay {
        result.isJudged = false
        result.reason = result.reason ?? "a replay has only some of the records"
      }
      result.isAccepted = result.isJudged && !result.passed && accepted.contains(result.gate)
      return result
    }
  }

  /// Mappings that the gate names and that did not take part: this must not look as if they had passed.
  private func absent(_ gate: GateDocument, _ facts: [Facts]) -> [GateResult] {
    let named = gate.field.map { [$0.mapping] } ?? gate.mappings ?? []
    let (limit, unit) = gate.shownLimit
    return named.filter { name in !facts.contains { Name($0.mapping) == name } }.map { name in
      var result = GateResult(
        gate: gate.name, mapping: name.text, stage: gate.isAfterLoad ? .load : .transform, limit: limit, unit: unit,
        passed: false,
        severity: gate.severity, isJudged: false)
      result.field = gate.field?.name.text
      result.bound = gate.bound
      result.reason = "the mapping was not part of the run"
      return result
    }
  }

  private func judge(_ gate: GateDocument, _ facts: [Facts], _ run: RunFacts) -> [GateResult] {
    let own = facts.filter { gate.judges(Name($0.mapping)) }
    switch gate.rule {
    case .read(let min):
      let read = own.map(\.read).reduce(0, +)
      let min = wanted(min)
      return [result(gate, nil, .transform, limit: Double(min), actual: Double(read), .records, passed: read >= min)]
    case .coverage(let minPercent, let minRecords): return own.map { coverage(gate, minPercent, minRecords, $0) }
    case .rejected(let maxPercent, let minRecords, let max):
      let ceiling = GateCeiling(maxPercent: maxPercent, minRecords: minRecords, max: max)
      return own.map { self.ceiling(gate, ceiling, $0.mapping, .transform, count: $0.rejected, of: $0.read) }
    case .written(let min, let minPercent, let maxPercent, let minRecords):
      return own.flatMap { fact in
        [
          count(gate, min, fact), share(gate, .min, minPercent, minRecords, fact),
          maxPercent.flatMap { share(gate, .max, $0, minRecords, fact) },
        ].compactMap(\.self)
      }
    case .warnings(let ceiling, let code):
      return own.map { fact in
        let count = code.map { fact.codes[$0] ?? 0 } ?? fact.warnings
        var result = self.ceiling(gate, ceiling, fact.mapping, .transform, count: count, of: fact.read)
        result.code = code
        return result
      }
    case .orphans(let ceiling):
      return own.map {
        self.ceiling(gate, ceiling, $0.mapping, .transform, count: $0.codes[ProblemCode.orphan.slug] ?? 0, of: $0.read)
      }
    case .complete(let field, let minPercent, let max, let minRecords):
      return own.map { complete(gate, field.name, minPercent, max, minRecords, $0) }
    case .unique(let field, let ceiling):
      return own.map { fact in
        let count = fact.fields[field.name]
        let repeated = count.flatMap { count in count.distinct.map { count.present - $0 } }
        var result = self.ceiling(gate, ceiling, fact.mapping, .transform, count: repeated, of: count?.present)
        result.field = field.name.text
        return result
      }
    case .quota(let min): return [quota(gate, min, run)]
    case .freshness(let seconds, let field):
      guard let field else { return [age(gate, seconds, run.snapshotAge, nil)] }
      return own.map { fact in
        var result = age(gate, seconds, fact.ages[field.name], fact.mapping)
        result.field = field.name.text
        // Records without any date are as old as can be; no records have no age.
        if let count = fact.fields[field.name], fact.ages[field.name] == nil {
          (result.isJudged, result.reason) = count.records > 0 ? (true, nil) : (false, "there are no records")
        }
        return result
      }
    case .failed, .pending, .controlTotals, .reconciled: return []
    }
  }

  /// Some of the records cannot reach a minimum that is meant for the whole source.
  private func wanted(_ min: Int) -> Int { isNarrowed ? Swift.min(min, 1) : min }

  private func coverage(_ gate: GateDocument, _ minPercent: Double, _ minRecords: Int, _ fact: Facts) -> GateResult {
    guard let fetched = fact.fetched, let expected = fact.expected else {
      return unjudged(gate, fact.mapping, .extract, limit: minPercent, .percent, .min, GateResult.notRecorded)
    }
    // A share of an unknown total is undefined. If nothing was expected and nothing fetched, that is all of it.
    let actual = fact.unknown > 0 ? nil : expected > 0 ? Double(fetched) * 100 / Double(expected) : 100
    var result = result(
      gate, fact.mapping, .extract, limit: minPercent, actual: actual, .percent, passed: (actual ?? 0) >= minPercent)
    (result.count, result.of) = (fetched, fact.unknown > 0 ? nil : expected)
    if isNarrowed {
      (result.isJudged, result.reason) = (false, "the run was narrowed")
    } else if fact.unknown == 0, expected < minRecords {
      (result.isJudged, result.reason) = (false, GateResult.tooFew(minRecords))
    }
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

  private func share(
    _ gate: GateDocument, _ bound: GateResult.Bound, _ percent: Double, _ minRecords: Int, _ fact: Facts
  ) -> GateResult? {
    guard percent > 0 || bound == .max, !isNarrowed else { return nil }
    guard fact.isLastKnown else {
      return unjudged(gate, fact.mapping, .transform, limit: percent, .percent, bound, GateResult.notRecorded)
    }
    guard let last = fact.last, last.count > 0 else { return nil }
    let share = Double(fact.written) * 100 / Double(last.count)
    var result = result(
      gate, fact.mapping, .transform, limit: percent, actual: share, .percent,
      passed: bound == .min ? share >= percent : share <= percent, bound)
    result.last = last
    if last.count < minRecords { (result.isJudged, result.reason) = (false, GateResult.tooFew(minRecords)) }
    return result
  }

  private func complete(
    _ gate: GateDocument, _ field: Name, _ minPercent: Double?, _ max: Int?, _ minRecords: Int, _ fact: Facts
  ) -> GateResult {
    let count = fact.fields[field]
    var found: GateResult
    if let max, minPercent == nil || (count?.records ?? 0) < minRecords {
      found = ceiling(
        gate, GateCeiling(max: max), fact.mapping, .transform, count: count.map { $0.records - $0.present }, of: count?.records)
    } else if let count {
      let share = count.records > 0 ? Double(count.present) * 100 / Double(count.records) : 100
      let limit = minPercent ?? 0
      found = result(gate, fact.mapping, .transform, limit: limit, actual: share, .percent, passed: share >= limit)
      (found.count, found.of) = (count.present, count.records)
      if count.records < minRecords { (found.isJudged, found.reason) = (false, GateResult.tooFew(minRecords)) }
    } else {
      found = unjudged(gate, fact.mapping, .transform, limit: minPercent ?? 0, .percent, .min, GateResult.notRecorded)
    }
    found.field = field.text
    return found
  }

  private func quota(_ gate: GateDocument, _ min: Int, _ run: RunFacts) -> GateResult {
    guard run.isQuotaKnown else {
      return unjudged(gate, nil, .extract, limit: Double(min), .requests, .min, "no request was made, or none was recorded")
    }
    let remaining = run.quotaRemaining
    return result(
      gate, nil, .extract, limit: Double(min), actual: remaining.map { Double($0) }, .requests, passed: (remaining ?? -1) >= min)
  }

  private func age(_ gate: GateDocument, _ limit: Int, _ age: Int?, _ mapping: String?) -> GateResult {
    guard let age else {
      return unjudged(gate, mapping, .extract, limit: Double(limit), .seconds, .max, GateResult.notRecorded)
    }
    return result(
      gate, mapping, .extract, limit: Double(limit), actual: Double(age), .seconds, passed: age <= limit, .max)
  }
}
