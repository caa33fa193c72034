import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// What an `http` destination does with records, one request at a time.
@Suite struct HTTPDestinationTests {
  @Test func `records are created once, unchanged ones are not sent, and changed ones are updated`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    #expect(try await bench.load(HTTPBench.people(0..<5)).words == Array(repeating: "created", count: 5))
    let writes = api.writes.count
    #expect(try await bench.load(HTTPBench.people(0..<5)).words == Array(repeating: "unchanged", count: 5))
    #expect(api.writes.count == writes)
    let changed = try await bench.load(HTTPBench.people(3..<5, name: "Eva"))
    #expect(changed.words == ["updated", "updated"])
    #expect(api.writes.count == writes + 2)
    #expect(api.content["k4"]?.first?["name"] == .string("Eva 4"))
    #expect(api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test func `a value that changes back is sent, under a key of its own`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    for name in ["Ann", "Eva", "Ann", "Eva"] {
      let result = try await bench.load(HTTPBench.people(0..<1, name: name))
      #expect(["created", "updated"].contains(result.words[0]))
      #expect(api.content["k0"]?.first?["name"] == .string("\(name) 0"))
    }
    let keys = api.writes.compactMap { $0.headers["idempotency-key"] }
    #expect(Set(keys).count == keys.count)
  }

  @Test func `columns in another order change nothing`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    var people = HTTPBench.people(0..<3)
    try await bench.load(people)
    people.columns.swapAt(1, 2)
    #expect(try await bench.load(people).words == ["unchanged", "unchanged", "unchanged"])
  }

  struct Trouble: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fault: FakeAPI.Fault
    var hasIdempotencyKeys = true
    var canFind = true
    var outcomes = ["created"]
  }

  static let troubles: [Trouble] = [
    Trouble(testDescription: "no connection", fault: .unreachable),
    Trouble(
      testDescription: "no connection, nothing to recognize a call by", fault: .unreachable, hasIdempotencyKeys: false,
      canFind: false),
    Trouble(testDescription: "lost before, with keys", fault: .lostBefore, canFind: false),
    Trouble(testDescription: "lost after, with keys", fault: .lostAfter, canFind: false),
    Trouble(testDescription: "lost before, with find", fault: .lostBefore, hasIdempotencyKeys: false),
    Trouble(testDescription: "lost after, with find", fault: .lostAfter, hasIdempotencyKeys: false),
    Trouble(
      testDescription: "lost before, with neither", fault: .lostBefore, hasIdempotencyKeys: false, canFind: false,
      outcomes: ["pending"]),
    Trouble(
      testDescription: "lost after, with neither", fault: .lostAfter, hasIdempotencyKeys: false, canFind: false,
      outcomes: ["pending"]),
    Trouble(testDescription: "500 before", fault: .respond(500)),
    Trouble(testDescription: "500 after, with keys", fault: .failAfter, canFind: false),
    Trouble(testDescription: "500 after, with find", fault: .failAfter, hasIdempotencyKeys: false),
    Trouble(testDescription: "429", fault: .respond(429, "{}", ["retry-after": "7"]), hasIdempotencyKeys: false, canFind: false),
    Trouble(testDescription: "429 with a malformed pause", fault: .respond(429, "{}", ["retry-after": "soon"])),
    Trouble(testDescription: "503 that says when", fault: .respond(503, "{}", ["retry-after": "3"])),
    Trouble(testDescription: "an HTML page of a gateway", fault: .respond(502, "<html><body>Bad gateway</body></html>")),
    Trouble(
      testDescription: "an idempotency layer that is still at it", fault: .respond(409, #"{"code":"request-in-progress"}"#)),
  ]

  @Test(arguments: troubles)
  func `one call that goes wrong leaves each record there once`(trouble: Trouble) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: trouble.hasIdempotencyKeys))
    let bench = try HTTPBench(api, hasIdempotencyKeys: trouble.hasIdempotencyKeys) {
      if !trouble.canFind { $0.find = nil }
    }
    let count = Locked(0)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return count.withLock { count in
        count += 1
        return count == 1 ? trouble.fault : nil
      }
    }
    let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    #expect(result.words == trouble.outcomes)
    #expect((api.content["k0"] ?? []).count <= 1)
    if trouble.outcomes == ["created"] {
      #expect(api.content["k0"]?.count == 1)
    } else {
      #expect(result.codes == ["result-unknown"])
      // Nothing is sent for it, until its result is known.
      let writes = api.writes.count
      #expect(try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true).words == ["pending"])
      #expect(api.writes.count == writes)
    }
  }

  @Test func `an error that is stored under the key leads to a new one`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false))
    let bench = try HTTPBench(api)
    let first = Locked<String?>(nil)
    api.setScript { request in
      guard request.isWrite, let key = request.headers["idempotency-key"] else { return nil }
      return first.withLock { first in
        first = first ?? key
        return first == key ? .respond(500, #"{"detail":"stored"}"#) : nil
      }
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["created"])
    #expect(api.content["k0"]?.count == 1)
    #expect(Set(api.writes.compactMap { $0.headers["idempotency-key"] }).count == 2)
  }

  @Test func `a refusal names the field and says why`() async throws {
    let api = FakeAPI(.init(refused: ["k1"]))
    let bench = try HTTPBench(api)
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["created", "failed", "created"])
    let problem = try #require(result.sink.problems[1]?.first)
    #expect(problem.code == .destinationRefused)
    #expect(problem.column == 1)
    #expect(problem.detail == "too bad")
    #expect(problem.status == 422)
    #expect(problem.record == "r2")
  }

  @Test(arguments: [
    ([], "detail", "loc", #"{"detail":[{"loc":["body","name"],"msg":"too bad"}]}"#),
    (["contact"], "detail", "loc", #"{"detail":[{"loc":["body","contact","name"],"msg":"too bad"}]}"#),
    ([], "errors", "source.pointer", #"{"errors":[{"source":{"pointer":"/data/attributes/name"},"detail":"too bad"}]}"#),
    (
      ["data", "attributes"], "errors", "source.pointer",
      #"{"errors":[{"source":{"pointer":"/data/attributes/name"},"detail":"too bad"}]}"#
    ), (["data", "attributes"], "errors", "field", #"{"errors":[{"field":"name","detail":"too bad"}]}"#),
    (["contact"], "errors", "field", #"{"errors":[{"field":"contact[name]","detail":"too bad"}]}"#),
  ])
  func `a field is named from the body or from the record`(
    under: [String], at: String, field: String, body: String
  ) async throws {
    let api = FakeAPI { $0.isWrite ? .respond(422, body) : nil }
    var bench = try HTTPBench(api) { $0.body.under = under.map { Name($0) } }
    var errors = FieldErrorPlaces()
    (errors.at, errors.field) = (ResponsePath(at), ResponsePath(field))
    bench.document.responses.errors = errors
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["failed"])
    let problem = try #require(result.sink.problems[0]?.first)
    #expect(problem.code == .destinationRefused && problem.column == 1 && problem.detail == "too bad")
  }

  @Test func `a record that was deleted there is created by the next load`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    try await bench.load(HTTPBench.people(0..<1))
    api.state.withLock { $0.rows = [] }
    let gone = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(gone.words == ["failed"])
    #expect(gone.codes == ["gone"])
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["created"])
  }

  @Test func `without update, a changed record fails`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) { $0.update = nil }
    try await bench.load(HTTPBench.people(0..<1))
    let result = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(result.codes == ["update-impossible"])
    #expect(api.content["k0"]?.count == 1)
  }

  @Test func `fields of others survive an update that reads first`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) { $0.updateStyle = .readMergePut }
    try await bench.load(HTTPBench.people(0..<1))
    api.state.withLock { state in
      state.rows[0].record = .object((state.rows[0].record.objectValue ?? []) + [.init("score", .number(5))])
    }
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["updated"])
    #expect(api.content["k0"]?.first?["score"] == .number(5))
    #expect(api.content["k0"]?.first?["name"] == .string("Eva 0"))
  }

  @Test func `a field that the destination ignores is a warning, and is not sent again`() async throws {
    let api = FakeAPI(.init(ignored: ["age"]))
    let bench = try HTTPBench(api)
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["created"])
    let problem = try #require(result.sink.problems[0]?.first)
    #expect(problem.code == .notApplied && problem.column == 2 && problem.severity == .warning)
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["unchanged"])
  }

  // MARK: The destination as a whole

  @Test(arguments: [(401, "401"), (403, "403")])
  func `refused credentials stop the destination`(status: Int, shown: String) async throws {
    let api = FakeAPI { $0.isWrite ? .respond(status, #"{"detail":"no"}"#) : nil }
    let bench = try HTTPBench(api)
    let result = try await bench.load(HTTPBench.people(0..<50))
    #expect(result.words == Array(repeating: "pending", count: 50))
    #expect(result.failure?.code == .notAuthorised)
    #expect(result.failure?.description.contains(shown) == true)
    #expect(api.writes.count <= 2 * 4)
  }

  @Test func `a destination that keeps failing is left alone, and the rest comes first the next time`() async throws {
    let api = FakeAPI { _ in .unreachable }
    let bench = try HTTPBench(api)
    let result = try await bench.load(HTTPBench.people(0..<50))
    #expect(result.words == Array(repeating: "pending", count: 50))
    #expect(result.failure?.code == .circuitOpen)
    #expect(result.failure?.exitCode == .circuitOpen)
    api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<50)).words == Array(repeating: "created", count: 50))
  }

  @Test func `a login page in place of the API stops the destination`() async throws {
    let api = FakeAPI { _ in .respond(200, "<html>log in</html>", ["content-type": "text/html; charset=utf-8"]) }
    let result = try await HTTPBench(api).load(HTTPBench.people(0..<50))
    #expect(result.words == Array(repeating: "pending", count: 50))
    #expect(result.failure?.code == .circuitOpen)
    #expect(api.content.isEmpty)
  }

  @Test(arguments: [true, false])
  func `an update whose response is a login page does not count as accepted`(canFind: Bool) async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) { if !canFind { $0.find = nil } }
    try await bench.load(HTTPBench.people(0..<3), isFirstLoad: true)
    let people = HTTPBench.people(0..<3, name: "Eva")
    let isFirst = Locked(true)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst ? .respond(200, "<html>log in</html>", ["content-type": "text/html; charset=utf-8"]) : nil
      }
    }
    let first = try await bench.load(people)
    #expect(first.words.sorted() == (canFind ? ["updated", "updated", "updated"] : ["pending", "updated", "updated"]))
    #expect(try await bench.load(people).words == ["unchanged", "unchanged", "unchanged"])
    #expect(api.content.values.allSatisfy { $0.count == 1 && $0[0]["name"]?.stringValue?.hasPrefix("Eva") == true })
  }

  @Test func `a longer pause than a run makes stops the destination`() async throws {
    let api = FakeAPI { $0.isWrite ? .respond(429, "{}", ["retry-after": "7200"]) : nil }
    let result = try await HTTPBench(api).load(HTTPBench.people(0..<3))
    #expect(result.words == ["pending", "pending", "pending"])
    #expect(result.failure?.code == .askedToWait)
    #expect(result.failure?.retryAfterSeconds ?? 0 >= 7_000)
  }

  @Test(arguments: ["<html>log in</html>", "", #"{"ok":true}"#, #"{"id":"k9","remoteId":"r9"}"#], [false, true])
  func `a success that does not show the record is looked up`(body: String, hasKeys: Bool) async throws {
    let api = FakeAPI()
    let isPage = body.hasPrefix("<")
    let count = Locked(0)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return count.withLock { count in
        count += 1
        return count == 1 ? .respond(200, body, isPage ? ["content-type": "text/html"] : [:]) : nil
      }
    }
    let bench = try HTTPBench(api, hasIdempotencyKeys: hasKeys)
    let first = try await bench.load(HTTPBench.people(0..<1))
    #expect(first.words == [isPage ? "created" : "pending"])
    if !isPage {
      // It may only be too early to find it.
      #expect(first.codes == ["result-unknown"] && api.writes.count == 1)
      // With a key, the call is repeated before the records are taken. Without one, it is not.
      let second = try await bench.load(HTTPBench.people(0..<1))
      #expect(second.words == [hasKeys ? "unchanged" : "pending"])
      #expect(api.writes.count == (hasKeys ? 2 : 1))
      if !hasKeys { return #expect(second.codes == ["result-unknown"]) }
    }
    #expect(api.content["k0"]?.count == 1)
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["updated"])
  }

  @Test func `credentials that changed are read once for all calls`() async throws {
    let folder = TemporaryFolder()
    try folder.write("token", "first-token-of-the-api")
    let api = FakeAPI()
    var bench = try HTTPBench(api)
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    let accepted = Locked("Bearer first-token-of-the-api")
    api.setScript { request in
      if request.number == 20 {
        try? folder.write("token", "second-token-of-the-api")
        accepted.withLock { $0 = "Bearer second-token-of-the-api" }
      }
      return request.headers["authorization"] == accepted.withLock { $0 } ? nil : .respond(401)
    }
    let result = try await bench.load(HTTPBench.people(0..<60))
    #expect(result.failure == nil)
    #expect(result.words == Array(repeating: "created", count: 60))
  }

  @Test func `credentials that are refused for a lookup are read again, whatever their generation`() async throws {
    let folder = TemporaryFolder()
    try folder.write("token", "token-number-1")
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    var bench = try HTTPBench(api, hasIdempotencyKeys: false)
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    let (current, writes) = (Locked(1), Locked(0))
    api.setScript { request in
      func renew() {
        let number = current.next()
        try? folder.write("token", "token-number-\(number)")
      }
      // The second token replaces the first one before the call.
      if request.number == 1 { renew() }
      guard request.headers["authorization"] == "Bearer token-number-\(current.withLock { $0 })" else { return .respond(401) }
      guard request.isWrite, writes.next() == 1 else { return nil }
      // The call has no response, and the next token replaces the second one before the lookup.
      renew()
      return .lostAfter
    }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.failure == nil)
    #expect(result.words == ["created"])
  }

  @Test func `credentials may expire again and again while a call waits`() async throws {
    let folder = TemporaryFolder()
    try folder.write("token", "token-number-1")
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    var bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.job = JobDocument(
        location: .header("location"), state: try #require(ResponsePath("state")), running: ["running"],
        response: ResponsePath("result"))
    }
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    let current = Locked(1)
    api.setScript { request in
      let token = current.withLock { $0 }
      guard request.headers["authorization"] == "Bearer token-number-\(token)" else { return .respond(401) }
      if request.isWrite { return .respondAfter(202, "", ["location": "/v1/jobs/1"]) }
      guard request.target == "/jobs/1" else { return nil }
      // Each token is good for one poll.
      let next = current.next()
      try? folder.write("token", "token-number-\(next)")
      return .respond(200, next < 6 ? #"{"state":"running"}"# : #"{"state":"done","result":{"id":"k0","remoteId":"r1"}}"#)
    }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.failure == nil)
    #expect(result.words == ["created"])
  }

  // MARK: Parents of the same mapping

  private func staff(_ pairs: [(String, String)]) -> StagedRecords {
    StagedRecords(
      pairs.map { #"{"id":"\#($0.0)","boss":"\#($0.1)"}"# },
      columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["boss"])])
  }

  private func staffBench(_ api: FakeAPI) throws -> HTTPBench {
    try HTTPBench(api) {
      $0.update = try HTTPBench.request("PUT /people/{remote_id}?boss={remote_id(people, boss)}")
    }
  }

  @Test func `children of the same mapping wait for their parents, whatever the order`() async throws {
    let api = FakeAPI()
    let bench = try staffBench(api)
    // The roots refer to themselves, so they are loaded by a bench without parents first.
    try await HTTPBench(api).load(staff([("root", "root")]))
    let pairs = (0..<40).map { ("w\($0)", "root") } + [("root", "root")]
    let result = try await bench.load(staff(pairs))
    #expect(result.words.count == 41)
    #expect(api.content.values.allSatisfy { $0.count == 1 })
  }

  @Test func `records that wait for a parent that never comes are pending, and so are those behind them`() async throws {
    let api = FakeAPI()
    let result = try await staffBench(api).load(staff([("a", "zz"), ("a", "zz"), ("b", "zz"), ("c", "b")]))
    #expect(result.words == ["pending", "pending", "pending", "pending"])
    #expect(Set(result.codes) == ["parent-not-loaded", "repeated-key"])
  }

  // MARK: Keys

  @Test func `a second record waits for the result of the first, also if there is none`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.find = nil }
    api.setScript { $0.isWrite && $0.number == 1 ? .lostAfter : nil }
    let people = HTTPBench.people(0..<1)
    let twice = StagedRecords(people.records + people.records.map { $0.replacing("Ann", with: "Eva") }, columns: people.columns)
    #expect(try await bench.load(twice, isFirstLoad: true).words == ["pending", "pending"])
    #expect(api.content["k0"]?.count == 1)
  }

  @Test func `records with one key are sent one after another`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false))
    let bench = try HTTPBench(api)
    let records = HTTPBench.people(0..<30)
    let twice = StagedRecords(
      records.records.flatMap { [$0, $0.replacing("Ann", with: "Eva"), $0] }, columns: records.columns)
    let result = try await bench.load(twice)
    #expect(result.words.count == 90)
    #expect(api.content.count == 30)
    #expect(api.content.values.allSatisfy { $0.count == 1 && $0[0]["name"]?.stringValue?.hasPrefix("Ann") == true })
  }

  @Test func `a key that would change the address is refused`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      $0.create = try HTTPBench.request("PUT /people/{key}")
      $0.find = nil
    }
    let records = StagedRecords([#"{"id":".."}"#], columns: [LoadColumn(path: ["id"])])
    let result = try await bench.load(records, isFirstLoad: true)
    #expect(result.codes == ["request-impossible"])
    #expect(api.requests.isEmpty)
  }
}
