import Control
import Core
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Dry replays that are applied.
@Suite struct AppliedReplayTests {
  @Test func `a dry replay that is applied resolves what it replays`() async throws {
    let bench = try ReplayBench(records: 60, mapping: ReplayTests.broken)
    let origin = try await bench.run().summary.run
    bench.clear()
    try bench.project.folder.write("contacts.yaml", ReplayTests.fixed)
    let dry = try await bench.replay { $0.isDryRun = true }
    #expect(dry.exitCode == .done && bench.sent() == [], "\(dry.summary.messages)")
    #expect(dry.summary.forecast.map(\.counts.total) == [6])
    let applied = try await bench.run { $0.apply = dry.summary.run }
    #expect(applied.exitCode == .done && applied.summary.run == dry.summary.run, "\(applied.summary.messages)")
    #expect(bench.sent() == (0..<6).map { "contacts c\($0 * 10)" })
    #expect(try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty)
  }
}
