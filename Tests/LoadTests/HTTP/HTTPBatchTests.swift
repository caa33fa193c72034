import Control
import Core
import HTTP
import TestSupport
import Testing

@testable import Load

/// What an `http` destination does with several records in one request.
@Suite struct HTTPBatchTests {
  private func bench(_ api: FakeAPI, size: Int, isAtomic: Bool = false, keys: Bool = false) throws -> HTTPBench {
    try HTTPBench(api, hasIdempotencyKeys: keys) { $0.batch = try HTTPBench.batch(size: size, isAtomic: isAtomic) }
  }

  private func expectEachOnce(_ api: FakeAPI, _ numbers: some Sequence<Int>, _ place: SourceLocation = #_sourceLocation) {
    #expect(Set(api.content.keys) == Set(numbers.map { "k\($0)" }), sourceLocation: place)
    #expect(api.content.values.allSatisfy { $0.count == 1 }, sourceLocation: place)
  }

  @Test func `a body has at most as many bytes as the pipeline says`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      $0.batch = try HTTPBench.batch(size: 1_000)
      $0.batch?.bytes = 1_000
      $0.body.envelope = [.init("note", .string(String(repeating: "x", count: 300)))]
    }
    try await bench.load(HTTPBench.people(0..<100))
    let sizes = api.writes.compactMap { $0.body?.text.utf8.count }
    #expect(sizes.allSatisfy { $0 <= 1_000 } && sizes.max() ?? 0 > 900)
    expectEachOnce(api, 0..<100)
  }

  @Test func `records go in batches, and only changed ones the next time`() async throws {
    let api = FakeAPI()
    let bench = try bench(api, size: 10)
    #expect(try await bench.load(HTTPBench.people(0..<25)).words == Array(repeating: "created", count: 25))
    #expect(api.writes.count == 3)
    #expect(try await bench.load(HTTPBench.people(0..<25)).words == Array(repeating: "unchanged", count: 25))
    #expect(api.writes.count == 3)
    #expect(
      try await bench.load(HTTPBench.people(20..<27, name: "Eva")).words.sorted() == ["created", "created"]
        + Array(repeating: "updated", count: 5))
    expectEachOnce(api, 0..<27)
  }

  @Test(arguments: [1, 3, 10], [true, false])
  func `after a refusal of whole batches, each innocent record is stored once`(culprits: Int, isAtomic: Bool) async throws {
    let refused = Set((0..<culprits).map { "k\($0 * 97 % 1_000)" })
    let api = FakeAPI(.init(refused: refused, isAtomic: isAtomic, storesBeforeRefusal: !isAtomic))
    let bench = try bench(api, size: 100, isAtomic: isAtomic)
    let result = try await bench.load(HTTPBench.people(0..<1_000))
    #expect(result.words.count { $0 == "created" } == 1_000 - culprits)
    #expect(result.words.count { $0 == "failed" } == culprits)
    expectEachOnce(api, (0..<1_000).filter { !refused.contains("k\($0)") })
    // 2k⌈log2 b⌉ + ⌈n/b⌉
    if isAtomic { #expect(api.writes.count <= 2 * culprits * 7 + 10) }
  }

  @Test(arguments: [100, 1_000])
  func `ten culprits in one batch that is not atomic hold back no other record`(size: Int) async throws {
    let refused = Set((0..<10).map { "k\(5 + 10 * $0)" })
    let api = FakeAPI(.init(refused: refused, storesBeforeRefusal: true))
    let result = try await bench(api, size: size).load(HTTPBench.people(0..<size))
    #expect(result.words.count { $0 == "created" } == size - 10)
    #expect(result.words.count { $0 == "failed" } == 10)
    expectEachOnce(api, (0..<size).filter { !refused.contains("k\($0)") })
  }

  @Test func `a batch that is still running behind a gateway is not sent again, whatever a single lookup says`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try bench(api, size: 10)
    try await bench.load(HTTPBench.people(0..<1))
    let late = Locked<[JSONValue]>([])
    api.setScript { [timekeeper = bench.timekeeper] request in
      if request.isWrite {
        let isFirst = late.withLock { late in
          defer { if late.isEmpty { late = request.body?["items"]?.arrayValue ?? [] } }
          return late.isEmpty
        }
        return isFirst ? .respond(504) : nil
      }
      // The batch is stored 50 seconds after it was sent.
      if timekeeper.now() >= Moment(.seconds(50)) {
        api.state.withLock { state in
          let items = late.withLock { $0 }
          guard state.rows.count == 1 else { return }
          for item in items { state.rows.append(FakeAPI.Row(id: FakeAPI.key(of: item), record: item)) }
        }
      }
      return request.target.hasSuffix("=k4") && !late.withLock { $0.isEmpty } ? .respond(400) : nil
    }
    let result = try await bench.load(HTTPBench.people(0..<11))
    #expect(result.words.count { $0 == "pending" } == 1 && result.words[4] == "pending")
    expectEachOnce(api, 0..<11)
  }

  @Test(arguments: [30, 500])
  func `a record that lookups show late is not created again`(lag: Int) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false)
    try await bench.load(HTTPBench.people(0..<1))
    api.setEdit { request, answer in request.isWrite ? HTTPAnswer(status: 201, headers: [:], body: []) : answer }
    let shows = Locked(Moment(.seconds(lag)))
    api.setScript { [timekeeper = bench.timekeeper] request in
      request.isWrite || timekeeper.now() >= shows.withLock { $0 } ? nil : .respond(200, #"{"items":[]}"#)
    }
    let result = try await bench.load(HTTPBench.people(1..<2))
    #expect(result.words == [lag > 60 ? "pending" : "created"])
    #expect(api.writes.count == 2)
    #expect(try await bench.load(HTTPBench.people(1..<2)).words == [lag > 60 ? "pending" : "unchanged"])
    #expect(api.writes.count == 2)
    shows.withLock { $0 = Moment() }
    #expect(try await bench.load(HTTPBench.people(1..<2)).words == ["unchanged"])
    expectEachOnce(api, 0..<2)
  }

  @Test(arguments: [
    #"{"key":"k1","status":"failed","error":{"detail":"bad"}}"#, #"{"key":"k1","error":{"detail":"bad"}}"#, "null", #""bad""#,
    "{}",
  ])
  func `an item without a readable status is not taken for a success`(item: String) async throws {
    let api = FakeAPI(.init(refused: ["k1"]))
    api.setEdit { request, answer in
      guard request.isWrite, let body = try? JSONReader.read(answer.body), let results = body["results"]?.arrayValue else {
        return answer
      }
      var answer = answer
      let shown = results.map { $0["status"]?.intValue ?? 0 < 300 ? $0 : (try? JSONReader.read(Array(item.utf8))) ?? .null }
      answer.status = 200
      answer.body = Array(JSONValue.object([.init("results", .array(shown))]).text.utf8)
      return answer
    }
    let result = try await bench(api, size: 10).load(HTTPBench.people(0..<4))
    #expect(result.words[0] == "created" && result.words[2...3] == ["created", "created"])
    #expect(["failed", "pending"].contains(result.words[1]))
    #expect(api.content["k1"] == nil)
  }

  @Test func `without update, a created record that the destination changed counts as created`() async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false, ignored: ["age"]))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.batch = try HTTPBench.batch(size: 10)
      $0.update = nil
    }
    api.setScript { $0.isWrite ? .lostAfter : nil }
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["created", "created", "created"])
    #expect(result.codes == ["not-applied", "not-applied", "not-applied"])
    #expect(try await bench.load(HTTPBench.people(0..<3)).words == ["unchanged", "unchanged", "unchanged"])
    #expect(api.writes.count == 1)
  }

  /// Refusals of whole batches name the refused records, in one of these forms.
  private func naming(_ refused: Set<String>, _ form: @escaping @Sendable (Int) -> String) -> FakeAPI {
    let api = FakeAPI(.init(refused: refused, isAtomic: true))
    api.setEdit { request, answer in
      guard answer.status == 422, let items = request.body?["items"]?.arrayValue else { return answer }
      let errors = items.enumerated().filter { refused.contains(FakeAPI.key(of: $1)) }.map { index, _ in
        JSONValue.object([.init("pointer", .string(form(index))), .init("detail", .string("too bad"))])
      }
      return FakeAPI.problem(422, "not valid", [.init("errors", .array(errors))])
    }
    return api
  }

  @Test(
    arguments: [
      { "/items/\($0)/name" }, { "#/items/\($0)/name" }, { "items[\($0)].name" }, { "\($0).name" }, { "body.items.\($0).name" },
    ] as [@Sendable (Int) -> String], [1, 3])
  func `a record that the refusal of a batch names is refused on its own`(
    form: @escaping @Sendable (Int) -> String, culprits: Int
  ) async throws {
    let refused = Set((0..<culprits).map { "k\($0 * 13 + 5)" })
    let api = naming(refused, form)
    let result = try await bench(api, size: 100, isAtomic: true).load(HTTPBench.people(0..<100))
    #expect(result.words.count { $0 == "created" } == 100 - culprits)
    for number in (0..<culprits).map({ $0 * 13 + 5 }) {
      let problem = try #require(result.sink.problems[UInt64(number)]?.first)
      #expect(problem.column == 1 && problem.detail == "too bad")
    }
    expectEachOnce(api, (0..<100).filter { !refused.contains("k\($0)") })
    // The batch, the records that it names, and two halves.
    #expect(api.writes.count == culprits + 3)
  }

  @Test(
    arguments: [
      { "/items/\($0 + 1)/name" }, { "/items/\($0 + 1_000)/name" }, { _ in "/items/0/name" }, { _ in "/items/-1/name" },
      { _ in "/name" },
    ] as [@Sendable (Int) -> String])
  func `a record that is named by mistake is stored`(form: @escaping @Sendable (Int) -> String) async throws {
    let refused: Set = ["k5", "k30", "k31", "k99"]
    let api = naming(refused, form)
    let result = try await bench(api, size: 100, isAtomic: true).load(HTTPBench.people(0..<100))
    #expect(result.words.count { $0 == "created" } == 96 && result.words.count { $0 == "failed" } == 4)
    expectEachOnce(api, (0..<100).filter { !refused.contains("k\($0)") })
  }

  @Test(arguments: [FakeAPI.Fault.short, .long, .shuffled, .withoutKeys, .lostAfter, .failAfter, .respond(500), .respond(413)])
  func `a response that is not as it should be loses no record`(fault: FakeAPI.Fault) async throws {
    let api = FakeAPI()
    let count = Locked(0)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return count.withLock { count in
        count += 1
        return count == 2 ? fault : nil
      }
    }
    let result = try await bench(api, size: 10).load(HTTPBench.people(0..<30))
    #expect(result.words == Array(repeating: "created", count: 30))
    expectEachOnce(api, 0..<30)
  }

  @Test func `a batch whose response is lost is not created again, whatever the lookups show`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false, ignored: ["age"]))
    let count = Locked(0)
    api.setScript { request in
      // One lookup in ten fails, too.
      guard request.isWrite else { return request.number % 10 == 0 ? .respond(500) : nil }
      return count.withLock { count in
        count += 1
        return count == 1 ? .lostAfter : nil
      }
    }
    let result = try await bench(api, size: 30).load(HTTPBench.people(0..<30))
    #expect(result.words.allSatisfy { ["created", "updated"].contains($0) }, "\(result.words)")
    expectEachOnce(api, 0..<30)
  }

  @Test func `each refused record of a batch has its own reason`() async throws {
    let api = FakeAPI(.init(refused: ["k3", "k7"]))
    let result = try await bench(api, size: 10).load(HTTPBench.people(0..<10))
    #expect(result.words.enumerated().filter { $1 == "failed" }.map(\.offset) == [3, 7])
    #expect(result.sink.problems[3]?.map(\.detail) == ["too bad"])
    #expect(result.sink.problems[3]?.first?.column == 1)
    #expect(api.writes.count == 1)
  }

  @Test func `a second record with the same key is never in the same batch`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: true))
    let people = HTTPBench.people(0..<20)
    let twice = StagedRecords(people.records + people.records.map { $0.replacing("Ann", with: "Eva") }, columns: people.columns)
    let result = try await bench(api, size: 50).load(twice)
    #expect(result.words.count == 40)
    expectEachOnce(api, 0..<20)
    #expect(api.content.values.allSatisfy { $0[0]["name"]?.stringValue?.hasPrefix("Eva") == true })
    for request in api.writes {
      let keys = (request.body?["items"]?.arrayValue ?? []).map(FakeAPI.key)
      #expect(Set(keys).count == keys.count)
    }
  }

  @Test func `throttled items are sent again together, with growing pauses`() async throws {
    let api = FakeAPI()
    let writes = Locked(0)
    api.setEdit { request, answer in
      guard request.isWrite else { return answer }
      let number = writes.withLock { writes in
        writes += 1
        return writes
      }
      guard number < 3 else { return answer }
      var answer = answer
      let items = request.body?["items"]?.arrayValue ?? []
      let results = items.map { #"{"key":"\#(FakeAPI.key(of: $0))","status":429}"# }.joined(separator: ",")
      answer.body = Array("{\"results\":[\(results)]}".utf8)
      return answer
    }
    let result = try await bench(api, size: 100).load(HTTPBench.people(0..<100))
    #expect(result.words == Array(repeating: "created", count: 100))
    #expect(api.writes.count == 3)
  }

  @Test func `no more records are taken while too many wait for one with their key`() async throws {
    let bench = try HTTPBench(FakeAPI())
    let people = HTTPBench.people(0..<1)
    let plan = try PartPlan(people.part(), destination: "app", bench.document)
    let queue = BoundedQueue<PartLoad.Work>(limit: 10)
    var state = PartState(
      plan, PartReports(sink: RecordingSink()), queue, batchOverhead: 0, blocked: [:], unreported: PartLoad.Unreported())
    func record(_ ordinal: Int) -> OutgoingRecord {
      OutgoingRecord(ordinal: UInt64(ordinal), source: "", line: 0, key: "k", digest: [], fields: [], json: [], values: [:])
    }
    guard case .now(let ticket, _) = try state.enter(record(0)) else { return #expect(Bool(false)) }
    for ordinal in 1..<PartState.mostWaiting { _ = try state.enter(record(ordinal)) }
    #expect(!state.isCrowded)
    _ = try state.enter(record(PartState.mostWaiting))
    #expect(state.isCrowded)
    await withCheckedContinuation { continuation in
      state.whenRoom(continuation)
      let early = state.takeWoken()
      state.end(PartLoad.Member(record: record(0), ticket: ticket, known: nil), .created)
      let woken = state.takeWoken()
      #expect(early.isEmpty && woken.count == 1)
      for continuation in early + woken { continuation.resume() }
    }
    #expect(!state.isCrowded)
    queue.close()
  }

  @Test func `more records with one key than can wait are taken as the first ones arrive`() async throws {
    let api = FakeAPI()
    let bench = try bench(api, size: 100, keys: true)
    let count = PartState.mostWaiting + 200
    let result = try await bench.load(HTTPBench.people(Array(repeating: 7, count: count)))
    #expect(result.words == ["created"] + Array(repeating: "unchanged", count: count - 1))
    expectEachOnce(api, [7])
  }

  @Test func `a batch is looked up even if most lookups fail`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let isFirst = Locked(true)
    let lookups = Locked<[String: Int]>([:])
    api.setScript { request in
      guard request.isWrite else {
        // Each third lookup of a record succeeds.
        let count = lookups.withLock { lookups in
          lookups[request.target, default: 0] += 1
          return lookups[request.target] ?? 0
        }
        return count % 3 == 0 ? nil : .respond(200, "not JSON")
      }
      return isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst ? .lostAfter : nil
      }
    }
    let result = try await bench(api, size: 100).load(HTTPBench.people(0..<100))
    #expect(Set(result.words) == ["created"], "\(result.codes)")
    expectEachOnce(api, 0..<100)
  }

  @Test func `one record that cannot be looked up does not hold back the others`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false, refused: ["k3"], storesBeforeRefusal: true))
    api.setScript { $0.target.hasPrefix("/people?id=k3") ? .respond(400) : nil }
    let bench = try bench(api, size: 10)
    for words in ["created", "unchanged"] {
      let result = try await bench.load(HTTPBench.people(0..<10))
      #expect(result.words.enumerated().filter { $1 == "pending" }.map(\.offset) == [3])
      #expect(result.words.count { $0 == words } == 9, "\(result.words)")
    }
    expectEachOnce(api, (0..<10).filter { $0 != 3 })
  }

  @Test(arguments: [true, false], [true, false])
  func `a web page does not count as the response to a batch`(canFind: Bool, hasResults: Bool) async throws {
    let api = FakeAPI()
    let isFirst = Locked(true)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst ? .respond(200, "<html>log in</html>", ["content-type": "text/html"]) : nil
      }
    }
    var bench = try bench(api, size: 10)
    if !hasResults { bench.document.resources[0].batch?.results = BatchResults() }
    if !canFind { bench.document.resources[0].find = nil }
    let result = try await bench.load(HTTPBench.people(0..<10), isFirstLoad: true)
    #expect(Set(result.words) == [canFind ? "created" : "pending"], "\(result.codes)")
    expectEachOnce(api, canFind ? 0..<10 : 0..<0)
  }

  @Test func `a batched record that keeps conflicting fails`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let conflict = #"{"results":[{"key":"k0","status":409,"error":{"existingId":"r1"}}]}"#
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.batch = try HTTPBench.batch(size: 10, updates: true) }
    try await bench.load(HTTPBench.people(0..<1))
    api.setScript { $0.isWrite ? .respond(207, conflict) : nil }
    let result = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(result.words == ["failed"] && result.codes == ["already-exists"])
  }

  @Test func `results without keys are not trusted to be in order`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false, refused: ["k3"]))
    api.setScript { $0.number == 1 ? .withoutKeys : nil }
    api.setEdit { request, answer in
      guard request.number == 1, let results = (try? JSONReader.read(answer.body))?["results"]?.arrayValue else { return answer }
      var answer = answer
      answer.body = Array(JSONValue.object([.init("results", .array(results.reversed()))]).text.utf8)
      return answer
    }
    var bench = try bench(api, size: 10)
    bench.document.concurrent = 1
    let result = try await bench.load(HTTPBench.people(0..<10), isFirstLoad: true)
    #expect(result.words.enumerated().filter { $1 != "created" }.map(\.offset) == [3], "\(result.words)")
    expectEachOnce(api, (0..<10).filter { $0 != 3 })
  }

  @Test func `the records of a batch are looked up side by side`() async throws {
    let api = FakeAPI()
    // Somebody has one of them already.
    api.state.withLock {
      $0.rows = [.init(id: "x3", record: .object([.init("id", .string("k3")), .init("name", .string("Theirs"))]))]
    }
    let bench = try HTTPBench(api) { $0.batch = try HTTPBench.batch(size: 8) }
    let result = try await bench.load(HTTPBench.people(0..<8))
    #expect(result.words == (0..<8).map { $0 == 3 ? "updated" : "created" })
    #expect(api.state.withLock(\.mostUnderWay) > 1)
  }
}
