import Control
import Core
import Report
import Testing

@testable import Commands
@testable import Pipeline

/// What to do after a run that ran out of requests.
@Suite struct RunAdviceTests {
  /// - Parameter loaded: records that a destination has received.
  private static func lines(
    _ pause: OperationFailure.Code, seconds: Int? = nil, loaded: Int = 0, input: String? = nil, pipeline: [String] = [],
    _ change: (inout RunEngine.Report) -> Void = { _ in }
  ) -> [String] {
    var summary = RunSummary(run: "r1", pipeline: "crm", started: "2026-11-29T02:14:07Z")
    (summary.status, summary.exitCode, summary.retryAfterSeconds) = (.interrupted, .tryLater, seconds)
    summary.input = input
    var counts = OutcomeCounts()
    (counts[.created], counts[.pending]) = (loaded, 4)
    summary.entities = [.init(name: "contacts", read: 4 + loaded, destinations: [.init(name: "crm", counts: counts)])]
    var report = RunEngine.Report(summary: summary)
    (report.folder, report.pause, report.hasSnapshot, report.canResume) = (".waybill/runs/r1", pause, true, true)
    change(&report)
    let advice = RunAdvice(report: report, pipeline: pipeline, choice: ["crm.yaml"], narrowing: ["--limit", "5"])
    return advice.lines.filter { $0.command != nil }.map { "\($0.text) \($0.command ?? "")" }
  }

  static let stops: [(OperationFailure.Code, Int?, when: String, anew: String)] = [
    (.dailyQuotaSpent, nil, "tomorrow", "tomorrow"),
    (.budgetSpent, nil, "without --budget, or with a new one", "with a larger --budget"), (.throttled, nil, "later", "later"),
    (.askedToWait, 3_600, "in 1 h", "in 1 h"),
  ]

  @Test("a run that has read its source is continued", arguments: stops.indices)
  func continued(_ index: Int) {
    let (code, seconds, when, _) = Self.stops[index]
    let published = Self.lines(code, seconds: seconds) { $0.published = ["out/a.csv"] }
    let found = [
      Self.lines(code, seconds: seconds, loaded: 3), Self.lines(code, seconds: seconds),
      Self.lines(code, seconds: seconds, input: "in.ndjson"), published,
    ]
    let kept = [
      "What was loaded is kept.", "The extraction is complete.", "The input has been read.", "What was published is complete.",
    ]
    #expect(found.map(\.last) == kept.map { "\($0) Continue \(when): waybill run --resume r1" })
  }

  @Test(
    arguments: [
      (["out/a.csv"], 4, ["To compare the destinations with it: waybill reconcile r1"]),
      ([], 4, ["To compare the destinations with it: waybill reconcile r1"]),
      (["-"], 4, []), ([], 0, []),
    ] as [([String], Int, [String])])
  func `after a run in which nothing is wrong, the destinations can be compared`(
    _ published: [String], _ loaded: Int, _ expected: [String]
  ) {
    let lines = Self.lines(.interrupted) { report in
      var counts = OutcomeCounts()
      counts[.written] = loaded
      report.summary.entities = [.init(name: "contacts", read: loaded, destinations: [.init(name: "files", counts: counts)])]
      (report.summary.status, report.summary.exitCode, report.canResume) = (.done, .done, false)
      report.published = published
    }
    #expect(lines == expected)
  }

  @Test(
    arguments: [
      (
        ["m": 2],
        [
          "2 records rejected. See why: waybill ledger r1 --severity error",
          "A table for each kind of repair: waybill rejects r1 --by-repair --output repairs-r1",
        ]
      ),
      (
        ["m": 2, "n": 3],
        [
          "5 records rejected. See why: waybill ledger r1 --severity error",
          "A table for each kind of repair, for 'n': waybill rejects r1 --mapping n --by-repair --output repairs-r1",
        ]
      ),
      (
        ["m": 2, "n": 0, "o": 0],
        [
          "2 records rejected. See why, in a table for each kind of repair: "
            + "waybill rejects r1 --by-repair --output repairs-r1"
        ]
      ),
    ] as [([String: Int], [String])])
  func `rejects are handed to the people who can repair them`(_ rejected: [String: Int], _ expected: [String]) {
    let lines = Self.lines(.interrupted) { report in
      report.summary.entities = rejected.sorted { $0.key < $1.key }.map { name, count in
        var counts = OutcomeCounts()
        counts[.rejected] = count
        return .init(name: name, read: count, destinations: [.init(name: "files", counts: counts)])
      }
      (report.summary.status, report.summary.exitCode, report.canResume) = (.partial, .recordsFailed, false)
    }
    #expect(Array(lines.prefix(expected.count)) == expected)
    #expect(lines.count == expected.count, "\(lines)")
  }

  @Test func `after a gate on the load, the open records are replayed`() {
    let lines = Self.lines(.interrupted, loaded: 3, pipeline: ["crm.yaml"]) { report in
      (report.summary.status, report.summary.exitCode) = (.gateFailed, .gateFailed)
      report.summary.gates = [
        .init(gate: "pending", stage: .load, limit: 0, actual: 4, unit: .records, passed: false, severity: .error)
      ]
    }
    #expect(
      lines == [
        "A gate failed after the load, so the records are published. See why: waybill ledger r1 --severity error",
        "Once the cause is fixed, load the open records again: waybill replay r1 --pipeline crm.yaml",
      ])
  }

  @Test("a run that has not read its source starts over", arguments: stops.indices)
  func startedOver(_ index: Int) {
    let (code, seconds, _, when) = Self.stops[index]
    let last = Self.lines(code, seconds: seconds) { ($0.hasSnapshot, $0.summary.entities) = (false, []) }.last
    #expect(last == "Nothing was published. Start over \(when): waybill run crm.yaml --limit 5")
  }
}
