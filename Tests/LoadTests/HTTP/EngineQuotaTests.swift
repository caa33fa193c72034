import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// A destination whose API counts requests together with those of others, as GHL does for a location.
@Suite struct EngineQuotaTests {
  private static func gate(_ bench: HTTPBench, _ budget: RequestBudget = RequestBudget()) -> RequestGate {
    var options = Pacer.Options()
    options.budget = budget
    return RequestGate(options: options, timekeeper: bench.timekeeper) { _ in }
  }

  private static func bench(_ api: FakeAPI = FakeAPI(), _ budget: RequestBudget = RequestBudget()) throws -> HTTPBench {
    var bench = try HTTPBench(api)
    bench.quota = gate(bench, budget)
    return bench
  }

  /// The headers of a response by GHL.
  private static func headers(remaining: Int = 50, ofDay: Int) -> [String: String] {
    [
      "x-ratelimit-max": "100", "x-ratelimit-remaining": "\(remaining)", "x-ratelimit-interval-milliseconds": "10000",
      "x-ratelimit-limit-daily": "1000", "x-ratelimit-daily-remaining": "\(ofDay)",
    ]
  }

  @Test func `every request counts, whatever its result`() async throws {
    let api = FakeAPI(.init(refused: ["k3"]))
    let bench = try Self.bench(api)
    api.setScript { request in
      switch request.number {
      case 2: .lostAfter
      case 4: .respond(500)
      case 6: .unreachable
      default: nil
      }
    }
    let result = try await bench.load(HTTPBench.people(0..<8))
    #expect(result.words.filter { $0 == "created" }.count == 7)
    #expect(await bench.quota?.quota.made == api.requests.count)
  }

  @Test func `each step of a redirect is a request`() async throws {
    let bench = try Self.bench()
    bench.api.setScript { $0.isWrite && !$0.target.contains("moved") ? .respond(307, "", ["location": "?moved=1"]) : nil }
    #expect(try await bench.load(HTTPBench.people(0..<2), isFirstLoad: true).words == ["created", "created"])
    #expect(bench.api.requests.count > 3)
    #expect(await bench.quota?.quota.made == bench.api.requests.count)
    // One that never ends leaves nothing in flight behind.
    bench.api.setScript { $0.isWrite ? .respond(307, "", ["location": "?moved=1"]) : nil }
    #expect(try await bench.load(HTTPBench.people(2..<3)).words == ["failed"])
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(3..<12)).words.allSatisfy { $0 == "created" })
  }

  @Test(arguments: [0, 1, 7]) func `a spent budget leaves the rest pending, and the next run sends it`(budget: Int) async throws {
    var bench = try Self.bench(FakeAPI(), RequestBudget(requests: budget))
    let result = try await bench.load(HTTPBench.people(0..<9))
    #expect(bench.api.requests.count == budget)
    #expect(result.failure?.code == .budgetSpent && result.failure?.exitCode == .tryLater)
    #expect(result.failure?.description.contains("'app': the run's request budget is spent: raise --budget") == true)
    #expect(Set(result.words).isSubset(of: ["created", "pending"]) && result.words.last == "pending")
    bench.quota = Self.gate(bench)
    let next = try await bench.load(HTTPBench.people(0..<9), run: "run2")
    #expect(next.failure == nil)
    #expect(bench.api.content.count == 9 && bench.api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test func `a spent day leaves the rest pending`() async throws {
    let bench = try Self.bench()
    let count = Locked(0)
    bench.api.setScript { request in
      guard request.isWrite, count.next() > 3 else { return nil }
      return .respond(429, "{}", Self.headers(remaining: 0, ofDay: 0))
    }
    let result = try await bench.load(HTTPBench.people(0..<12), isFirstLoad: true)
    #expect(result.failure?.code == .dailyQuotaSpent && result.failure?.exitCode == .tryLater)
    #expect(result.words.filter { $0 == "created" }.count == 3)
    #expect(result.words.filter { $0 == "pending" }.count == 9)
    #expect(bench.api.content.count == 3)
  }

  @Test func `a share of the day ends the load before GHL refuses anything`() async throws {
    let bench = try Self.bench(FakeAPI(), RequestBudget(dailyPercent: 70))
    let left = Locked(310)
    bench.api.setEdit { _, answer in
      var answer = answer
      answer.headers.merge(
        Self.headers(
          ofDay: left.withLock { left in
            left -= 1
            return left
          })
      ) { $1 }
      return answer
    }
    let result = try await bench.load(HTTPBench.people(0..<20))
    #expect(result.failure?.code == .dailyQuotaSpent, "\(String(describing: result.failure))")
    #expect(bench.api.requests.count == 10)
    #expect(result.words.contains("pending") && !result.words.contains("failed"))
  }

  @Test func `after a 429 that names no pause, the engine waits and sends the call again`() async throws {
    let bench = try Self.bench()
    bench.api.setScript { $0.number == 3 || $0.number == 4 ? .respond(429) : nil }
    let result = try await bench.load(HTTPBench.people(0..<6))
    #expect(result.failure == nil && result.words.allSatisfy { $0 == "created" })
    let quota = try #require(await bench.quota?.quota)
    #expect(quota.throttled == 2 && quota.made == bench.api.requests.count)
    #expect(bench.timekeeper.now() - Moment() >= .seconds(10))
  }

  @Test func `too long a pause stops the destination`() async throws {
    let bench = try Self.bench()
    bench.api.setScript { $0.number == 3 ? .respond(429, "{}", ["retry-after": "3600"]) : nil }
    let result = try await bench.load(HTTPBench.people(0..<6))
    #expect(result.failure?.code == .askedToWait && result.failure?.exitCode == .tryLater)
    #expect(result.words.contains("pending") && !result.words.contains("failed"))
  }

  @Test func `what others use counts as well`() async throws {
    let bench = try Self.bench(FakeAPI(), RequestBudget(requests: 10))
    let quota = try #require(bench.quota)
    for _ in 0..<6 { await quota.answered(try await quota.enter(), status: 200, limits: RateLimits()) }
    let result = try await bench.load(HTTPBench.people(0..<20))
    #expect(bench.api.requests.count == 4)
    #expect(result.failure?.code == .budgetSpent)
  }

  @Test func `no more are under way than the quota lets through`() async throws {
    let api = FakeAPI()
    var bench = try HTTPBench(api)
    var options = Pacer.Options()
    options.maxInFlight = 2
    bench.quota = RequestGate(options: options, timekeeper: bench.timekeeper) { _ in }
    #expect(try await bench.load(HTTPBench.people(0..<40)).words.allSatisfy { $0 == "created" })
    #expect(api.state.withLock { $0.mostUnderWay } <= 2)
  }
}
