import Core
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
}
