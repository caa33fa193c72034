import Core
import Testing

@testable import Mapping

@Suite struct VarGraphTests {
  @Test("vars are compiled after those that they read, whatever their order in the file")
  func order() {
    let graph = VarGraph(names: ["a", "b", "c"], reads: ["a": ["b", "none"], "b": ["c"]])
    #expect(graph.order == ["c", "b", "a"])
    #expect(graph.circles.isEmpty)
  }

  @Test("each cycle is found once, from the var that is first")
  func circles() {
    let reads: [Name: [String]] = ["a": ["b"], "b": ["a", "c"], "c": ["b"], "d": ["d"], "e": ["a"]]
    #expect(VarGraph(names: ["e", "a", "b", "c", "d"], reads: reads).circles == [["a", "b"], ["c", "b"], ["d"]])
  }

  @Test("a chain of any length does not exhaust the stack")
  func longRow() {
    let names = (0..<50_000).map { "v\($0)" }
    var reads: [Name: [String]] = [:]
    for index in 1..<names.count { reads[names[index - 1]] = [names[index]] }
    let graph = VarGraph(names: names, reads: reads)
    #expect(graph.order.first == names.last && graph.circles.isEmpty)
    reads["v49999"] = ["v0"]
    #expect(VarGraph(names: names, reads: reads).circles.first?.count == 50_000)
  }
}
