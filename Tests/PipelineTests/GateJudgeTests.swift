import Control
import Core
import Report
import Testing

@testable import Pipeline

@Suite struct GateJudgeTests {
  static let rejected = GateDocument(.rejected(maxPercent: 2, minRecords: 200, max: 10))

  /// Gate, read, rejected, fetched, expected; passed, actual.
  static let cases: [(GateDocument, Int, Int, Int, Int, Bool, Double)] = [
    (GateDocument(.read(min: 1)), 0, 0, 0, 0, false, 0),
    (GateDocument(.read(min: 1)), 1, 1, 1, 1, true, 1),
    (GateDocument(.read(min: 0)), 0, 0, 0, 0, true, 0),
    (rejected, 199, 10, 199, 199, true, 10),
    (rejected, 199, 11, 199, 199, false, 11),
    (rejected, 200, 4, 200, 200, true, 2),
    (rejected, 200, 5, 200, 200, false, 2.5),
    (rejected, 0, 0, 0, 0, true, 0),
    (GateDocument(.rejected(maxPercent: 50, minRecords: 0, max: nil)), 3, 2, 3, 3, false, 66.6667),
    (GateDocument(.rejected(maxPercent: nil, minRecords: 0, max: 0)), 1_000_000, 1, 1, 1, false, 1),
    (GateDocument(.coverage(minPercent: 100)), 0, 0, 0, 0, true, 100),
    (GateDocument(.coverage(minPercent: 100)), 9, 0, 999_999, 1_000_000, false, 99.9999),
    (GateDocument(.coverage(minPercent: 99)), 9, 0, 99, 100, true, 99),
  ]

  @Test(arguments: cases) func `a gate is judged`(_ item: (GateDocument, Int, Int, Int, Int, Bool, Double)) throws {
    let facts = GateJudge.Facts(mapping: "contacts", read: item.1, rejected: item.2, fetched: item.3, expected: item.4)
    let results = GateJudge([item.0]).judge([facts])
    let result = try #require(results.first)
    #expect(results.count == 1)
    #expect(result.passed == item.5)
    #expect(result.actual == item.6)
    #expect(result.stops == !item.5)
  }

  @Test(arguments: [(100.0, false), (1, false), (0, true)])
  func `an unknown coverage fails`(_ minPercent: Double, _ passes: Bool) throws {
    let facts = GateJudge.Facts(mapping: "contacts", read: 9, rejected: 0, fetched: 9, expected: 9, unknown: 1)
    let result = try #require(GateJudge([GateDocument(.coverage(minPercent: minPercent))]).judge([facts]).first)
    #expect(result.passed == passes)
    #expect(result.actual == nil)
    #expect(result.json["actual"] == .null)
    #expect(result.text.contains("unknown share"))
  }

  @Test func `read is judged over all mappings, the others for each`() {
    let facts = [
      GateJudge.Facts(mapping: "a", read: 3, rejected: 3, fetched: 3, expected: 3),
      GateJudge.Facts(mapping: "b", read: 0, rejected: 0, fetched: 0, expected: 0),
    ]
    let results = GateJudge([GateDocument(.read(min: 1)), GateDocument(.rejected(maxPercent: nil, minRecords: 0, max: 2))]).judge(
      facts)
    #expect(results.map(\.mapping) == [nil, "a", "b"])
    #expect(results.map(\.passed) == [true, false, true])
  }

  @Test func `a gate that only warns stops nothing`() {
    let gate = GateDocument(.read(min: 1), severity: .warning)
    let results = GateJudge([gate]).judge([])
    #expect(results.map(\.passed) == [false])
    #expect(results.map(\.stops) == [false])
  }

  @Test func `of several exit codes the gravest is the run's`() {
    #expect(ExitCode.worst([]) == .done)
    #expect(ExitCode.worst([.tryLater, .recordsFailed, .gateFailed]) == .gateFailed)
    #expect(ExitCode.worst([.unreachable, .tryLater]) == .unreachable)
    #expect(ExitCode.worst([.cannotWrite, .notAuthorised]) == .notAuthorised)
    #expect(ExitCode.worst([.wrongFile, .configuration, .fault]) == .fault)
  }
}
