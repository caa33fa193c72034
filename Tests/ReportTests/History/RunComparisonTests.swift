import Core
import Report
import Testing

@Suite("Comparing runs")
struct RunComparisonTests {
  private static func figures(_ run: String, _ change: (inout RunFigures) -> Void = { _ in }) -> RunFigures {
    var figures = RunFigures(run: run, pipeline: "nightly", status: .done, started: "2026-07-25T02:00:00Z")
    figures.location = "loc1"
    figures.kind = .whole
    var outcomes = OutcomeCounts()
    outcomes[.created] = 8
    outcomes[.rejected] = 2
    figures.mappings = [
      .init(
        "contacts", key: "contact id", read: 10, destinations: [.init("app", outcomes)], warnings: 1,
        codes: ["email-invalid": 2, "phone-invalid": 1])
    ]
    figures.gates = [.init("rejected", subject: "contacts", limit: 25, actual: 20, .passed)]
    figures.definitions = ["m.yaml": "ab"]
    change(&figures)
    return figures
  }

  @Test func `equal runs have no differences`() {
    let comparison = RunComparison(before: Self.figures("a"), after: Self.figures("b"))
    #expect(comparison.isComparable && comparison.newCodes.isEmpty && comparison.goneCodes.isEmpty)
    #expect(comparison.definitions == [])
    #expect(comparison.mappings.first?.read == .init(10, 10) && comparison.mappings.first?.read.percent == 0)
    #expect(comparison.mappings.first?.outcomes.map(\.outcome) == [.created, .rejected])
    #expect(comparison.gates.map(\.hasOtherVerdict) == [false] && comparison.gates.map(\.hasOtherLimit) == [false])
  }

  @Test func `new and gone codes, mappings, gates and files are found`() throws {
    let after = Self.figures("b") { figures in
      figures.mappings?[0].read = 5
      figures.mappings?[0].codes = ["email-invalid": 7, "required": 1]
      figures.mappings?.append(.init("tasks", read: 3, codes: ["orphan": 1]))
      figures.gates = [.init("rejected", subject: "contacts", limit: 25, actual: 40, .failed), .init("read", .passed)]
      figures.definitions = ["m.yaml": "cd", "lookup.csv": "ef"]
    }
    let comparison = RunComparison(before: Self.figures("a"), after: after)
    #expect(comparison.isComparable)
    #expect(comparison.newCodes.map(\.code) == ["required", "orphan"] && comparison.goneCodes.map(\.code) == ["phone-invalid"])
    let contacts = try #require(comparison.mappings.first)
    #expect(contacts.read.difference == -5 && contacts.read.percent == -50)
    // The greatest difference first.
    #expect(contacts.codes.map(\.code) == ["email-invalid", "phone-invalid", "required"])
    #expect(comparison.mappings.last?.read == .init(nil, 3))
    #expect(comparison.gates.map(\.hasOtherVerdict) == [true, true])
    #expect(comparison.definitions?.map(\.name) == ["lookup.csv", "m.yaml"])
    #expect(comparison.definitions?.first?.before == nil)
    let json = try JSONReader.read(comparison.json.text)
    #expect(json["comparable"] == .bool(true) && json["gates"]?.arrayValue?.count == 2)
    #expect(json["mappings"]?["contacts"]?["destinations"]?["app"]?["created"]?["before"] == .number(8))
    #expect(json["mappings"]?["tasks"]?["read"]?["before"] == .null)
    let reverse = RunComparison(before: after, after: Self.figures("a"))
    #expect(reverse.goneCodes.map(\.code) == ["required", "orphan"] && reverse.mappings.map(\.name) == ["contacts", "tasks"])
  }

  static let obstacles: [(change: @Sendable (inout RunFigures) -> Void, text: String)] = [
    ({ $0.pipeline = "weekly" }, "the pipelines are 'nightly' and 'weekly'"),
    ({ $0.location = "loc2" }, "the locations are 'loc1' and 'loc2'"),
    ({ $0.location = nil }, "the locations are 'loc1' and unknown"),
    (
      {
        $0.kind = .narrowed
        $0.narrowing = "at most 5 records"
      }, "run b was narrowed: at most 5 records"
    ),
    ({ $0.kind = .dry }, "run b was a dry run"), ({ $0.kind = .replay }, "run b was a replay"),
    ({ $0.kind = .load }, "run b loaded target records"),
    (
      {
        $0.kind = .incomplete
        $0.status = .interrupted
      }, "run b did not publish everything"
    ),
    ({ $0.mappings = nil }, "run b has no summary: it was killed, or has not ended"),
    (
      { $0.mappings?[0].key = "contact email" },
      "the source key of 'contacts' is 'contact id' in one run and 'contact email' in the other"
    ),
  ]

  @Test(arguments: obstacles)
  func `what makes runs not comparable is named`(change: @Sendable (inout RunFigures) -> Void, text: String) {
    let comparison = RunComparison(before: Self.figures("a"), after: Self.figures("b", change))
    #expect(comparison.obstacles.map(\.text) == [text])
    #expect(!comparison.isComparable)
  }

  @Test func `groups of one gate are compared in their order`() {
    func gates(_ verdicts: RunFigures.Gate.Verdict...) -> RunFigures {
      Self.figures("a") { $0.gates = verdicts.map { .init("rejected", subject: "contacts", limit: 2, $0) } }
    }
    let comparison = RunComparison(before: gates(.passed, .failed), after: gates(.passed, .passed, .warning))
    #expect(comparison.gates.map(\.hasOtherVerdict) == [false, true, true])
    #expect(comparison.gates.last?.before == nil)
  }

  @Test func `runs that did not record their files do not say that these are the same`() {
    let old = Self.figures("a") { $0.definitions = nil }
    #expect(RunComparison(before: old, after: Self.figures("b")).definitions == nil)
  }
}
