import Core
import TestSupport
import Testing

@testable import State

@Suite struct SQLiteRunStoreTests {
  let folder = TemporaryFolder()

  var state: String { "\(folder.path)/project/.waybill" }

  func entry(_ run: String, _ code: String, record: String?, stage: String = "transform") -> LedgerEntry {
    LedgerEntry(
      run: run, mapping: "contacts", record: record, stage: stage, severity: "error", code: code, field: "email", line: 3,
      text: #"{"code":"\#(code)"}"#)
  }

  @Test func `a run is remembered with its counts and summary`() throws {
    let runs = try SQLiteRunStore(folder: state)
    var run = RunRecord(id: "r1", pipeline: "nightly", started: "2026-01-01T00:00:00Z")
    try runs.begin(run)
    #expect(try runs.run("r1")?.status == .running)
    run.status = .gateFailed
    run.exitCode = 3
    run.finished = "2026-01-01T00:01:00Z"
    run.snapshot = "s1"
    run.summary = "{}"
    let counts = [OutcomeCount(mapping: "contacts", destination: "files", outcome: .pending, count: 7)]
    try runs.end(run, counts: counts)
    #expect(try runs.run("r1") == run)
    #expect(try runs.counts(of: "r1") == counts)
  }

  @Test func `a run's ledger comes in its order without a sort`() throws {
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    #expect(try runs.ledgerPlan(of: LedgerQuery(run: "r1")).allSatisfy { !$0.contains("TEMP B-TREE") })
    #expect(try runs.ledgerPlan(of: LedgerQuery(run: "r1")).contains { $0.contains("ledger_by_run") })
  }

  @Test func `runs are listed from the newest, and found by the beginning of their id`() throws {
    let runs = try SQLiteRunStore(folder: state)
    for id in ["2026a", "2026b", "2027a"] { try runs.begin(RunRecord(id: id, pipeline: "p", started: id)) }
    #expect(try runs.runs().map(\.id) == ["2027a", "2026b", "2026a"])
    #expect(try runs.runs(limit: 1).map(\.id) == ["2027a"])
    #expect(try runs.run("2027")?.id == "2027a")
    #expect(try runs.run("2026") == nil)
    #expect(try runs.run("%") == nil)
  }

  @Test func `runs are listed in the order in which they began, whatever their times`() throws {
    let runs = try SQLiteRunStore(folder: state)
    for id in ["2096", "2026", "2001"] { try runs.begin(RunRecord(id: id, pipeline: "p", started: id)) }
    // A run's end does not change its place.
    try runs.end(RunRecord(id: "2096", pipeline: "p", status: .done, started: "2096"), counts: [])
    #expect(try runs.runs().map(\.id) == ["2001", "2026", "2096"])
    #expect(try runs.latestStart()?.id == "2096")
  }

  @Test func `runs are compared only with complete runs of the same pipeline and location`() throws {
    let runs = try SQLiteRunStore(folder: state)
    func end(_ id: String, _ count: Int, pipeline: String = "p", location: String? = "l", isWhole: Bool? = true) throws {
      let run = RunRecord(id: id, pipeline: pipeline, status: .done, started: id, location: location, isWhole: isWhole)
      try runs.begin(run)
      try runs.end(
        run, counts: [OutcomeCount(mapping: "m", destination: "a", outcome: .written, count: count)])
    }
    try end("1", 10)
    #expect(try runs.lastWritten("m", pipeline: "p", location: "l") == .init(run: "1", count: 10))
    try end("2", 20, pipeline: "q")
    try end("3", 30, location: "k")
    try end("4", 40, isWhole: false)
    try end("5", 50, isWhole: nil)
    try end("6", 60, location: nil)
    #expect(try runs.lastWritten("m", pipeline: "p", location: "l") == .init(run: "1", count: 10))
    try end("0", 0)
    #expect(try runs.lastWritten("m", pipeline: "p", location: "l") == .init(run: "0", count: 0))
    #expect(try runs.lastWritten("n", pipeline: "p", location: "l") == nil)
    #expect(try runs.stagedRuns(of: "p", before: "0").map(\.id) == ["1", "3", "4", "5", "6"])
    try runs.markUnstaged("4")
    #expect(try runs.stagedRuns(of: "p", before: "0").map(\.id) == ["1", "3", "5", "6"])
  }

  @Test func `the ledger is asked by stage, code and record`() throws {
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    try runs.begin(RunRecord(id: "r2", pipeline: "p", started: "t"))
    try runs.record([
      entry("r1", "required", record: "ünï"), entry("r1", "phone-invalid", record: "b"),
      entry("r1", "source-refused", record: nil, stage: "extract"), entry("r2", "required", record: "ünï"),
    ])
    #expect(try runs.ledger(LedgerQuery(run: "r1")).map(\.code) == ["required", "phone-invalid", "source-refused"])
    #expect(try runs.ledger(LedgerQuery(run: "r1", stage: .extract)).map(\.record) == [nil])
    #expect(try runs.ledger(LedgerQuery(run: "r1", code: "phone-invalid")).map(\.record) == ["b"])
    #expect(try runs.ledger(LedgerQuery(run: "r1", record: "ünï")) == [entry("r1", "required", record: "ünï")])
    #expect(try runs.ledger(LedgerQuery(run: "r1", record: "u\u{308}ni\u{308}")).isEmpty)
    #expect(try runs.ledger(LedgerQuery(run: "r1", limit: 2)).count == 2)
    #expect(try runs.ledger(LedgerQuery(run: "nothing")).isEmpty)
    #expect(try runs.codes(of: LedgerQuery(run: "r1")).map(\.code) == ["phone-invalid", "required", "source-refused"])
  }

  @Test func `a run whose process died is marked as interrupted`() throws {
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    #expect(try runs.markAbandonedRuns(finished: "u") == ["r1"])
    #expect(try runs.run("r1")?.status == .interrupted)
    #expect(try runs.run("r1")?.exitCode == 75)
    #expect(try runs.markAbandonedRuns(finished: "u").isEmpty)
  }
}
