import Core
import Extract
import GHL
import Testing

@testable import Pipeline

/// When to try again after a run that ended with 75.
@Suite struct PauseTests {
  static let failures: [(failure: GHLFailure, seconds: Int?)] = [
    (GHLFailure(.comeBackLater, "", retryAfter: .seconds(3_600)), 3_600),
    (GHLFailure(.comeBackLater, "", retryAfter: .milliseconds(1_500)), 2),
    (GHLFailure(.comeBackLater, "", retryAfter: .seconds(Int64.max)), 315_360_000),
    (GHLFailure(.dailyQuotaSpent, "", retryAfter: .seconds(50_000)), 50_000), (GHLFailure(.dailyQuotaSpent, ""), nil),
    (GHLFailure(.throttled, "", retryAfter: .seconds(7)), 7), (GHLFailure(.throttled, ""), 120),
    (GHLFailure(.budgetSpent, ""), 0),
  ]

  @Test(arguments: failures) func `the summary says how many seconds to wait`(_ item: (failure: GHLFailure, seconds: Int?)) {
    for failure in [OperationFailure(item.failure), OperationFailure(ExtractFailure.source(item.failure))] {
      #expect(failure.exitCode == .tryLater)
      #expect(failure.isTransient && failure.retryAfterSeconds == item.seconds)
    }
  }
}
