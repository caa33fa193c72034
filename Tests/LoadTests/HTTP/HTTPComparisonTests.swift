import Core
import HTTP
import Load
import TestSupport
import Testing

/// The comparison of what was sent to an `http` destination with what it stored.
@Suite struct HTTPComparisonTests {
  /// The columns of the fields that each record's warnings name.
  private func columns(_ result: HTTPBench.Result, _ code: ProblemCode = .notApplied) -> [UInt64: [Int?]] {
    result.sink.problems.mapValues { $0.filter { $0.code == code }.map(\.column) }
  }

  /// An API whose responses to writes do not include the record.
  private func silence(_ api: FakeAPI) -> FakeAPI {
    api.setEdit { request, answer in
      guard request.isWrite, answer.status < 300, let body = try? JSONReader.read(answer.body) else { return answer }
      var answer = answer
      let results = body["results"]?.arrayValue.map { results in
        results.map { JSONValue.object(($0.objectValue ?? []).filter { $0.name != "record" }) }
      }
      let shown =
        results.map { JSONValue.Member("results", .array($0)) } ?? JSONValue.Member("remoteId", body["remoteId"] ?? .null)
      answer.body = Array(JSONValue.object([shown]).text.utf8)
      return answer
    }
    return api
  }

  @Test(arguments: [false, true], [false, true])
  func `a record that is missing from the response is read back`(isBatch: Bool, readsBack: Bool) async throws {
    let api = silence(FakeAPI(.init(ignored: ["age"])))
    let bench = try HTTPBench(api) {
      $0.readsBack = readsBack
      if isBatch { $0.batch = try HTTPBench.batch(size: 10) }
    }
    // The first load looks up each record before creating it.
    try await bench.load(HTTPBench.people(0..<1))
    let before = api.requests.count
    let result = try await bench.load(HTTPBench.people(0..<20, name: "Eva"))
    #expect(result.words == ["updated"] + Array(repeating: "created", count: 19))
    let reads = api.requests.dropFirst(before).count { !$0.isWrite }
    #expect(reads == 19 + (readsBack ? 20 : 0))
    #expect(columns(result).values.map { $0.count }.reduce(0, +) == (readsBack ? 20 : 0))
    #expect(columns(result).values.joined().allSatisfy { $0 == 2 })
  }

  @Test func `a record that is in the response is not read back`() async throws {
    let api = FakeAPI(.init(ignored: ["age"]))
    let bench = try HTTPBench(api) { $0.readsBack = true }
    let result = try await bench.load(HTTPBench.people(0..<5))
    #expect(columns(result).count == 5)
    #expect(api.requests.count == 10)
  }

  @Test(arguments: [FakeAPI.Fault.respond(500), .respond(200, #"{"items":[]}"#), .respond(404), .unreachable])
  func `a lookup that fails changes no outcome`(fault: FakeAPI.Fault) async throws {
    let api = silence(FakeAPI())
    let bench = try HTTPBench(api) { $0.readsBack = true }
    try await bench.load(HTTPBench.people(0..<1))
    let hasWritten = Locked(false)
    api.setScript { request in
      if request.isWrite { hasWritten.withLock { $0 = true } }
      return !request.isWrite && hasWritten.withLock { $0 } ? fault : nil
    }
    let result = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(result.words == ["updated"])
    #expect(result.codes == ["not-compared"])
    #expect(result.sink.problems[0]?.first?.severity == .warning)
    api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["unchanged"])
  }

  @Test func `a declared change by the destination is not a warning and is not sent again`() async throws {
    let api = FakeAPI()
    api.setEdit { request, answer in
      var answer = answer
      answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacing("Ann", with: "ANN").utf8)
      return answer
    }
    let place = HTTPBench.place
    let bench = try HTTPBench(api) { $0.normalizes = [NormalizedField(["name"], [.lower], place: place)] }
    let result = try await bench.load(HTTPBench.people(0..<2))
    #expect(result.words == ["created", "created"] && result.codes.isEmpty)
    // With a new journal, the records are found as they would be sent.
    let other = try HTTPBench(api) { $0.normalizes = [NormalizedField(["name"], [.lower], place: place)] }
    #expect(try await other.load(HTTPBench.people(0..<2)).words == ["unchanged", "unchanged"])
    let plain = try await HTTPBench(api).load(HTTPBench.people(0..<2))
    #expect(plain.words == ["updated", "updated"])
    #expect(columns(plain) == [0: [1], 1: [1]])
  }

  // MARK: Values that a record has lost

  /// How records are updated, and the response to an update.
  enum Style: String, CaseIterable {
    case patched, silent, batched, replaced, readFirst

    var merges: Bool { self == .patched || self == .silent || self == .batched }
  }

  private func bench(_ style: Style) throws -> HTTPBench {
    let api = FakeAPI(.init(batchesMerge: true))
    return try HTTPBench(style == .silent ? silence(api) : api) { people in
      switch style {
      case .patched, .silent: people.update = try HTTPBench.request("PATCH /people/{remote_id}")
      case .batched: people.batch = try HTTPBench.batch(size: 10, updates: true)
      case .replaced: break
      case .readFirst: people.updateStyle = .readMergePut
      }
      if style == .patched || style == .silent { people.updateStyle = .merge }
    }
  }

  @Test(arguments: Style.allCases)
  func `a value that is gone is erased, or there is a warning that the destination keeps it`(style: Style) async throws {
    let bench = try bench(style)
    try await bench.load(HTTPBench.people(0..<3))
    let result = try await bench.load(HTTPBench.people(0..<3, hasAge: false))
    #expect(result.words == Array(repeating: "updated", count: 3))
    #expect(columns(result) == (style.merges ? [0: [2], 1: [2], 2: [2]] : [:]))
    #expect(bench.api.content["k1"]?.first?["age"] == (style.merges ? .number(1) : nil))
    // It is reported once.
    #expect(try await bench.load(HTTPBench.people(0..<3, hasAge: false)).words == Array(repeating: "unchanged", count: 3))
    let again = try await bench.load(HTTPBench.people(0..<3, name: "Eva", hasAge: false))
    #expect(again.words == Array(repeating: "updated", count: 3) && again.codes.isEmpty)
    // The value comes back.
    let full = try await bench.load(HTTPBench.people(0..<3, name: "Eva"))
    #expect(full.words == Array(repeating: "updated", count: 3) && full.codes.isEmpty)
  }

  @Test func `a destination that does not have the value any more is not warned about`() async throws {
    let bench = try bench(.patched)
    try await bench.load(HTTPBench.people(0..<1))
    bench.api.state.withLock { $0.rows[0].record = .object([.init("id", .string("k0")), .init("name", .string("Ann 0"))]) }
    #expect(try await bench.load(HTTPBench.people(0..<1, hasAge: false)).codes.isEmpty)
  }

  @Test(arguments: [false, true])
  func `an update leaves alone what others had written before the first load`(lists: Bool) async throws {
    for style in [Style.readFirst, .patched] {
      var bench = try bench(style)
      if lists {
        bench.document.resources[0].list = ListDocument(
          try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
      }
      let other = try #require(try? JSONReader.read(Array(#"{"id":"k0","name":"Ina","age":7}"#.utf8)))
      bench.api.state.withLock { $0.rows = [.init(id: "x0", record: other)] }
      let result = try await bench.load(HTTPBench.people(0..<1, hasAge: false))
      #expect(result.words == ["updated"] && result.codes.isEmpty)
      #expect(bench.api.content["k0"]?.first?["age"] == .number(7))
    }
  }

  @Test func `a value that the destination changed, and that is gone now, is reported`() async throws {
    let bench = try bench(.patched)
    bench.api.setEdit { request, answer in
      var answer = answer
      answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacing(#""age":0"#, with: #""age":1"#).utf8)
      return answer
    }
    #expect(columns(try await bench.load(HTTPBench.people(0..<1))) == [0: [2]])
    #expect(columns(try await bench.load(HTTPBench.people(0..<1, hasAge: false))) == [0: [2]])
  }

  @Test func `what a conflict interrupts is not forgotten`() async throws {
    let bench = try bench(.readFirst)
    var tagged = bench
    tagged.document.resources[0].update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
    tagged.document.resources[0].entityTag = .headerOrBody("etag", try #require(ResponsePath("etag")))
    try await tagged.load(HTTPBench.people(0..<1))
    let writes = Locked(0)
    bench.api.setScript { request in
      guard request.isWrite else { return nil }
      return writes.withLock { writes in
        writes += 1
        return writes == 1 ? .respond(412) : .unreachable
      }
    }
    #expect(try await tagged.load(HTTPBench.people(0..<1, hasAge: false)).words == ["pending"])
    bench.api.setScript { _ in nil }
    #expect(try await tagged.load(HTTPBench.people(0..<1, hasAge: false)).words == ["updated"])
    #expect(bench.api.content["k0"]?.first?["age"] == nil)
  }

  @Test func `reading before an update keeps what others have written`() async throws {
    let bench = try bench(.readFirst)
    try await bench.load(HTTPBench.people(0..<1, hasAge: false))
    bench.api.state.withLock {
      $0.rows[0].record = .object([.init("id", .string("k0")), .init("name", .string("Ann 0")), .init("age", .number(7))])
    }
    try await bench.load(HTTPBench.people(0..<1, name: "Eva", hasAge: false))
    #expect(bench.api.content["k0"]?.first?["age"] == .number(7))
  }

  @Test(arguments: [Style.patched, .batched], [KillPoint.beforeResponse, .beforeResult, .afterResult])
  func `the warning survives a process that dies`(style: Style, point: KillPoint) async throws {
    let bench = try bench(style)
    try await bench.load(HTTPBench.people(0..<1))
    await #expect(throws: (any Error).self) {
      try await bench.load(HTTPBench.people(0..<1, hasAge: false), by: DyingProcess(at: point, of: 1))
    }
    let result = try await bench.load(HTTPBench.people(0..<1, hasAge: false), run: "run2")
    #expect(result.words == ["unchanged"])
    #expect(columns(result) == [0: [2]])
  }
}
