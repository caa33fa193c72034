import Core
import Pipeline
import Report
import TestSupport
import Testing

/// One location copied into another by the shipped pipeline, under faults and kills.
@Suite struct GHLCopyTests {
  /// Of the target: every fault but those of long lists, which nobody reads there.
  private static let faults =
    [
      "5xx", "slow", "truncated", "html", "429", "disconnect", "422-created", "discard", "timeout-after", "5xx-after", "gone",
      "bulk-error",
    ].map { "\($0)=0.03" } + ["search-lag=2"]

  /// Of the source: those that lead to short pauses.
  private static let readFaults = [
    "5xx", "truncated", "html", "disconnect", "repeated-cursor", "repeated-page", "moving", "duplicate-ids", "count-lies",
  ].map { "\($0)=0.03" }

  @Test(.ends(withinMinutes: 5)) func `under faults and kills, a copy has every field of every record, once`() async throws {
    try await GHLCopyBench.with(contacts: 40, seed: 5, faults: Self.faults, readFaults: Self.readFaults) { bench in
      try await bench.extract()
      #expect(try bench.contactsWithoutNames() == 0)
      let (kills, resumed) = try await bench.runsUnderKills()
      #expect(kills >= 8 && resumed >= 3, "\(kills) \(resumed)")
      // A contact that somebody has deleted is noticed when it is read back.
      let last = try await bench.finish("verify.yaml")
      #expect(last != nil, "there is always something left to do")

      let before = bench.writesByRoute, probes = bench.probes
      let again = try await bench.run("copy.yaml") { $0.source.snapshot = nil }
      #expect(again.exitCode == .done && GHLCopyBench.isDone(again), "\(again.summary.messages) \(again.summary.entities)")
      let made = bench.writesByRoute.map { ($0.key, $0.value - before[$0.key, default: 0]) }.filter { $0.1 != 0 }
      #expect(Dictionary(uniqueKeysWithValues: made) == ["PUT /contacts/{contactId}": bench.probes - probes])
      #expect(bench.probes > probes)

      let comparison = try GHLCopyComparison(bench)
      #expect(comparison.faults == [])
      #expect(comparison.counts["contacts"] == 40)
      #expect(["links", "tasks", "notes"].allSatisfy { comparison.counts[$0, default: 0] > 20 }, "\(comparison.counts)")
      #expect(comparison.equal > 1_500 && comparison.notApplied.count < 10, "\(comparison.equal) \(comparison.notApplied)")
      #expect(comparison.left.contains("contact dateAdded"), "\(comparison.left.sorted())")
    }
  }
}
