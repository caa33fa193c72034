import Core
import Testing

@testable import Extract
@testable import GHL
@testable import HTTP

/// The answers of a script, each as large as `size`, with so much memory for them.
private final class CrampedTransport: HTTPTransport {
  let script: ScriptedTransport
  let budget: ByteBudget
  private let size: Int
  private let most = Locked(0)

  /// The most that was held at one time.
  var peak: Int { most.withLock { $0 } }

  init(_ script: ScriptedTransport, limit: Int, size: Int) {
    self.script = script
    self.size = size
    budget = ByteBudget(limit: limit)
  }

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    let lease = budget.lease(AnswerHold.current)
    do {
      for part in 1...8 {
        try await lease.grow(to: ByteBudget.free + size * part / 8)
        let used = budget.used
        most.withLock { $0 = max($0, used) }
        await Task.yield()
      }
    } catch {
      throw .cancelled
    }
    var answer = try await script.send(exchange)
    answer.lease = lease
    return answer
  }

  func close() async {}
}

/// Contacts that wait in memory for those before them.
@Suite struct AnswerMemoryTests {
  @Test(arguments: [1, 3, 10, 1_000], [1, 4, 64])
  func `memory is bounded, and everything is read`(_ limit: Int, _ window: Int) async throws {
    let whole = try await QuarantineTests.run(QuarantineTests.transport { _ in nil }, TestFolder())
    let folder = TestFolder()
    let transport = CrampedTransport(QuarantineTests.transport { _ in nil }, limit: limit * 1_000, size: 1_000)
    let result = try await QuarantineTests.run(transport, folder, window: window)
    #expect(result.failure == nil && result.problems.isEmpty)
    let snapshot = try #require(result.snapshot)
    #expect(try ExtractionTests.ids(snapshot, "contact") == (0..<40).map { "c\(10_000 + $0)" })
    #expect(try ExtractionTests.ids(snapshot, "note") == (0..<40).map { "nc\(10_000 + $0)" })
    #expect(result.manifest?.entities["contact"]?.count == whole.manifest?.entities["contact"]?.count)
    // The first contact's detail and notes, and one answer without a hold.
    #expect(transport.peak <= limit * 1_000 + 3_000)
    #expect(transport.budget.used == 0 && transport.budget.waiting == 0)
    let readAgain = transport.script.exchanges.count - Set(transport.script.exchanges.map(\.url)).count
    if limit == 1_000 { #expect(readAgain == 0) }
  }
}
