import Core
import Load
import TestSupport
import Testing

/// A load that is interrupted while it waits for its last records.
@Suite struct CancelledLoadTests {
  /// All calls end as soon as they are cancelled, while the waiting task is still being cancelled.
  @Test(.ends(withinMinutes: 2), arguments: 0..<30) func `interrupting a load ends it`(number: Int) async throws {
    let api = FakeAPI()
    var bench = try HTTPBench(api)
    bench.document.concurrent = 64
    let load = Task { [bench] in try await bench.load(HTTPBench.people(0..<200)) }
    while api.requests.count < 1 + number * 7 { await Task.yield() }
    load.cancel()
    if let result = try? await load.value { #expect(Set(result.words) == ["created"]) }
    // The next load finds out what became of the calls.
    #expect(Set(try await bench.load(HTTPBench.people(0..<200)).words).isSubset(of: ["created", "unchanged"]))
    #expect(api.content.count == 200 && api.content.values.allSatisfy { $0.count == 1 })
  }
}
