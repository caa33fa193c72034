import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// `readBack`: written records are looked up, and sent again if the destination has dropped a field without a word.
@Suite struct ResendTests {
  enum Requests: CaseIterable, Sendable { case put, patch, batch, batchWithUpdates }

  private static func bench(
    _ api: FakeAPI, _ requests: Requests = .put, _ then: VerifyDocument.Then = .resend, share: Int = 10_000
  ) throws -> HTTPBench {
    try HTTPBench(api) {
      $0.readBack = VerifyDocument(share: share, then: then)
      switch requests {
      case .put: break
      case .patch: ($0.update, $0.updateStyle) = (try HTTPBench.request("PATCH /people/{remote_id}"), .merge)
      case .batch: $0.batch = try HTTPBench.batch(size: 3)
      case .batchWithUpdates: $0.batch = try HTTPBench.batch(size: 3, updates: true)
      }
    }
  }

  /// Each of the next `count` writes of a record loses its age, although the response shows it.
  private static func drop(_ api: FakeAPI, of key: String = "k1", _ count: Int) {
    let left = Locked(count)
    api.setEdit { request, answer in
      guard request.isWrite else { return answer }
      api.change { rows in
        guard let index = rows.firstIndex(where: { FakeAPI.key(of: $0.record) == key && $0.record["age"] != nil }) else { return }
        let drops = left.withLock { left in
          left -= 1
          return left >= 0
        }
        if drops { rows[index].record = .object((rows[index].record.objectValue ?? []).filter { $0.name != "age" }) }
      }
      return answer
    }
  }

  private static func age(_ api: FakeAPI, of key: String = "k1") -> JSONValue? { api.content[key]?.first?["age"] }

  @Test(arguments: Requests.allCases, [1, 2])
  func `a field that was dropped once or twice is sent again`(_ requests: Requests, _ drops: Int) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, requests)
    Self.drop(api, drops)
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["created", "created", "created"] && result.codes == [])
    #expect(Self.age(api) == .number(1))
    let first = requests == .put || requests == .patch ? 3 : 1
    #expect(api.writes.count == first + drops)
    // The journal knows that nothing is left to be done.
    let next = try await bench.load(HTTPBench.people(0..<3), run: "run2")
    #expect(next.words == ["unchanged", "unchanged", "unchanged"] && next.codes == [] && api.writes.count == first + drops)
  }

  @Test(arguments: Requests.allCases) func `a field of an update is sent again`(_ requests: Requests) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, requests)
    try await bench.load(HTTPBench.people(0..<3))
    Self.drop(api, 1)
    let result = try await bench.load(HTTPBench.people(0..<3, name: "Eva"), run: "run2")
    #expect(result.words == ["updated", "updated", "updated"] && result.codes == [])
    #expect(Self.age(api) == .number(1) && api.content["k1"]?.first?["name"] == .string("Eva 1"))
  }

  @Test(arguments: Requests.allCases)
  func `one that is always dropped is a warning and no loop`(_ requests: Requests) async throws {
    let api = FakeAPI(.init(ignored: ["age"]))
    let bench = try Self.bench(api, requests)
    let result = try await bench.load(HTTPBench.people(0..<2))
    #expect(result.words == ["created", "created"] && result.codes == ["not-applied", "not-applied"])
    #expect(result.sink.problems.values.joined().allSatisfy { $0.column == 2 && $0.severity == .warning })
    let first = requests == .put || requests == .patch ? 2 : 1
    #expect(api.writes.count == first + 4)
    let next = try await bench.load(HTTPBench.people(0..<2), run: "run2")
    #expect(next.words == ["unchanged", "unchanged"] && next.codes == [] && api.writes.count == first + 4)
  }

  @Test func `report only warns`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .put, .report)
    Self.drop(api, 1)
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["created", "created", "created"] && result.codes == ["not-applied"])
    #expect(api.writes.count == 3 && Self.age(api) == nil)
  }

  @Test func `a share reads back a sample`() async throws {
    for (share, counts) in [(10_000, 40...40), (5_000, 8...32), (1, 0...2)] {
      let api = FakeAPI()
      try await Self.bench(api, share: share).load(HTTPBench.people(0..<40), isFirstLoad: true)
      // Each record has been looked up before it was created.
      let lookups = api.requests.count { !$0.isWrite } - 40
      #expect(counts.contains(lookups), "\(share): \(lookups)")
    }
  }

  @Test func `a record that cannot be read back is created, with a warning`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    api.setScript { request in !request.isWrite && !api.writes.isEmpty ? .respond(403, #"{"detail":"no"}"#) : nil }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["created"] && result.codes == ["not-compared"] && api.writes.count == 1)
  }

  /// What becomes of the call that sends a record again.
  @Test(arguments: [
    (FakeAPI.Fault.respond(422, #"{"detail":"no"}"#), "created", ["not-applied"]),
    (.respond(409, #"{"detail":"somebody else has it"}"#), "created", ["not-applied"]),
    (.respond(413), "created", ["not-applied"]),
    (.respond(404, #"{"detail":"no such record"}"#), "failed", ["gone"]),
    (.respond(403, #"{"detail":"no"}"#), "pending", ["not-sent"]),
  ])
  func `an attempt that fails keeps what is known`(_ fault: FakeAPI.Fault, _ word: String, _ codes: [String]) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    Self.drop(api, 1)
    api.setScript { $0.method == "PUT" ? fault : nil }
    let result = try await bench.load(HTTPBench.people(1..<2))
    #expect(result.words == [word] && result.codes == codes, "\(result.codes)")
    #expect(api.writes.count == 2)
    // The next run sends what the journal does not know to be done.
    api.setScript { _ in nil }
    let next = try await bench.load(HTTPBench.people(1..<2), run: "run2")
    #expect(next.words == [word == "created" ? "unchanged" : word == "failed" ? "updated" : "updated"])
    #expect(Self.age(api) == (word == "created" ? nil : .number(1)))
  }

  @Test(arguments: Requests.allCases, KillPoint.allCases)
  func `a process that is killed leaves nothing half sent`(_ requests: Requests, _ point: KillPoint) async throws {
    for number in 1...4 {
      let api = FakeAPI()
      let bench = try Self.bench(api, requests)
      Self.drop(api, 1)
      let process = DyingProcess(at: point, of: number)
      _ = try? await bench.load(HTTPBench.people(0..<3), isReported: false, by: process)
      try await bench.load(HTTPBench.people(0..<3), run: "run2")
      #expect(api.content.count == 3 && api.content.values.allSatisfy { $0.count == 1 })
      #expect(Self.age(api) == .number(1), "\(point) \(number)")
      let last = try await bench.load(HTTPBench.people(0..<3), run: "run3")
      #expect(last.words == ["unchanged", "unchanged", "unchanged"] && last.codes == [])
    }
  }

  @Test func `what undo puts back rests on the last attempt`() async throws {
    let api = FakeAPI()
    try HTTPUndoTests.seed(api, 2)
    let bench = try Self.bench(api).saving()
    let before = api.text
    Self.drop(api, 1)
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["updated", "updated", "created"] && Self.age(api) == .number(1))
    let undone = try await bench.undo()
    #expect(HTTPUndoTests.outcomes(undone.records) == ["k0 restored", "k1 restored", "k2 removed"])
    #expect(HTTPUndoTests.sorted(api.text) == HTTPUndoTests.sorted(before))
  }
}
