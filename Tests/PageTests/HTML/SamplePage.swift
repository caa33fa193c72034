@testable import Page

/// A page with something in every section.
enum SamplePage {
  static let hostile = "<script>alert(1)</script>\u{202E}\"'&`"
  static let run = "20261201T003000Z-7f3a"

  static func make(problems: Int = 2, fields: Int = 3, runs: [String] = [run]) -> ReportPage {
    var page = ReportPage(title: "Integrity report: \(hostile)", runs: runs)
    page.digest = String(repeating: "3fa1", count: 16)
    page.verdict.heading = "Not ready: 1 reason"
    page.verdict.summary = "Run `waybill reconcile` and read \(hostile)"
    page.verdict.whoMaySign = "Nobody."
    page.verdict.reasons = [
      .init(run: run, kind: "gate-failed", text: hostile, mapping: hostile, field: "a.b", business: hostile, section: "gates")
    ]
    page.verdict.findings = [
      .init(
        weight: .serious, run: run, kind: "business-fell", mapping: nil, field: nil, business: "Acme", text: "Acme lost 812.",
        advice: "Look there.", section: "source_counts")
    ]
    page.verdict.unmasked = [.init(run: run, mapping: "contacts", fields: ["email"], text: "Somebody chose to.")]
    for run in runs { add(run, problems: problems, fields: fields, to: &page) }
    page.signatures.roles = [
      .init(
        role: "Data owner", statement: "Complete.", maySign: false, conditions: ["60 are missing."],
        fillIn: ["Name", "Date", "Signature"])
    ]
    page.signatures.expiry = "Until the next run."
    return page
  }

  private static func add(_ run: String, problems: Int, fields: Int, to page: inout ReportPage) {
    page.scope.runs.append(
      .init(
        run: run, pipeline: hostile, status: "partial", exitCode: 1, started: "2026-12-01T00:30:00Z", narrowed: "only Acme",
        isDryRun: false,
        destinations: ["app"], messages: [hostile]))
    page.gates.gates.append(
      .init(
        run: run, gate: "rejected", severity: "error", unit: "percent", isMaximum: true, limit: 2, actual: 5.25, margin: -3.25,
        outcome: .failed))
    page.identity.rows.append(
      .init(
        run: run, mapping: "contacts", destination: "app", read: 960,
        outcomes: [PageCount("written", 943), PageCount("rejected", 17)],
        sum: 960, difference: 0, equation: ""))
    page.sourceCounts.leftOut.append(.init(run: run, reason: "outside", count: 12, text: hostile))
    page.targetCounts.rows.append(.init(run: run, mapping: "contacts", destination: "app", accepted: 943))
    page.controlTotals.rows = PageList(
      [
        .init(
          run: run, mapping: "contacts", measure: .sum, field: "credit", target: "1234567.50", stored: "1234567.51",
          isEqual: false),
        .init(run: run, mapping: "contacts", measure: .hash, target: "ab", stored: "cd", isEqual: false),
      ], limit: 9)
    page.controlTotals.unequal = 2
    page.keyDifferences.rows.append(
      .init(
        run: run, mapping: "contacts", destination: "app", missing: 1, different: 0, duplicate: 0, withoutKey: 0, notRead: 0,
        uncertain: 0,
        isEqual: false))
    page.exceptions.groups.append(
      .init(
        run: run, repair: "fix", title: "Correct it", instruction: hostile, errors: problems, warnings: 0, notes: 0,
        problems: PageList(
          (0..<problems).map {
            .init(
              mapping: "contacts", code: "email-invalid", severity: "error", field: "field\($0)", count: 1, examples: ["c\($0)"],
              message: hostile)
          }, total: problems)))
    page.rejectReach.parents.append(.init(run: run, mapping: "contacts", destination: "app", lost: 17))
    page.completeness.rows = PageList(
      (0..<fields).map { index in
        let side = CompletenessSection.Side(
          field: "f\(index)", filled: 500, null: 400, blank: 43, absent: 0, records: 943, percent: 50_000.0 / 943)
        return .init(
          run: run, mapping: "contacts", field: "t\(index)", target: side, sources: [side], points: 0, isRequired: false,
          hasDefault: false)
      }, limit: 300)
    page.valueChanges.rows = PageList(
      [
        .init(
          run: run, mapping: "contacts", field: "status", nullified: 1, defaulted: 2, truncated: 3, lookupFallback: 4, kept: 0,
          leftOut: 0,
          of: 943, sources: [hostile])
      ], limit: 9)
    page.crosstabs.tables = PageList(
      [
        .init(
          run: run, mapping: "contacts", field: "status", sourceField: "s", isMasked: false,
          cells: [.init(source: hostile, target: nil, count: 7, isKnown: false)], total: 7, omitted: 0, unused: [])
      ], limit: 9)
    page.duplicates.merged.append(.init(run: run, mapping: "contacts", merged: 4, of: 960))
    page.quality.rows.append(
      .init(
        run: run, kind: .phone, mapping: "contacts", code: "phone-invalid", severity: "warning", count: 6, of: 960,
        examples: [hostile]))
    page.calendar.fields = PageList(
      [
        .init(
          run: run, mapping: "contacts", side: .source, field: "added", unit: .day,
          counts: [.init(period: "2026-11-30", count: 5)],
          total: 5, outside: 2)
      ], limit: 9)
    page.relations.rows.append(
      .init(
        run: run, mapping: "tasks", destination: "app", parents: ["contacts"], read: 9, arrived: 8, orphans: 1,
        parentNotLoaded: 0,
        filtered: 0, other: 0))
    page.unmapped.rows = PageList(
      [.init(run: run, mapping: "contacts", field: hostile, filled: 4, records: 960, percent: 0.416667)], limit: 9)
    page.lastRun.comparisons.append(.init(run: run, previous: "before", remarks: [hostile]))
    page.trends.series = PageList(
      [
        .init(
          run: run, figure: "read", isCode: false,
          points: [
            .init(run: "before", started: "2026-11-30T00:30:00Z", count: 9),
            .init(run: run, started: "2026-12-01T00:30:00Z", count: 960),
          ])
      ], limit: 9)
    page.sample.origins.append(.init(run: run, mapping: "contacts", seed: "7", of: 943, chosen: 1))
    page.sample.records.append(
      .init(
        run: run, mapping: "contacts", key: hostile, outcomes: [.init(destination: "app", outcome: "written")],
        fields: PageList([.init(field: "name", sources: [.init(path: "first", value: hostile)], target: nil)], limit: 9)))
    page.resources.runs.append(.init(run: run, requests: 41, durations: [.init(stage: "load", seconds: 92)], seconds: 92))
    page.reproduction.runs.append(
      .init(run: run, command: hostile, files: [.init(name: hostile, sha256: "ab")], snapshotFiles: []))
  }
}
