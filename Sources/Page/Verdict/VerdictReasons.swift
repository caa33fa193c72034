import Core

/// What blocks signing a page (reasons), and what the signer must accept (conditions).
struct VerdictReasons {
  private let page: ReportPage
  private(set) var reasons: [PageVerdict.Reason] = []
  private(set) var conditions: [PageVerdict.Reason] = []

  init(_ page: ReportPage) { self.page = page }

  mutating func judge() {
    for run in page.scope.runs { judge(run) }
    judgeIdentity()
    judgeGates()
    judgeLosses()
    judgeSource()
    judgeDestinations()
    judgeRecords()
  }

  private mutating func reason(
    _ run: String?, _ kind: String, _ text: String, mapping: String? = nil, field: String? = nil, section: String
  ) {
    reasons.append(.init(run: run, kind: kind, text: text, mapping: mapping, field: field, section: section))
  }

  private mutating func condition(
    _ run: String?, _ kind: String, _ text: String, mapping: String? = nil, field: String? = nil, section: String
  ) {
    conditions.append(.init(run: run, kind: kind, text: text, mapping: mapping, field: field, section: section))
  }

  // MARK: Scope

  private mutating func judge(_ run: ScopeSection.Run) {
    if run.status != RunStatus.done.rawValue, run.status != RunStatus.partial.rawValue {
      let why = run.messages.first.map { ": \($0)" } ?? "."
      reason(run.run, "not-done", "The run ended with the status '\(run.status)'\(why)", section: "scope")
    }
    if run.isDryRun {
      reason(run.run, "dry-run", "This was a dry run: nothing was published or sent.", section: "scope")
    }
    if let of = run.replayOf {
      reason(run.run, "replay", "The run replayed only the open records of run \(of).", section: "scope")
    } else if let narrowed = run.narrowed {
      reason(run.run, "narrowed", "The run was narrowed (\(narrowed)), so it is not complete.", section: "scope")
    }
    if run.snapshotIsComplete == false {
      reason(run.run, "incomplete-snapshot", "The source was not read to its end.", section: "scope")
    }
  }

  // MARK: Identity

  private mutating func judgeIdentity() {
    for row in page.identity.rows where row.difference != 0 {
      reason(
        row.run, "unaccounted",
        "\(PageText.count(abs(row.difference), "record")) of \(row.mapping) \(abs(row.difference) == 1 ? "is" : "are") not accounted "
          + "for at '\(row.destination)': \(row.equation).",
        mapping: row.mapping, section: "identity")
    }
    if page.identity.unaccounted != 0, !page.identity.rows.contains(where: { $0.difference != 0 }) {
      reason(
        nil, "unaccounted", "\(PageText.count(page.identity.unaccounted, "record")) cannot be accounted for.", section: "identity"
      )
    }
    if page.identity.rows.isEmpty { reason(nil, "no-records", "No records have been accounted for.", section: "identity") }
  }

  // MARK: Gates

  private mutating func judgeGates() {
    for gate in page.gates.gates {
      let found = gate.actual.map { "\(PageText.number($0)) \(gate.unit)" } ?? "not known"
      let bound = gate.limit.map { ", \(gate.isMaximum ? "at most" : "at least") \(PageText.number($0)) required" } ?? ""
      let text = "The gate \(gate.subject) failed: \(found)\(bound)." + (gate.message.map { " \($0)" } ?? "")
      switch gate.outcome {
      case .failed where gate.severity == "warning":
        condition(gate.run, "gate-warning", text, mapping: gate.mapping, field: gate.field, section: "gates")
      case .failed, .unknown: reason(gate.run, "gate-failed", text, mapping: gate.mapping, field: gate.field, section: "gates")
      case .accepted:
        condition(
          gate.run, "gate-accepted", text + " It was accepted when the run was started.", mapping: gate.mapping,
          field: gate.field, section: "gates")
      // The page itself says whether the destinations have been read back, and what was found.
      case .notJudged where gate.stage == "compare": break
      case .notJudged:
        condition(
          gate.run, "gate-not-judged", "The gate \(gate.subject) was not judged\(gate.reason.map { ": \($0)" } ?? "").",
          mapping: gate.mapping, field: gate.field, section: "gates")
      case .passed: break
      }
    }
  }

  // MARK: Losses

  /// Records that did not arrive need a gate that allows for them.
  private mutating func judgeLosses() {
    for row in page.identity.rows where !page.scope.runs.contains(where: { $0.run == row.run && $0.isDryRun }) {
      for outcome in [Outcome.rejected, .failed, .pending] {
        let count = row.count(outcome)
        guard count > 0 else { continue }
        let text =
          "\(PageText.count(count)) of \(PageText.count(row.read, "record")) of \(row.mapping) \(count == 1 ? "is" : "are") "
          + "\(outcome.rawValue) at '\(row.destination)'"
        if allows(outcome, row) {
          condition(row.run, outcome.rawValue, text + ", as a gate allows.", mapping: row.mapping, section: "exceptions")
        } else {
          reason(row.run, outcome.rawValue, text + ", and no gate allows for that.", mapping: row.mapping, section: "exceptions")
        }
      }
    }
  }

  private func allows(_ outcome: Outcome, _ row: IdentitySection.Row) -> Bool {
    page.gates.gates.contains { gate in
      gate.run == row.run && gate.gate == outcome.rawValue && [.passed, .accepted].contains(gate.outcome)
        && gate.mapping.map { $0.isExactly(row.mapping) } ?? true
        && gate.destination.map { $0.isExactly(row.destination) } ?? true
    }
  }

  // MARK: Source

  private mutating func judgeSource() {
    for entity in page.sourceCounts.entities {
      let isCovered = page.gates.gates.contains {
        $0.run == entity.run && $0.gate == "coverage" && [.passed, .accepted].contains($0.outcome)
      }
      let text: String
      if let broken = entity.brokenLists, broken > 0 {
        text = "\(PageText.count(broken, "list")) of \(entity.entity) records broke off: it is not known how many are missing."
      } else if let expected = entity.expected, expected > entity.read {
        text = "\(PageText.count(entity.read)) of \(PageText.count(expected)) \(entity.entity) records were read from the source."
      } else {
        continue
      }
      if isCovered {
        condition(entity.run, "coverage", text, section: "source_counts")
      } else {
        reason(entity.run, "coverage", text, section: "source_counts")
      }
    }
  }

  // MARK: Destinations

  private mutating func judgeDestinations() {
    for run in page.runs {
      let open = page.targetCounts.rows.filter { $0.run == run && $0.stored == nil && $0.accepted > 0 }
      guard !open.isEmpty else { continue }
      var names: [String] = []
      for row in open where !names.contains(exactly: row.mapping) { names.append(row.mapping) }
      condition(
        run, "not-reconciled",
        "What the destinations have of \(PageText.list(names)) has not been read back: run `waybill reconcile \(run)`, then "
          + "`waybill report \(run)` to show the result.", section: "target_counts")
    }
    for row in page.keyDifferences.rows {
      if !row.isEqual {
        var parts: [String] = []
        if row.missing > 0 { parts.append("\(PageText.count(row.missing)) missing") }
        if let extra = row.extra, extra > 0 { parts.append("\(PageText.count(extra)) extra") }
        if row.different > 0 { parts.append("\(PageText.count(row.different)) different") }
        if row.duplicate > 0 { parts.append("\(PageText.count(row.duplicate)) duplicate") }
        let what = parts.isEmpty ? "" : ": \(PageText.list(parts))"
        reason(
          row.run, "reconcile-differs", "'\(row.destination)' does not have \(row.mapping) as it was loaded\(what).",
          mapping: row.mapping, section: "key_differences")
      } else if row.notRead + row.uncertain > 0 {
        condition(
          row.run, "reconcile-incomplete",
          "\(PageText.count(row.notRead + row.uncertain, "record")) of \(row.mapping) at '\(row.destination)' could not be compared.",
          mapping: row.mapping, section: "key_differences")
      }
    }
    let unequal = page.controlTotals.rows.rows.filter { row in
      row.isEqual == false
        && !page.keyDifferences.rows.contains {
          !$0.isEqual && $0.run == row.run && $0.mapping == row.mapping && $0.destination == row.destination
        }
    }
    for row in unequal.prefix(10) {
      let field = row.field.map { " of \($0)" } ?? ""
      reason(
        row.run, "totals-differ",
        "\(row.mapping) at '\(row.destination ?? "")': the \(row.measure.words)\(field) that was loaded and what the destination has "
          + "differ.", mapping: row.mapping, field: row.field, section: "control_totals")
    }
  }

  // MARK: Records

  /// What a page should show, and its run has not recorded.
  private mutating func judgeRecords() {
    for run in page.runs where !page.identity.rows.isEmpty {
      if page.completeness.missing.contains(where: { $0.run == run }),
        !page.completeness.rows.rows.contains(where: { $0.run == run })
      {
        condition(run, "not-recorded", "The completeness of the fields is not recorded.", section: "completeness")
      }
    }
  }
}

extension ControlTotalsSection.Measure {
  fileprivate var words: String {
    switch self {
    case .records: "number of records"
    case .distinctKeys: "number of distinct keys"
    case .withValue: "number of values"
    case .sum: "sum"
    case .earliest: "earliest date"
    case .latest: "latest date"
    case .hash: "hash total"
    }
  }
}
