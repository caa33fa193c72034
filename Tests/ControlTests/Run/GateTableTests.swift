import Control
import Core
import Testing

/// How each gate is judged, as tables.
@Suite struct GateTableTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var gate: GateDocument
    var change: @Sendable (inout GateJudge.Facts) -> Void = { _ in }
    var run = GateJudge.RunFacts()
    /// Each result as `GATE STAGE LIMIT ACTUAL MARGIN UNIT BOUND VERDICT`; `-` is not known.
    var expected: [String]

    init(
      _ name: String, _ rule: GateDocument.Rule, run: GateJudge.RunFacts = .init(), _ expected: [String],
      _ change: @escaping @Sendable (inout GateJudge.Facts) -> Void = { _ in }
    ) {
      testDescription = name
      gate = GateDocument(rule)
      self.run = run
      self.expected = expected
      self.change = change
    }
  }

  static let email = GateField(mapping: "contacts", name: "email")

  static func shown(_ result: GateResult) -> String {
    func number(_ value: Double?) -> String { value.map { JSONValue.number($0).text } ?? "-" }
    return [
      result.gate, result.stage.rawValue, number(result.limit), number(result.actual), number(result.margin),
      result.unit.rawValue,
      result.isMaximum ? "max" : "min", result.verdict.rawValue,
    ].joined(separator: " ")
  }

  static func facts(_ change: (inout GateJudge.Facts) -> Void = { _ in }) -> GateJudge.Facts {
    var facts = GateJudge.Facts(mapping: "contacts", read: 100, written: 90, rejected: 10, fetched: 100, expected: 100)
    change(&facts)
    return facts
  }

  static let before: [Case] = [
    Case(
      "exactly the limit passes", .rejected(maxPercent: 10, minRecords: 0, max: nil),
      [
        "rejected transform 10 10 0 percent max passed"
      ]),
    Case(
      "below the sample, the number counts", .rejected(maxPercent: 50, minRecords: 101, max: 9),
      [
        "rejected transform 9 10 -1 records max failed"
      ]),
    Case(
      "below the sample, without a number, nothing is judged", .rejected(maxPercent: 5, minRecords: 101, max: nil),
      [
        "rejected transform 5 10 -5 percent max not-judged"
      ]),
    Case(
      "a share of no records is 0", .rejected(maxPercent: 0, minRecords: 0, max: nil),
      [
        "rejected transform 0 0 0 percent max passed"
      ]
    ) { ($0.read, $0.rejected, $0.written) = (0, 0, 0) },
    Case(
      "a source that has doubled", .written(min: 0, minPercentOfLast: 50, maxPercentOfLast: 150),
      [
        "written transform 50 180 130 percent min passed", "written transform 150 180 -30 percent max failed",
      ]
    ) { $0.last = .init(run: "r", count: 50) },
    Case(
      "a small last run is not compared with", .written(min: 0, minPercentOfLast: 50, maxPercentOfLast: 150, minRecords: 51),
      [
        "written transform 50 180 130 percent min not-judged", "written transform 150 180 -30 percent max not-judged",
      ]
    ) { $0.last = .init(run: "r", count: 50) },
    Case(
      "whether there was a last run is not recorded", .written(min: 0, minPercentOfLast: 50),
      [
        "written transform 50 - - percent min not-judged"
      ]
    ) { $0.isLastKnown = false },
    Case("a coverage that was not recorded", .coverage(minPercent: 99), ["coverage extract 99 - - percent min not-judged"]) {
      ($0.fetched, $0.expected) = (nil, nil)
    },
    Case(
      "a coverage of a small source", .coverage(minPercent: 99, minRecords: 101),
      [
        "coverage extract 99 50 -49 percent min not-judged"
      ]
    ) { $0.fetched = 50 },
    Case("warnings", .warnings(GateCeiling(maxPercent: 5)), ["warnings transform 5 120 -115 percent max failed"]) {
      $0.warnings = 120
    },
    Case(
      "warnings with a code", .warnings(GateCeiling(max: 2), code: "phone-invalid"),
      [
        "warnings transform 2 2 0 records max passed"
      ]
    ) { ($0.warnings, $0.codes) = (9, ["phone-invalid": 2, "email-invalid": 7]) },
    Case(
      "no warnings with the code", .warnings(GateCeiling(max: 0), code: "phone-invalid"),
      [
        "warnings transform 0 0 0 records max passed"
      ]),
    Case("orphans", .orphans(GateCeiling(maxPercent: 1)), ["orphans transform 1 3 -2 percent max failed"]) {
      $0.codes = ["orphan": 3]
    },
    Case("complete", .complete(email, minPercent: 95, max: nil), ["complete transform 95 90 -5 percent min failed"]) {
      $0.fields["email"] = .init(records: 90, present: 81, null: 9)
    },
    Case(
      "complete, exactly the limit", .complete(email, minPercent: 90, max: nil),
      [
        "complete transform 90 90 0 percent min passed"
      ]
    ) { $0.fields["email"] = .init(records: 90, present: 81, null: 9) },
    Case(
      "complete, a number below the sample", .complete(email, minPercent: 95, max: 9, minRecords: 91),
      [
        "complete transform 9 9 0 records max passed"
      ]
    ) { $0.fields["email"] = .init(records: 90, present: 81, null: 9) },
    Case(
      "complete without records", .complete(email, minPercent: 95, max: nil),
      [
        "complete transform 95 100 5 percent min passed"
      ]
    ) { $0.fields["email"] = .init() },
    Case(
      "complete, not counted", .complete(email, minPercent: 95, max: nil),
      [
        "complete transform 95 - - percent min not-judged"
      ]),
    Case(
      "complete with a number, not counted", .complete(email, minPercent: nil, max: 3),
      [
        "complete transform 3 - - records max not-judged"
      ]),
    Case("unique", .unique(email, GateCeiling(max: 0)), ["unique transform 0 2 -2 records max failed"]) {
      $0.fields["email"] = .init(records: 90, present: 81, distinct: 79)
    },
    Case(
      "unique as a share of the values", .unique(email, GateCeiling(maxPercent: 2.5)),
      [
        "unique transform 2.5 2.5 0 percent max passed"
      ]
    ) { $0.fields["email"] = .init(records: 90, present: 80, distinct: 78) },
    Case(
      "unique, present but not distinct counted", .unique(email, GateCeiling(max: 0)),
      [
        "unique transform 0 - - records max not-judged"
      ]
    ) { $0.fields["email"] = .init(records: 90, present: 81) },
    Case("quota", .quota(min: 5), run: .init(quotaRemaining: 5, isQuotaKnown: true), ["quota extract 5 5 0 requests min passed"]),
    Case(
      "too little quota", .quota(min: 5), run: .init(quotaRemaining: 4, isQuotaKnown: true),
      [
        "quota extract 5 4 -1 requests min failed"
      ]),
    Case(
      "a quota that the source did not report", .quota(min: 0), run: .init(isQuotaKnown: true),
      [
        "quota extract 0 - - requests min failed"
      ]),
    Case("no request", .quota(min: 5), ["quota extract 5 - - requests min not-judged"]),
    Case(
      "an old snapshot", .freshness(maxSeconds: 60), run: .init(snapshotAge: 61),
      [
        "freshness extract 60 61 -1 seconds max failed"
      ]),
    Case("a snapshot without a time", .freshness(maxSeconds: 60), ["freshness extract 60 - - seconds max not-judged"]),
    Case("the newest value", .freshness(maxSeconds: 60, field: email), ["freshness extract 60 60 0 seconds max passed"]) {
      ($0.fields["email"], $0.ages["email"]) = (.init(records: 90, present: 1), 60)
    },
    Case("no value is a date", .freshness(maxSeconds: 60, field: email), ["freshness extract 60 - - seconds max failed"]) {
      $0.fields["email"] = .init(records: 90, present: 90)
    },
    Case("gates about the load wait", .failed(GateCeiling(max: 0)), []),
  ]

  @Test(arguments: before) func `a gate before the load`(_ item: Case) {
    let results = GateJudge([item.gate]).judge([Self.facts(item.change)], item.run)
    #expect(results.map(Self.shown) == item.expected)
    #expect(results.allSatisfy { !$0.isAfterLoad })
    #expect(results.contains(where: \.stops) == item.expected.contains { $0.hasSuffix(" failed") })
  }

  static func load(
    _ delivery: DestinationTraits.Delivery = .incremental, obstacle: String? = nil, _ comparison: GateJudge.Comparison? = nil
  ) -> GateJudge.Load {
    var counts = OutcomeCounts()
    (counts[.created], counts[.failed], counts[.pending]) = (80, 9, 1)
    return .init("app", delivery, counts: counts, obstacle: obstacle, comparison: comparison)
  }

  static let after: [Case] = [
    Case("failed", .failed(GateCeiling(maxPercent: 10)), ["failed load 10 10 0 percent max passed"]) { $0.loads = [load()] },
    Case("too many failed", .failed(GateCeiling(max: 8)), ["failed load 8 9 -1 records max failed"]) { $0.loads = [load()] },
    Case("a file refuses nothing", .failed(GateCeiling(max: 0)), []) { $0.loads = [load(.atomic)] },
    Case("pending", .pending(GateCeiling(max: 0)), ["pending load 0 1 -1 records max failed"]) { $0.loads = [load(.atomic)] },
    Case("a load that is not complete", .pending(GateCeiling(max: 0)), ["pending load 0 - - records max not-judged"]) {
      $0.loads = [load(obstacle: "the load is not complete")]
    },
    Case(
      "two destinations", .pending(GateCeiling(max: 1)),
      [
        "pending load 1 1 0 records max passed", "pending load 1 1 0 records max passed",
      ]
    ) { $0.loads = [load(), load(.atomic)] },
    Case("parents that were not loaded", .orphans(GateCeiling(max: 3)), ["orphans load 3 4 -1 records max failed"]) {
      ($0.loads, $0.codes) = ([load()], ["orphan": 2, "parent-not-loaded": 2])
    },
    Case("all parents were loaded", .orphans(GateCeiling(max: 0)), []) { ($0.loads, $0.codes) = ([load()], ["orphan": 2]) },
    Case("not reconciled yet", .reconciled(GateCeiling(max: 0)), ["reconciled compare 0 - - records max not-judged"]) {
      $0.loads = [load()]
    },
    Case("reconciled", .reconciled(GateCeiling(maxPercent: 1)), ["reconciled compare 1 2.5 -1.5 percent max failed"]) {
      $0.loads = [load(.incremental, .init(loaded: 80, differences: 2, totals: 0))]
    },
    Case("totals", .controlTotals(max: 0), ["control_totals compare 0 1 -1 totals max failed"]) {
      $0.loads = [load(.incremental, .init(loaded: 80, differences: 2, totals: 1))]
    },
    Case("not all could be compared", .reconciled(GateCeiling(max: 5)), ["reconciled compare 5 0 5 records max not-judged"]) {
      $0.loads = [load(.incremental, .init(loaded: 80, differences: 0, totals: 0, isComplete: false))]
    },
    Case("a difference counts even then", .reconciled(GateCeiling(max: 0)), ["reconciled compare 0 1 -1 records max failed"]) {
      $0.loads = [load(.incremental, .init(loaded: 80, differences: 1, totals: 0, isComplete: false))]
    },
    Case("gates before the load are not repeated", .read(min: 1), []) { $0.loads = [load()] },
  ]

  @Test(arguments: after) func `a gate after the load`(_ item: Case) {
    let results = GateJudge([item.gate]).judgeLoad([Self.facts(item.change)])
    #expect(results.map(Self.shown) == item.expected)
    #expect(results.allSatisfy { $0.isAfterLoad })
  }

  @Test func `only the mappings that a gate names are judged, and those that did not take part are reported`() {
    let gate = GateDocument(.rejected(maxPercent: nil, minRecords: 0, max: 0), mappings: ["contacts", "tasks"])
    let other = GateJudge.Facts(mapping: "notes", read: 1, rejected: 1, fetched: 1, expected: 1)
    let results = GateJudge([gate]).judge([Self.facts(), other])
    #expect(results.map(\.mapping) == ["contacts", "tasks"])
    #expect(results.map(\.verdict) == [.failed, .notJudged])
    #expect(results.last?.reason == "the mapping was not part of the run")
    let exempt = GateDocument(.rejected(maxPercent: nil, minRecords: 0, max: 0), exempt: ["contacts"])
    #expect(GateJudge([exempt]).judge([Self.facts(), other]).map(\.mapping) == ["notes"])
  }

  @Test func `words of the author, severity, acceptance and replays`() throws {
    let rule = GateDocument.Rule.failed(GateCeiling(max: 0))
    let facts = [Self.facts { $0.loads = [Self.load()] }]
    let failed = try #require(GateJudge([GateDocument(rule, message: "Ask Ada.")]).judgeLoad(facts).first)
    #expect(failed.stops)
    #expect(failed.text == "failed of contacts at app: 9 records, at most 0 required; the records are published: Ask Ada.")
    let warning = try #require(GateJudge([GateDocument(rule, severity: .warning)]).judgeLoad(facts).first)
    #expect(!warning.stops && warning.verdict == .warning)
    let accepted = try #require(GateJudge([GateDocument(rule)], accepted: ["failed"]).judgeLoad(facts).first)
    #expect(!accepted.stops && accepted.verdict == .accepted && accepted.isSettled)
    let replay = try #require(GateJudge([GateDocument(rule)], isReplay: true).judgeLoad(facts).first)
    #expect(!replay.stops && replay.verdict == .notJudged && replay.reason == "a replay has only some of the records")
  }

  @Test func `a passing gate allows failed and pending records, and a failing one decides the exit code`() {
    let part = RunPart(mapping: "contacts", destination: "app")
    var counts = OutcomeCounts()
    (counts[.created], counts[.failed]) = (81, 9)
    let mapping = MappingCounts("contacts", read: 90, written: 90)
    func end(_ gates: [GateDocument], accepted: Set<String> = [], isLenient: Bool = false) -> Verdict {
      let facts = Self.facts { $0.loads = [.init("app", .incremental, counts: counts)] }
      return verdict(
        RunPlan(destinations: [.init("app", .incremental)], isLenient: isLenient, judgesLoad: true),
        [
          .compiled(.init(mappings: ["contacts"], groups: [["contacts"]])), .snapshot(.init(snapshot: "s")),
          .staged(.init([mapping])),
          .judged([]), .loaded([.init(part, counts: counts)]), .accounted([.init(part, counts)]),
          .loadJudged(GateJudge(gates, accepted: accepted).judgeLoad([facts])),
        ])
    }
    #expect(end([]).exitCode == .recordsFailed)
    #expect(end([GateDocument(.failed(GateCeiling(max: 9)))]).exitCode == .done)
    let failed = end([GateDocument(.failed(GateCeiling(max: 8)))])
    #expect(failed.exitCode == .gateFailed && failed.status == .gateFailed)
    #expect(
      failed.messages == [
        "gate failed of contacts at app: 9 records, at most 8 required; the records are published",
        "9 records of 'contacts' at 'app' failed",
      ])
    #expect(end([GateDocument(.failed(GateCeiling(max: 8)))], accepted: ["failed"]).exitCode == .done)
    #expect(end([GateDocument(.failed(GateCeiling(max: 8)), severity: .warning)]).exitCode == .recordsFailed)
    #expect(end([GateDocument(.failed(GateCeiling(max: 8)))], isLenient: true).exitCode == .gateFailed)
  }
}
