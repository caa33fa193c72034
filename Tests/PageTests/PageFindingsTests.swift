import Core
import Testing

@testable import Page

/// What a data owner must look at is found, with its place.
@Suite("Findings") struct PageFindingsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Files of the run, and of the one before it.
    var files: [String: String]
    var before: [String: String] = [:]
    var ledger: [LedgerEntry] = []
    /// Weight, kind and place of each finding.
    var found: [String]

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "nothing unusual",
      files: [
        "profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("aaaa@aaaa.aa")),
        "contacts.fields.json": PageRuns.fields,
      ], before: ["profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("aaaa@aaaa.aa"))], found: []),
    Case(
      name: "a shifted column, by its name", files: ["profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("Aaaa…"))],
      found: ["serious shifted-column contacts.email"]),
    Case(
      name: "phone numbers, whose digits are folded",
      files: [
        "profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("+9…")).replacing("\"email\"", with: "\"phone\"")
      ], found: []),
    Case(
      name: "texts where phone numbers should be",
      files: [
        "profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("Aaaa…")).replacing("\"email\"", with: "\"phone\"")
      ], found: ["serious shifted-column contacts.phone"]),
    Case(
      name: "a column that differs from the last run",
      files: ["profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("aaaa@aaaa.aa"))],
      before: ["profiles/contacts.json": PageRuns.profile(more: PageRuns.shapes("aa.aa@aa.aa"))],
      found: ["serious shifted-column contacts.email"]),
    Case(
      name: "a default that hides nulls", files: ["changes-made/contacts.json": PageRuns.changes(defaulted: 40)],
      found: ["serious default-hides-nulls contacts.status"]),
    Case(
      name: "a default that was there last time", files: ["changes-made/contacts.json": PageRuns.changes(defaulted: 40)],
      before: ["changes-made/contacts.json": PageRuns.changes(defaulted: 38)],
      found: ["notable default-hides-nulls contacts.status"]),
    Case(name: "a small default", files: ["changes-made/contacts.json": PageRuns.changes(defaulted: 9)], found: []),
    Case(
      name: "a lost tenth of a business", files: ["businesses.json": PageRuns.businesses([("b1", 50, 45), ("b2", 50, 50)])],
      found: ["serious business-lost-records b1"]),
    Case(
      name: "a business that fell", files: ["businesses.json": PageRuns.businesses([("b1", 45, 45), ("b2", 55, 55)])],
      before: ["businesses.json": PageRuns.businesses([("b1", 50, 50), ("b2", 50, 50)])], found: ["serious business-fell b1"]),
    Case(
      name: "many values that are not valid", files: [:],
      ledger: (1...30).map { PageRuns.line("phone-invalid", "c\($0)", field: "phone", severity: "warning") },
      found: ["serious shifted-column contacts.phone"]),
    Case(
      name: "few values that are not valid", files: [:],
      ledger: (1...9).map { PageRuns.line("phone-invalid", "c\($0)", field: "phone", severity: "warning") }, found: []),
  ]

  @Test(arguments: cases) func `each finding names its place`(_ item: Case) throws {
    let runs = PageRuns()
    if !item.before.isEmpty { try runs.add(PageRuns.earlier, summary: PageRuns.summary(PageRuns.earlier)) }
    try runs.add(ledger: item.ledger)
    for (name, text) in item.files { try runs.write(name, text) }
    for (name, text) in item.before { try runs.write(name, text, of: PageRuns.earlier) }
    let found = try runs.page(of: PageRuns.id).verdict.findings.map { finding in
      "\(finding.weight.rawValue) \(finding.kind) "
        + (finding.business ?? [finding.mapping, finding.field].compactMap(\.self).joined(separator: "."))
    }
    #expect(found == item.found)
  }

  @Test func `a narrowed run is not compared with the last one`() throws {
    let runs = PageRuns()
    try runs.add(PageRuns.earlier, summary: PageRuns.summary(PageRuns.earlier))
    try runs.add(narrowed: #"{"limit":5}"#)
    try runs.write("businesses.json", PageRuns.businesses([("b1", 50, 50)]), of: PageRuns.earlier)
    try runs.write("businesses.json", PageRuns.businesses([("b1", 5, 5)]))
    let page = try runs.page(of: PageRuns.id)
    #expect(page.verdict.findings == [] && page.verdict.reasons.map(\.kind) == ["narrowed"])
  }

  @Test func `the distance of two distributions is the share that would have to change`() {
    let even = [PageCount("a", 50), PageCount("b", 50)]
    #expect(PageFindings.distance(even, 100, even, 100) == 0)
    #expect(PageFindings.distance([PageCount("a", 100)], 100, [PageCount("b", 10)], 10) == 1)
    #expect(PageFindings.distance(even, 100, [PageCount("a", 10)], 10) == 0.5)
    #expect(PageFindings.distance([PageCount("a", 50)], 100, [PageCount("a", 100)], 100) == 0.5)
    #expect(PageFindings.distance([], 0, even, 100) == 0)
  }
}
