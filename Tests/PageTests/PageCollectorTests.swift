import Core
import Report
import State
import TestSupport
import Testing

@testable import Page

/// The page as it is collected from the files of runs.
@Suite("The page of a run") struct PageCollectorTests {
  @Test func `the identity is written out, and adds up`() throws {
    let runs = PageRuns()
    try runs.add(summary: PageRuns.summary(PageRuns.id, rejected: 7))
    let page = try runs.page(of: PageRuns.id)
    let row = try #require(page.identity.rows.first)
    #expect(row.equation == "read 100 = created 93 + rejected 7")
    #expect(row.sum == 100 && row.difference == 0 && row.outcomes.count == Outcome.allCases.count)
    #expect(page.identity.totals.isEmpty && page.identity.unaccounted == 0)
    let gate = try #require(page.gates.gates.first)
    #expect(gate.isMaximum && gate.margin == 3 && gate.outcome == .passed)
    #expect(page.resources.runs.first?.requests == 7 && page.resources.runs.first?.seconds == 600)
  }

  @Test func `what a run has not recorded is said, and is not zero`() throws {
    let runs = PageRuns()
    try runs.add()
    let page = try runs.page(of: PageRuns.id)
    #expect(page.completeness.rows.rows.isEmpty && !page.completeness.missing.isEmpty)
    #expect(page.controlTotals.rows.rows.isEmpty && !page.controlTotals.missing.isEmpty)
    #expect(page.targetCounts.rows.first?.stored == nil && page.targetCounts.rows.first?.accepted == 100)
    #expect(page.sample.records.isEmpty && !page.sample.missing.isEmpty)
    #expect(page.sourceCounts.entities.isEmpty && !page.sourceCounts.missing.isEmpty)
    #expect(page.lastRun.comparisons.first?.previous == nil && !page.lastRun.missing.isEmpty)
    #expect(page.json["target_counts"]?["rows"]?.arrayValue?.first?["stored"] == nil)
  }

  @Test func `a run without a summary has a page, which is not ready`() throws {
    let runs = PageRuns()
    try runs.store.begin(RunRecord(id: PageRuns.id, pipeline: "nightly", started: "2026-12-01T02:00:00Z"))
    let page = try runs.page(of: PageRuns.id)
    #expect(page.verdict.standing == .notReady && page.identity.rows.isEmpty)
    #expect(page.signatures.expires == nil && page.signatures.roles.allSatisfy { !$0.maySign })
  }

  @Test func `completeness sets a target field beside its source, and unmapped fields are what nothing reads`() throws {
    let runs = PageRuns()
    try runs.add()
    try runs.write("contacts.fields.json", PageRuns.fields)
    try runs.write("profiles/contacts.json", PageRuns.profile(email: 40))
    let page = try runs.page(of: PageRuns.id)
    let row = try #require(page.completeness.rows.rows.first { $0.field == "email" })
    #expect(row.target.percent == 40 && row.sources.map(\.field) == ["email"] && row.points == -60)
    #expect(page.completeness.rows.rows.first { $0.field == "status" }?.points == 40)
    #expect(page.unmapped.rows.rows.map(\.field) == ["city"])
    let finding = try #require(page.verdict.findings.first { $0.kind == "completeness-fell" })
    #expect(finding.weight == .serious && finding.mapping == "contacts" && finding.field == "email")
    #expect(finding.text.contains("40%"), "\(finding.text)")
  }

  @Test func `exceptions are grouped by what repairs them, with the first keys`() throws {
    let runs = PageRuns()
    let lines =
      (1...5).map { PageRuns.line("email-invalid", "c\($0)", field: "email") }
      + [PageRuns.line("required", "c9", field: "name"), PageRuns.line("merged", "c8", severity: "note")]
    try runs.add(summary: PageRuns.summary(PageRuns.id, rejected: 6), ledger: lines)
    let page = try runs.page(of: PageRuns.id)
    #expect(page.exceptions.lines == 7)
    let group = try #require(page.exceptions.groups.first)
    #expect(group.repair == RepairAction(.emailInvalid).slug && group.errors == 5)
    let problem = try #require(group.problems.rows.first)
    #expect(problem.code == "email-invalid" && problem.count == 5 && problem.examples == ["c1", "c2", "c3"])
    #expect(problem.message == "wrong")
    #expect(page.exceptions.groups.map { $0.errors + $0.warnings + $0.notes }.reduce(0, +) == 7)
    let quality = try #require(page.quality.rows.first)
    #expect(quality.kind == .email && quality.count == 5 && quality.of == 100)
  }

  @Test func `totals of source, target and destination are in one row, and differences are counted`() throws {
    let runs = PageRuns()
    try runs.add()
    try runs.write(
      "totals.json",
      """
      {"version":1,"mappings":[{"mapping":"contacts","source":{"items":100,"records":100,"distinct_keys":100,"digest":"bb"},
       "destinations":[{"destination":"app","of":"loaded","records":100,"distinct_keys":100,"digest":"aa",
        "sums":[{"field":"credit","records":100,"sum":"12.50"},{"field":"secret","records":100,"sum":null,"hidden":true}],
        "dates":[]}]}]}
      """)
    try runs.write("reconcile.json", PageRuns.reconciled(sum: "12.49"))
    let page = try runs.page(of: PageRuns.id)
    let rows = page.controlTotals.rows.rows
    #expect(rows.first { $0.measure == .records }.map { [$0.source, $0.target, $0.stored] } == ["100", "100", "100"])
    #expect(rows.first { $0.measure == .hash }.map { $0.source == "bb" && $0.isEqual == true } == true)
    let sum = try #require(rows.first { $0.measure == .sum })
    #expect(sum.target == "12.50" && sum.stored == "12.49" && sum.isEqual == false)
    #expect(!rows.contains { $0.field == "secret" && $0.measure == .sum })
    #expect(page.controlTotals.unequal == 1)
    #expect(page.verdict.reasons.map(\.kind) == ["totals-differ"])
  }

  @Test func `a run is compared with the last one, business by business`() throws {
    let runs = PageRuns()
    try runs.add(PageRuns.earlier, summary: PageRuns.summary(PageRuns.earlier))
    try runs.add(summary: PageRuns.summary(PageRuns.id, rejected: 2, codes: #"{"email-invalid": 2}"#))
    try runs.write("businesses.json", PageRuns.businesses([("b1", 50, 50), ("b2", 50, 50)]), of: PageRuns.earlier)
    try runs.write("businesses.json", PageRuns.businesses([("b1", 55, 55), ("b2", 45, 43)]))
    let page = try runs.page(of: PageRuns.id)
    let comparison = try #require(page.lastRun.comparisons.first)
    #expect(comparison.previous == PageRuns.earlier)
    #expect(
      comparison.changes.rows.contains { $0.figure == "code email-invalid" && $0.before == 0 && $0.now == 2 && $0.change == 2 })
    #expect(page.sourceCounts.businesses.rows.map(\.business) == ["b2", "b1"])
    #expect(page.sourceCounts.businesses.rows.first?.change == -5)
    #expect(page.verdict.findings.filter { $0.kind == "business-fell" }.map(\.business) == ["b2"])
    let trend = try #require(page.trends.series.rows.first { $0.figure == "email-invalid" })
    #expect(trend.isCode && trend.points.map(\.count) == [0, 2])
  }

  @Test func `several runs become one page with a row each, and equal mappings are added up`() throws {
    let runs = PageRuns()
    let other = "20261201T030000000Z-00bbbb"
    try runs.add(summary: PageRuns.summary(PageRuns.id, rejected: 1))
    try runs.add(other, location: "loc2", summary: PageRuns.summary(other, rejected: 2))
    let page = try runs.page(of: PageRuns.id, other)
    #expect(page.runs == [PageRuns.id, other] && page.scope.runs.map(\.location) == ["loc1", "loc2"])
    #expect(page.identity.rows.map(\.run) == [PageRuns.id, other])
    #expect(page.identity.totals.map(\.equation) == ["read 200 = created 197 + rejected 3"])
    #expect(page.gates.gates.count == 2 && page.resources.runs.count == 2)
    #expect(page.verdict.conditions.contains { $0.run == other && $0.kind == "rejected" })
  }

  @Test func `a sample of several mappings has twenty-five records in all`() {
    #expect(SampleSection.shares([25]) == [25])
    #expect(SampleSection.shares([25, 25, 25]) == [9, 8, 8])
    #expect(SampleSection.shares([2, 25]) == [2, 23])
    #expect(SampleSection.shares([3, 4]) == [3, 4])
    #expect(SampleSection.shares([]) == [])
  }

  @Test func `the same files give the same page, and its digest is that of its content`() throws {
    let runs = PageRuns()
    try runs.add()
    try runs.write("contacts.fields.json", PageRuns.fields)
    try runs.write("profiles/contacts.json", PageRuns.profile())
    let (one, other) = (try runs.page(of: PageRuns.id), try runs.page(of: PageRuns.id))
    #expect(one == other && one.digest.count == 64)
    #expect(one.sealed.digest == one.digest)
    var changed = one
    changed.identity.rows[0].read += 1
    #expect(changed.sealed.digest != one.digest)
    #expect(one.json.objectValue?.map(\.name).prefix(5) == ["format", "title", "runs", "verdict", "scope"])
    #expect(one.json.objectValue?.last?.name == "digest")
  }

  @Test func `many different problems and three hundred fields stay a small page with exact totals`() throws {
    let runs = PageRuns()
    let lines = (0..<1_000).map { PageRuns.line("rule-\($0 / 100)", "c\($0)", field: "f\($0 % 100)") }
    try runs.add(ledger: lines)
    let fields = (0..<300).map { PageRuns.field("field\($0)", 100, filled: $0 % 101) }.joined(separator: ",")
    let side = #"{"records":100,"more_fields":0,"fields":[\#(fields)]}"#
    try runs.write("profiles/contacts.json", #"{"version":1,"mapping":"contacts","source":\#(side),"target":\#(side)}"#)
    let page = try runs.page(of: PageRuns.id)
    #expect(page.exceptions.lines == 1_000)
    #expect(page.exceptions.groups.map(\.problems.total).reduce(0, +) == 1_000)
    #expect(page.exceptions.groups.allSatisfy { $0.problems.rows.count <= 15 && $0.problems.command != nil })
    #expect(page.completeness.rows.rows.count == 300)
    for form in [PageForm.json, .html] { #expect(PageFile.bytes(of: page, as: form).count < 2_000_000) }
  }
}
