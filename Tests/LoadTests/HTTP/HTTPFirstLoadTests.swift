import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// What a load does if its journal does not know the destination, and how a journal is rebuilt.
@Suite struct HTTPFirstLoadTests {
  @Test(arguments: [
    (
      FakeAPI.Fault.respond(400, #"{"detail":"page must be at least 10"}"#), OperationFailure.Code.configuration,
      "GET /people?page=1 was refused with status 400: page must be at least 10"
    ),
    (.respond(200, "[]"), .configuration, "the response to GET /people?page=1 has no list at 'items'"),
    (.respond(503), .unreachable, "GET /people?page=1: status 503"),
    (.unreachable, .unreachable, "GET /people?page=1: the server refuses the connection"),
  ])
  func `a list that cannot be read names its request`(fault: FakeAPI.Fault, code: OperationFailure.Code, why: String) async throws
  {
    let api = FakeAPI { $0.isWrite ? nil : fault }
    let bench = try HTTPBench(api) {
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }
    let result = try await bench.load(HTTPBench.people(0..<2))
    #expect(result.words == ["pending", "pending"])
    #expect(result.failure == OperationFailure(code, "'app' cannot be listed for 'people': \(why)"))
  }

  @Test func `a lost journal creates nothing again`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    try await HTTPBench(api, hasIdempotencyKeys: false).load(HTTPBench.people(0..<8))
    // With `find`.
    let found = try await HTTPBench(api, hasIdempotencyKeys: false).load(HTTPBench.people(0..<10))
    #expect(found.words == Array(repeating: "unchanged", count: 8) + ["created", "created"])
    // With `list`.
    let listed = try await HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }.load(HTTPBench.people(5..<12))
    #expect(listed.words == Array(repeating: "unchanged", count: 5) + ["created", "created"])
    #expect(api.content.count == 12)
    #expect(api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test(arguments: [(true, "updated"), (false, "unchanged")])
  func `a rebuild resolves calls from the list if nothing else can`(_ isChanged: Bool, _ word: String) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }
    try await bench.load(HTTPBench.people(0..<1))
    // The destination has the second record, but not the third.
    api.setScript { request in
      guard request.isWrite else { return nil }
      return request.body?["id"] == .string("k1") ? .lostAfter : .lostBefore
    }
    for _ in 0..<2 {
      let lost = try await bench.load(HTTPBench.people(0..<3))
      #expect(lost.words == ["unchanged", "pending", "pending"] && lost.codes == ["result-unknown", "result-unknown"])
    }
    api.setScript { _ in nil }
    if isChanged {
      api.setEdit { request, answer in
        guard request.target.hasPrefix("/people?page=1") else { return answer }
        return HTTPAnswer(
          status: 200, headers: [:],
          body: Array(String(decoding: answer.body, as: UTF8.self).replacing("Ann 1", with: "Eve").utf8))
      }
    }
    _ = try await bench.destination().rebuildJournal(HTTPBench.people(0..<3).part())
    api.setEdit { $1 }
    #expect(try bench.stores.journal.scopes().map(\.openIntents) == [0])
    #expect(try await bench.load(HTTPBench.people(0..<3)).words == ["unchanged", word, "created"])
    #expect(api.content.count == 3 && api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test func `a list that cannot be read resolves nothing`() async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }
    api.setScript { $0.isWrite ? .lostBefore : nil }
    try await bench.load(HTTPBench.people(0..<5))
    api.setScript { $0.target.hasSuffix("page=2") ? .respond(400) : nil }
    try await HTTPBench(api).load(HTTPBench.people(0..<5))
    await #expect(throws: OperationFailure.self) {
      try await bench.destination().rebuildJournal(HTTPBench.people(0..<5).part())
    }
    #expect(try bench.stores.journal.scopes().map(\.openIntents) == [5])
  }

  @Test func `a list that was read elsewhere says nothing about another address`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    var bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }
    let address = bench.document.address
    bench.document.address = try ServerAddress("https://two.example/v1")
    try await bench.load(StagedRecords([], columns: HTTPBench.people(0..<1).columns))
    let record = HTTPBench.people(0..<1).records[0]
    api.state.withLock { $0.rows = [.init(id: "r9", record: (try? JSONReader.read(Array(record.utf8))) ?? .null)] }
    bench.document.address = address
    #expect(try await bench.load(HTTPBench.people(0..<2)).words == ["unchanged", "created"])
  }

  @Test func `without find and list, the first load has to be confirmed`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) { $0.find = nil }
    let failure = await #expect(throws: OperationFailure.self) { try await bench.load(HTTPBench.people(0..<1)) }
    #expect(failure?.code == .configuration)
    #expect(failure?.description.contains("--first-load") == true)
    #expect(api.requests.isEmpty)
    #expect(try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true).words == ["created"])
    #expect(try await bench.load(HTTPBench.people(0..<2)).words == ["unchanged", "created"])
  }

  @Test func `a filter that the destination ignores makes nothing look absent`() async throws {
    let api = FakeAPI()
    try await HTTPBench(api).load(HTTPBench.people(0..<2))
    let bench = try HTTPBench(api) {
      $0.find = FindDocument(try HTTPBench.request("GET /people?page=1"), items: ResponsePath("items"))
    }
    let result = try await bench.load(HTTPBench.people(2..<3))
    #expect(result.words == ["pending"])
    #expect(api.content.count == 2)
  }

  @Test func `a narrowed first load does not make the rest look new`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    try await HTTPBench(api, hasIdempotencyKeys: false).load(HTTPBench.people(0..<12))
    // The state is lost, and the next load has three records only.
    let bench = try HTTPBench(api, hasIdempotencyKeys: false)
    #expect(try await bench.load(HTTPBench.people(0..<3)).words == ["unchanged", "unchanged", "unchanged"])
    #expect(try await bench.load(HTTPBench.people(0..<12)).words == Array(repeating: "unchanged", count: 12))
    #expect(api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test func `where nothing can resolve a call, no more calls have intents than can be sent`() async throws {
    let most = Locked(0)
    let api = FakeAPI()
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.find = nil }
    let people = HTTPBench.people(0..<60)
    let part = people.part()
    let scope = JournalScope(
      pipeline: part.pipeline, destination: "app", mapping: part.mapping, location: part.location)
    api.setScript { [stores = bench.stores] _ in
      let open = (try? stores.journal.openIntents(scope).count) ?? 1_000
      most.withLock { $0 = max($0, open) }
      return nil
    }
    let result = try await bench.load(people, isFirstLoad: true)
    #expect(result.words == Array(repeating: "created", count: 60))
    #expect(1...bench.document.concurrent ~= most.withLock { $0 })
  }
}
