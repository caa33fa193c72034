import Core
import Testing

@testable import Page

/// The verdict follows from the numbers of the page.
@Suite("The verdict") struct VerdictTests {
  static func page(
    rejected: Int = 0, pending: Int = 0, lost: Int = 0, isReconciled: Bool = true, _ change: (inout ReportPage) -> Void = { _ in }
  ) -> ReportPage {
    var page = ReportPage(title: "Integrity report: nightly", runs: ["r1"])
    page.scope.runs = [
      .init(
        run: "r1", pipeline: "nightly", status: "done", exitCode: 0, started: "2026-12-01T02:00:00Z",
        finished: "2026-12-01T02:10:00Z", isDryRun: false)
    ]
    var counts = OutcomeCounts()
    counts[.created] = 100 - rejected - pending - lost
    counts[.rejected] = rejected
    counts[.pending] = pending
    page.identity.rows = [.init(run: "r1", mapping: "contacts", destination: "app", read: 100, counts: counts)]
    page.identity.unaccounted = lost
    page.targetCounts.rows = [
      .init(run: "r1", mapping: "contacts", destination: "app", accepted: counts[.created], stored: isReconciled ? 100 : nil)
    ]
    change(&page)
    return page
  }

  static func gate(
    _ name: String, _ outcome: GatesSection.Outcome, severity: String = "error", mapping: String? = "contacts"
  ) -> GatesSection.Gate {
    .init(
      run: "r1", gate: name, mapping: mapping, stage: "transform", severity: severity, unit: "records", isMaximum: true, limit: 5,
      actual: 9, outcome: outcome)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var page: ReportPage
    var standing: PageVerdict.Standing
    var reasons: [String] = []
    var conditions: [String] = []

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "everything arrived and was read back", page: page(), standing: .ready),
    Case(
      name: "not read back", page: page(isReconciled: false), standing: .conditional, conditions: ["not-reconciled"]),
    Case(name: "rejected without a gate", page: page(rejected: 3), standing: .notReady, reasons: ["rejected"]),
    Case(
      name: "rejected as a gate allows", page: page(rejected: 3) { $0.gates.gates = [gate("rejected", .passed)] },
      standing: .conditional, conditions: ["rejected"]),
    Case(
      name: "a gate of another mapping allows nothing",
      page: page(rejected: 3) { $0.gates.gates = [gate("rejected", .passed, mapping: "tasks")] }, standing: .notReady,
      reasons: ["rejected"]),
    Case(name: "pending", page: page(pending: 1), standing: .notReady, reasons: ["pending"]),
    Case(name: "unaccounted", page: page(lost: 1), standing: .notReady, reasons: ["unaccounted"]),
    Case(
      name: "a failed gate", page: page { $0.gates.gates = [gate("coverage", .failed)] }, standing: .notReady,
      reasons: ["gate-failed"]),
    Case(
      name: "a failed warning", page: page { $0.gates.gates = [gate("coverage", .failed, severity: "warning")] },
      standing: .conditional, conditions: ["gate-warning"]),
    Case(
      name: "an accepted gate", page: page { $0.gates.gates = [gate("coverage", .accepted)] }, standing: .conditional,
      conditions: ["gate-accepted"]),
    Case(
      name: "a gate that was not judged", page: page { $0.gates.gates = [gate("coverage", .notJudged)] }, standing: .conditional,
      conditions: ["gate-not-judged"]),
    Case(
      name: "narrowed", page: page { $0.scope.runs[0].narrowed = "at most 5 records" }, standing: .notReady,
      reasons: ["narrowed"]),
    Case(name: "a dry run", page: page { $0.scope.runs[0].isDryRun = true }, standing: .notReady, reasons: ["dry-run"]),
    Case(name: "a replay", page: page { $0.scope.runs[0].replayOf = "r0" }, standing: .notReady, reasons: ["replay"]),
    Case(name: "a failed run", page: page { $0.scope.runs[0].status = "failed" }, standing: .notReady, reasons: ["not-done"]),
    Case(
      name: "an incomplete snapshot", page: page { $0.scope.runs[0].snapshotIsComplete = false }, standing: .notReady,
      reasons: ["incomplete-snapshot"]),
    Case(
      name: "records that the source refused",
      page: page { $0.sourceCounts.entities = [.init(run: "r1", entity: "contact", expected: 101, read: 100)] },
      standing: .notReady, reasons: ["coverage"]),
    Case(
      name: "records that the source refused, as a gate allows",
      page: page {
        $0.sourceCounts.entities = [.init(run: "r1", entity: "contact", expected: 101, read: 100)]
        $0.gates.gates = [gate("coverage", .passed)]
      }, standing: .conditional, conditions: ["coverage"]),
    Case(
      name: "a destination that differs",
      page: page {
        $0.keyDifferences.rows = [
          .init(
            run: "r1", mapping: "contacts", destination: "app", missing: 1, extra: nil, different: 0, duplicate: 0, withoutKey: 0,
            notRead: 0, uncertain: 0, isEqual: false)
        ]
      }, standing: .notReady, reasons: ["reconcile-differs"]),
    Case(
      name: "a total that differs",
      page: page {
        $0.controlTotals.rows = PageList(
          [.init(run: "r1", mapping: "contacts", destination: "app", measure: .hash, target: "a", stored: "b", isEqual: false)],
          limit: 9)
      }, standing: .notReady, reasons: ["totals-differ"]),
  ]

  @Test(arguments: cases) func `each number leads to its reason or condition`(_ item: Case) {
    let verdict = PageVerdict.judge(item.page, findings: [], unmasked: [])
    #expect(verdict.reasons.map(\.kind) == item.reasons)
    #expect(verdict.conditions.map(\.kind) == item.conditions)
    #expect(verdict.standing == item.standing)
    let start = [.ready: "Ready to sign", .conditional: "Ready to sign with", .notReady: "Not ready: "][item.standing]
    #expect(verdict.heading.hasPrefix(start ?? "?"), "\(verdict.heading)")
  }

  @Test func `serious findings are reasons, notable ones and unmasked values are conditions`() {
    func finding(_ weight: PageVerdict.Finding.Weight) -> PageVerdict.Finding {
      .init(
        weight: weight, run: "r1", kind: "shifted-column", mapping: "contacts", field: "email", business: nil, text: "t",
        advice: "a",
        section: "quality")
    }
    let serious = PageVerdict.judge(Self.page(), findings: [finding(.serious)], unmasked: [])
    #expect(serious.standing == .notReady && serious.reasons.first?.field == "email")
    let notable = PageVerdict.judge(Self.page(), findings: [finding(.notable)], unmasked: [])
    #expect(notable.standing == .conditional && notable.conditions.map(\.kind) == ["shifted-column"])
    let shown = PageVerdict.judge(
      Self.page(), findings: [], unmasked: [.init(run: "r1", mapping: "contacts", fields: ["email"], text: "shown")])
    #expect(shown.standing == .conditional && shown.unmasked.count == 1)
  }

  @Test func `signatures name the conditions of each role, and end`() {
    var page = Self.page(isReconciled: false)
    page.verdict = PageVerdict.judge(page, findings: [], unmasked: [])
    let signatures = SignaturesSection(page)
    #expect(signatures.roles.map(\.role) == ["Integration engineer", "Operator", "Data owner"])
    #expect(signatures.roles.map(\.conditions.count) == [0, 1, 1] && signatures.roles.allSatisfy(\.maySign))
    #expect(signatures.expires == "2026-12-08T02:10:00Z")
  }
}
