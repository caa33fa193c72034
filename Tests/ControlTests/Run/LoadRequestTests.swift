import Core
import Testing

@testable import Control

/// The requests of loads, in the facts of a run.
@Suite struct LoadRequestTests {
  private static func loaded(_ mapping: Name, _ requests: Int?, isWhole: Bool = true) -> RunFact {
    var fact = RunFact.Loaded(RunPart(mapping: mapping, destination: "crm"), counts: OutcomeCounts(), isWhole: isWhole)
    fact.requests = requests.map {
      var quota = Quota()
      quota.made = $0
      return quota
    }
    return .loaded([fact])
  }

  @Test func `those of every step count, also of steps that ended early and are repeated`() {
    let facts = [
      Self.loaded("contacts", 30), Self.loaded("tasks", 7, isWhole: false), .interrupted(.load("tasks")), .resumed,
      Self.loaded("tasks", 12), Self.loaded("notes", nil),
    ]
    #expect(RunState(facts).loadRequests.made == 49)
    #expect(RunState([]).loadRequests == Quota())
  }
}
