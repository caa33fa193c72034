import Control
import Core
import Foundation
import Testing

/// Facts about gates, as they are kept: those of earlier versions lack members, and still mean the same.
@Suite struct GateFactTests {
  @Test func `results of earlier versions are read`() throws {
    let text = """
      {"judged":[{"actual":3,"gate":"rejected","isAccepted":false,"isJudged":true,"limit":2,"mapping":"contacts","passed":false,\
      "severity":"error","stage":"transform","unit":"percent"}]}
      """
    guard case .judged(let results) = try JSONDecoder().decode(RunFact.self, from: Data(text.utf8)) else {
      Issue.record("another fact")
      return
    }
    let result = try #require(results.first)
    #expect(result.isMaximum && result.margin == -1 && result.stops && !result.isAfterLoad && result.verdict == .failed)
    #expect(result.text == "rejected of contacts: 3 percent, at most 2 required")
  }

  @Test func `results after the load are kept`() throws {
    var result = GateResult(
      gate: "failed", mapping: "contacts", stage: .load, limit: 1, actual: 2, unit: .records, passed: false, severity: .error)
    (result.destination, result.bound, result.message, result.count, result.of) = ("app", .max, "Ask Ada.", 2, 9)
    let fact = RunFact.loadJudged([result])
    #expect(try JSONDecoder().decode(RunFact.self, from: JSONEncoder().encode(fact)) == fact)
    #expect(RunState([fact]).allGates == [result])
    #expect(RunState([fact, .resumed]).loadGates == nil)
  }
}
