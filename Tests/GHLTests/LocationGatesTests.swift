import Control
import Core
import Testing

@testable import GHL
@testable import HTTP

@Suite struct LocationGatesTests {
  private static func client(
    _ gates: LocationGates, location: String = "loc", address: String = "http://127.0.0.1:1",
    budget: RequestBudget = RequestBudget(), timekeeper: any Timekeeper = JumpingTimekeeper(), _ transport: any HTTPTransport
  ) throws -> GHLClient {
    try GHLClient(
      GHLConfiguration(baseURL: address, location: location, token: Secret("t"), budget: budget), transport: transport,
      timekeeper: timekeeper, gates: gates)
  }

  private static func answering(_ headers: @escaping @Sendable (Int) -> [String: String] = { _ in [:] }) -> ScriptedTransport {
    ScriptedTransport { number, exchange in
      var answer = HTTPAnswer.contact(of: exchange)
      answer.headers = headers(number)
      return .success(answer)
    }
  }

  @Test func `there is one gate for each address and location`() throws {
    let gates = LocationGates()
    func gate(_ address: String, _ location: String) throws -> RequestGate {
      gates.gate(try ServerAddress(address), location, Pacer.Options()) { _ in }
    }
    let first = try gate("https://api.example", "a")
    #expect(try gate("https://API.example:443/", "a") === first)
    #expect(try gate("https://api.example", "A") !== first)
    #expect(try gate("https://api.example", "b") !== first)
    #expect(try gate("https://other.example", "a") !== first)
  }

  @Test func `clients of one location count together, and others apart`() async throws {
    let (gates, transport) = (LocationGates(), Self.answering())
    let clients = [
      try Self.client(gates, transport), try Self.client(gates, transport), try Self.client(gates, location: "other", transport),
    ]
    for client in clients { for id in ["a", "b"] { _ = try await client.contact(id) } }
    #expect(await clients[0].quota.made == 4)
    #expect(await clients[1].quota.made == 4)
    #expect(await clients[2].quota.made == 2)
    #expect(await gates.quota.made == 6)
  }

  @Test func `the strictest budget counts, and the requests of all of them`() async throws {
    let (gates, transport) = (LocationGates(), Self.answering())
    let first = try Self.client(gates, budget: RequestBudget(requests: 5), transport)
    let second = try Self.client(gates, budget: RequestBudget(requests: 3, dailyPercent: 50), transport)
    let third = try Self.client(gates, transport)
    _ = try await first.contact("a")
    _ = try await second.contact("b")
    _ = try await third.contact("c")
    for client in [first, second, third] {
      let failure = await #expect(throws: GHLFailure.self) { try await client.contact("d") }
      #expect(failure?.kind == .budgetSpent)
    }
    #expect(transport.exchanges.count == 3)
  }

  @Test func `a budget that is added later applies from then on`() async throws {
    let (gates, transport) = (LocationGates(), Self.answering())
    let first = try Self.client(gates, transport)
    for id in ["a", "b", "c"] { _ = try await first.contact(id) }
    _ = try Self.client(gates, budget: RequestBudget(requests: 2), transport)
    await #expect(throws: GHLFailure.self) { try await first.contact("d") }
    #expect(transport.exchanges.count == 3)
  }

  @Test func `a daily quota that one client has spent is spent for the other`() async throws {
    let gates = LocationGates()
    let spent = ScriptedTransport { _, _ in
      .success(.json(429, "{}", headers: ["x-ratelimit-daily-remaining": "0", "x-ratelimit-limit-daily": "100"]))
    }
    let (first, second) = (try Self.client(gates, spent), try Self.client(gates, Self.answering()))
    for client in [first, second] {
      let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
      #expect(failure?.kind == .dailyQuotaSpent)
    }
    #expect(await gates.quota.made == 1)
  }

  @Test func `two clients together stay below the limit of the location`() async throws {
    let timekeeper = JumpingTimekeeper()
    let arrivals = Locked<[Duration]>([])
    let transport = ScriptedTransport { _, exchange in
      arrivals.withLock { $0.append(timekeeper.now() - Moment()) }
      var answer = HTTPAnswer.contact(of: exchange)
      answer.headers = ["x-ratelimit-max": "10", "x-ratelimit-interval-milliseconds": "10000"]
      return .success(answer)
    }
    let gates = LocationGates()
    let clients = [
      try Self.client(gates, timekeeper: timekeeper, transport), try Self.client(gates, timekeeper: timekeeper, transport),
    ]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<60 { group.addTask { _ = try await clients[number % 2].contact("c\(number)") } }
      try await group.waitForAll()
    }
    let times = arrivals.withLock { $0.sorted { $0 < $1 } }
    #expect(times.count == 60)
    // The limit is known after the first response.
    for index in times.indices.dropFirst(10) where index + 10 < times.count {
      #expect(times[index + 10] - times[index] >= .seconds(10))
    }
  }

  @Test func `the requests of a run count over all locations`() async throws {
    let (gates, transport) = (LocationGates(requests: 3), Self.answering())
    let clients = [try Self.client(gates, transport), try Self.client(gates, location: "other", transport)]
    for (client, id) in [(0, "a"), (1, "b"), (0, "c")] { _ = try await clients[client].contact(id) }
    for client in clients {
      let failure = await #expect(throws: GHLFailure.self) { try await client.contact("d") }
      #expect(failure?.kind == .budgetSpent)
    }
    #expect(transport.exchanges.count == 3)
    #expect(await gates.quota.made == 3)
  }

  @Test func `a request that was not made returns to the run's`() async throws {
    let gates = LocationGates(requests: 1)
    let address = try ServerAddress("https://api.example")
    let (first, other) = (gates.gate(address, "a", Pacer.Options()) { _ in }, gates.gate(address, "b", Pacer.Options()) { _ in })
    await first.withdrew(try await first.enter())
    let ticket = try await other.enter()
    await #expect(throws: RequestGate.Closed.budgetSpent) { try await first.enter() }
    await other.withdrew(ticket)
    _ = try await first.enter()
    await #expect(throws: RequestGate.Closed.budgetSpent) { try await other.enter() }
  }

  static let waits: [(stated: [Int?], pause: Int, isTaken: Bool)] = [
    ([nil], 299, true), ([nil], 400, false), ([nil, 3_600], 400, true), ([3_600, nil], 400, true), ([nil, 10], 20, false),
    ([10, nil], 20, false), ([10, nil, 3_600], 20, false), ([nil, 30], 20, true),
  ]

  @Test("a wait is as long as users state, in whichever order they come", arguments: waits.indices)
  func longestWait(_ index: Int) async throws {
    let (stated, pause, isTaken) = Self.waits[index]
    let (gates, timekeeper) = (LocationGates(), JumpingTimekeeper())
    let address = try ServerAddress("https://api.example")
    let users = stated.map { seconds in
      gates.gate(
        address, "a", Pacer.Options(), longestWait: seconds.map { .seconds($0) }, timekeeper: timekeeper, onPause: { _ in })
    }
    let gate = try #require(users.first)
    await gate.answered(try await gate.enter(), status: 429, limits: RateLimits(retryAfter: .seconds(pause)))
    let entered: Pacer.Ticket?
    do throws(RequestGate.Closed) { entered = try await gate.enter() } catch {
      guard case .comeBackLater = error else { throw error }
      entered = nil
    }
    #expect((entered != nil) == isTaken)
  }
}
