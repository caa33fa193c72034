import Control
import Core
import Testing

/// How a dry run ends.
@Suite struct DryRunVerdictTests {
  private let part = RunPart(mapping: "contacts", destination: "app")

  private func verdict(_ predicted: RunFact.Predicted) -> Verdict {
    let plan = RunPlan(destinations: [.init("app", .incremental)], isDryRun: true)
    return Control.verdict(
      plan, [.compiled(.init(mappings: ["contacts"], groups: [["contacts"]])), .predicted([predicted])])
  }

  @Test func `records that could not be compared are a reason to look`() {
    #expect(verdict(.init(part)).exitCode == .done)
    let one = verdict(.init(part, notCompared: 1))
    #expect(one.exitCode == .recordsFailed && one.status == .partial)
    #expect(one.messages == ["1 record of 'contacts' could not be compared with 'app'"])
    // A destination that could not be read has a message of its own.
    let failure = RunFact.Failure(OperationFailure(.unreachable, "gone"))
    #expect(!verdict(.init(part, notCompared: 2, failure: failure)).messages.contains { $0.contains("compared") })
  }
}
