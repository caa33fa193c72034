import Control
import Core
import Testing

@Suite struct ReplayStandingTests {
  private static func later(_ run: String, _ outcome: Outcome, isReplay: Bool = false) -> ReplayStanding.Later {
    ReplayStanding.Later(run: run, outcome: outcome, isReplayOfSame: isReplay)
  }

  @Test(arguments: [.written, .created, .updated, .unchanged, .removed, .filtered, .merged] as [Outcome])
  func `a record that a later run loaded, filtered or merged is superseded`(_ outcome: Outcome) {
    for isReplay in [false, true] {
      #expect(ReplayStanding(Self.later("b", outcome, isReplay: isReplay)) == .resolved(by: "b", outcome))
    }
  }

  @Test(arguments: [.rejected, .failed, .pending] as [Outcome])
  func `a newer version that is open keeps the older one from being sent`(_ outcome: Outcome) {
    #expect(ReplayStanding(Self.later("b", outcome)) == .newerOpen(in: "b", isPending: outcome == .pending))
    // An earlier replay that did not succeed says nothing about other versions.
    #expect(ReplayStanding(Self.later("c", outcome, isReplay: true)) == nil)
  }

  @Test(arguments: Outcome.allCases) func `what was undone or is from an older snapshot resolves nothing`(_ outcome: Outcome) {
    func standing(isReplay: Bool = false, isUndone: Bool = false, isOlder: Bool = false, wasCorrected: Bool = false)
      -> ReplayStanding?
    {
      ReplayStanding(
        .init(
          run: "b", outcome: outcome, isReplayOfSame: isReplay, isUndone: isUndone, hasOlderSnapshot: isOlder,
          wasCorrected: wasCorrected))
    }
    let isWritten = [.written, .created, .updated, .removed].contains(outcome)
    #expect(standing(isUndone: true) == (isWritten ? .undone("b") : standing()))
    #expect(standing(isReplay: true, isUndone: true) == (isWritten ? nil : standing(isReplay: true)))
    // The source still has the values that were corrected.
    #expect(
      standing(isReplay: true, isUndone: true, wasCorrected: true)
        == (isWritten ? .undoneCorrection("b") : standing(isReplay: true)))
    #expect(standing(isOlder: true) == .olderSnapshot(in: "b"))
    #expect(standing(isReplay: true, isOlder: true) == standing(isReplay: true))
  }

  @Test func `every gate is reported and none is judged in a replay`() {
    let gates = [
      GateDocument(.read(min: 9)),
      GateDocument(.rejected(maxPercent: 2, minRecords: 0, max: nil)),
      GateDocument(.coverage(minPercent: 99)),
    ]
    let facts = [GateJudge.Facts(mapping: "m", read: 2, written: 1, rejected: 1, fetched: 10, expected: 20)]
    let results = GateJudge(gates, isReplay: true).judge(facts)
    #expect(results.map(\.gate) == ["read", "rejected", "coverage"])
    #expect(results.allSatisfy { !$0.isJudged && !$0.stops && !$0.isSettled })
    #expect(GateJudge(gates, isNarrowed: true).judge(facts).contains { $0.stops })
  }
}
