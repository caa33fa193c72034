import Core
import GRDB
import TestSupport
import Testing

@testable import State

@Suite struct SQLiteRunStoreTests {
  private let folder = TemporaryFolder()

  @Test func `a run's ledger comes in its order without a sort`() throws {
    let runs = try SQLiteRunStore(folder: "\(folder.path)/state")
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    #expect(try runs.ledgerPlan(of: LedgerQuery(run: "r1")).allSatisfy { !$0.contains("TEMP B-TREE") })
    #expect(try runs.ledgerPlan(of: LedgerQuery(run: "r1")).contains { $0.contains("ledger_by_run") })
  }

  @Test func `a record's lines are found through an index`() throws {
    let runs = try SQLiteRunStore(folder: "\(folder.path)/state")
    let plan = try runs.ledgerPlan(of: LedgerQuery(run: "r1", record: "c1"))
    #expect(plan.contains { $0.contains("ledger_by_record (record>? AND record<?)") }, "\(plan)")
  }

  @Test func `a run's beginning, reopening and end are synced, and its ledger is not`() throws {
    let runs = try SQLiteRunStore(folder: "\(folder.path)/state")
    let record = RunRecord(id: "r1", pipeline: "p", started: "t")
    let entry = LedgerEntry(run: "r1", mapping: "m", stage: "transform", severity: "error", code: "c", text: "{}")
    let level = Shared("NORMAL")
    let commits = Shared<[String]>([])
    try runs.database.write { database in
      database.trace { event in
        let statement = "\(event)"
        let setting = "PRAGMA synchronous = "
        if statement.hasPrefix(setting) { level.change { $0 = String(statement.dropFirst(setting.count)) } }
        if statement.hasPrefix("COMMIT") { commits.change { $0.append(level.value) } }
      }
    }
    commits.change { $0 = [] }
    try runs.begin(record)
    try runs.record([entry])
    _ = try runs.reopen("r1")
    try runs.replaceLedger(of: "r1") { try $0([entry]) }
    try runs.end(record, counts: [OutcomeCount(mapping: "m", destination: "d", outcome: .written, count: 1)])
    try runs.markUnstaged("r1")
    #expect(commits.value == ["FULL", "NORMAL", "FULL", "NORMAL", "FULL", "NORMAL"])
  }

  @Test func `a synced call that fails changes nothing, and later calls are not synced`() throws {
    let runs = try SQLiteRunStore(folder: "\(folder.path)/state")
    let record = RunRecord(id: "r1", pipeline: "p", started: "t")
    try runs.begin(record)
    let count = OutcomeCount(mapping: "m", destination: "d", outcome: .written, count: 1)
    var ended = record
    ended.status = .done
    #expect(throws: OperationFailure.self) { try runs.end(ended, counts: [count, count]) }
    #expect(try runs.runs() == [record] && runs.counts(of: "r1").isEmpty)
    #expect(try runs.database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 1)
  }
}
