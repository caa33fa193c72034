import Core
import Load
import TestSupport
import Testing

/// Records that a destination refused are not sent again as they are.
@Suite struct OutstandingTests {
  private func bench(refusing keys: Set<String> = ["k1"], isAtomic: Bool = false) throws -> HTTPBench {
    var options = FakeAPI.Options()
    options.refused = keys
    options.isAtomic = isAtomic
    return try HTTPBench(FakeAPI(options))
  }

  private func writes(_ bench: HTTPBench) -> Int { bench.api.state.withLock { $0.requests.count(where: \.isWrite) } }

  @Test(arguments: [false, true]) func `the next run does not send a refused record that has not changed`(_ inBatches: Bool)
    async throws
  {
    let bench = inBatches ? try bench().inBatches : try bench()
    let first = try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true)
    #expect(first.words == ["created", "failed", "created", "created"] && first.codes == ["destination-refused"])
    let before = writes(bench)
    let second = try await bench.load(HTTPBench.people(0..<4), run: "run2")
    #expect(second.words == ["unchanged", "failed", "unchanged", "unchanged"] && second.codes == ["outstanding"])
    #expect(writes(bench) == before)
    let problem = try #require(second.sink.problems[1]?.first)
    #expect(problem.severity == .error && problem.attempt == 0 && problem.detail == "it was sent in run run1")
    // The run after that still names the run that sent it.
    let third = try await bench.load(HTTPBench.people(0..<4), run: "run3")
    #expect(third.sink.problems[1]?.first?.detail == "it was sent in run run1")
  }

  @Test(arguments: [false, true]) func `a record that has changed is sent`(_ inBatches: Bool) async throws {
    let bench = inBatches ? try bench().inBatches : try bench()
    try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true)
    let changed = try await bench.load(HTTPBench.people(0..<4, name: "Eva"), run: "run2")
    #expect(changed.words == ["updated", "failed", "updated", "updated"] && changed.codes == ["destination-refused"])
    // What was refused first is not what was refused last.
    let back = try await bench.load(HTTPBench.people([1]), run: "run3")
    #expect(back.codes == ["destination-refused"])
  }

  @Test func `a pipeline that sends records in another way sends it`() async throws {
    var bench = try bench()
    try await bench.load(HTTPBench.people(0..<2), isFirstLoad: true)
    bench.document.resources[0].create = try HTTPBench.request("POST /people?v=2")
    #expect(try await bench.load(HTTPBench.people(0..<2), run: "run2").codes == ["destination-refused"])
  }

  @Test func `a replay sends it, and once it is accepted it is unchanged`() async throws {
    let bench = try bench()
    try await bench.load(HTTPBench.people(0..<2), isFirstLoad: true)
    let again = try await bench.load(HTTPBench.people(0..<2), run: "run2", resendsRefused: true)
    #expect(again.codes == ["destination-refused"])
    let accepting = HTTPBench(try self.bench(refusing: []), stores: bench.stores)
    let accepted = try await accepting.load(HTTPBench.people([1]), run: "run3", resendsRefused: true)
    #expect(accepted.words == ["created"])
    #expect(try await accepting.load(HTTPBench.people([1]), run: "run4").words == ["unchanged"])
  }

  @Test(arguments: [false, true])
  func `only a refusal of the content is remembered, and not one of the address, the account or the request`(
    _ inBatches: Bool
  ) async throws {
    let elsewhere = ["location": "https://elsewhere.example/people"]
    let others = [300, 302, 305, 307, 308, 402, 405, 406, 407, 415, 421, 426, 428, 431, 451]
    for (status, isOutstanding) in [(413, true), (422, true), (400, true)] + others.map({ ($0, false) }) {
      let bench = inBatches ? try bench(refusing: []).inBatches : try bench(refusing: [])
      bench.api.setScript { $0.isWrite ? .respond(status, "{}", elsewhere) : nil }
      let first = try await bench.load(HTTPBench.people([0]), isFirstLoad: true)
      #expect(first.words == ["failed"], "\(status)")
      let second = try await bench.load(HTTPBench.people([0]), run: "run2")
      #expect((second.codes == ["outstanding"]) == isOutstanding, "\(status): \(second.codes)")
    }
  }

  @Test func `a redirect in a loop is not remembered`() async throws {
    let looping = try bench(refusing: [])
    looping.api.setScript { $0.isWrite ? .respond(307, "", ["location": $0.url]) : nil }
    #expect(try await looping.load(HTTPBench.people([0]), isFirstLoad: true).words == ["failed"])
    looping.api.setScript { _ in nil }
    #expect(try await looping.load(HTTPBench.people([0]), run: "run2").words == ["created"])
  }

  private static let failing = "{\"ok\":false,\"error\":\"token_expired\"}"

  @Test(arguments: [false, true]) func `a success that only says that the call failed is not remembered`(_ inBatches: Bool)
    async throws
  {
    var bench = inBatches ? try bench(refusing: []).inBatches : try bench(refusing: [])
    bench.document.responses.preset = .okFlag
    bench.api.setScript { $0.isWrite ? .respond(200, Self.failing) : nil }
    let first = try await bench.load(HTTPBench.people(0..<2), isFirstLoad: true)
    #expect(first.codes.contains("destination-refused"), "\(first.codes)")
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<2), run: "run2").words == ["created", "created"])
  }

  @Test func `a success is remembered if it names fields, or if the pipeline's own rule does not hold`() async throws {
    var named = try bench(refusing: [])
    named.document.responses.preset = .okFlag
    var places = FieldErrorPlaces()
    places.at = ResponsePath("errors")
    named.document.responses.errors = places
    let body = #"{"ok":false,"errors":[{"field":"name","message":"is taken"}]}"#
    named.api.setScript { $0.isWrite ? .respond(200, body) : nil }
    #expect(try await named.load(HTTPBench.people([0]), isFirstLoad: true).codes == ["destination-refused"])
    #expect(try await named.load(HTTPBench.people([0]), run: "run2").codes == ["outstanding"])
    var ruled = try bench(refusing: [])
    ruled.document.responses[.ok] = ResponseCondition.compile("!has(response.body.ok) || response.body.ok == true").condition
    ruled.api.setScript { $0.isWrite ? .respond(200, Self.failing) : nil }
    let refused = try await ruled.load(HTTPBench.people([0]))
    #expect(refused.codes == ["destination-refused"])
    #expect(try await ruled.load(HTTPBench.people([0]), run: "run2").codes == ["outstanding"])
  }

  @Test func `records that a wrong rule refused are sent once the rule is fixed, and what was accepted is not`() async throws {
    var bench = try bench(refusing: [])
    try await bench.load(HTTPBench.people([7]), isFirstLoad: true)
    let wrong = "!has(response.body.status) || response.body.status == \"success\""
    bench.document.responses[.ok] = ResponseCondition.compile(wrong).condition
    bench.api.setScript { $0.isWrite ? .respond(200, #"{"status":"SUCCESS"}"#) : nil }
    let refused = try await bench.load(HTTPBench.people([0]), run: "run2")
    #expect(refused.codes == ["destination-refused"])
    #expect(try await bench.load(HTTPBench.people([0]), run: "run3").codes == ["outstanding"])
    bench.document.responses[.ok] = ResponseCondition.compile("response.status == 201 || response.status == 200").condition
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people([0, 7]), run: "run4").words == ["created", "unchanged"])
  }

  @Test(arguments: [307, 402, 405, 422]) func `items of a batch are judged as single records are`(_ status: Int) async throws {
    let bench = try bench(refusing: []).inBatches
    bench.api.setScript {
      guard $0.isWrite, let items = $0.body?["items"]?.arrayValue else { return nil }
      let results = items.map { JSONValue.object([.init("key", $0["id"] ?? .null), .init("status", .number(status))]) }
      return .respond(200, JSONValue.object([.init("results", .array(results))]).text)
    }
    #expect(try await bench.load(HTTPBench.people(0..<3), isFirstLoad: true).words == ["failed", "failed", "failed"])
    bench.api.setScript { _ in nil }
    let words = try await bench.load(HTTPBench.people(0..<3), run: "run2").words
    #expect(words == Array(repeating: status == 422 ? "failed" : "created", count: 3))
  }

  @Test(arguments: ["run1", "run2"], [false, true])
  func `after a load whose process died, the destination says again why it refuses a record`(_ next: String, _ inBatches: Bool)
    async throws
  {
    let bench = inBatches ? try bench().inBatches : try bench()
    // Its ledger may lack the reason.
    let first = try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true, isReported: false)
    #expect(first.codes == ["destination-refused"])
    #expect(try await bench.load(HTTPBench.people(0..<4), run: next).codes == ["destination-refused"])
    #expect(try await bench.load(HTTPBench.people(0..<4), run: "run3").codes == ["outstanding"])
  }

  @Test func `a run that is resumed sends what it was refused, and so does a second record with the same key`() async throws {
    let bench = try bench()
    let first = try await bench.load(HTTPBench.people([1, 1]), isFirstLoad: true)
    #expect(first.words == ["failed", "failed"] && first.sink.problems[1]?.map(\.code).contains(.destinationRefused) == true)
    #expect(try await bench.load(HTTPBench.people([1]), run: "run1").codes == ["destination-refused"])
    #expect(try await bench.load(HTTPBench.people([1]), run: "run2").codes == ["outstanding"])
  }

  @Test func `a record that exists already is sent again, because the destination may change`() async throws {
    for status in [409, 412] {
      var bench = try bench(refusing: [])
      (bench.document.resources[0].conflict.then, bench.document.resources[0].conflict.isStated) = (.reject, true)
      // A 409, and a 412 because somebody else has changed it.
      bench.api.setScript { $0.isWrite ? .respond(status) : nil }
      #expect(try await bench.load(HTTPBench.people([0]), isFirstLoad: true).codes == ["already-exists"], "\(status)")
      // It is removed there.
      bench.api.setScript { _ in nil }
      #expect(try await bench.load(HTTPBench.people([0]), run: "run2").words == ["created"], "\(status)")
    }
  }

  @Test func `a page of something in between says nothing about the record`() async throws {
    let bench = try bench(refusing: [])
    bench.api.setScript { $0.isWrite ? .respond(400, "<html>", ["content-type": "text/html"]) : nil }
    try await bench.load(HTTPBench.people([0]), isFirstLoad: true)
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people([0]), run: "run2").words == ["created"])
  }

  @Test func `an item of a batch that is not authorized is sent again`() async throws {
    let bench = try bench(refusing: []).inBatches
    bench.api.setScript {
      guard $0.isWrite, let items = $0.body?["items"]?.arrayValue else { return nil }
      let results = items.map { JSONValue.object([.init("key", $0["id"] ?? .null), .init("status", .number(403))]) }
      return .respond(200, JSONValue.object([.init("results", .array(results))]).text)
    }
    #expect(try await bench.load(HTTPBench.people(0..<3), isFirstLoad: true).words == ["failed", "failed", "failed"])
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<3), run: "run2").words == ["created", "created", "created"])
  }

  @Test(arguments: [false, true])
  func `a refusal that only the next process learns of is no reason to leave the record out`(_ inBatches: Bool) async throws {
    let bench = inBatches ? try bench().inBatches : try bench()
    _ = try? await bench.load(HTTPBench.people(0..<4), isFirstLoad: true, by: DyingProcess(at: .beforeResult, of: 1))
    let next = try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true, run: "run2")
    // Some ledger must have the destination's reason before the record is left out.
    #expect(next.sink.problems[1]?.map(\.code) == [.destinationRefused])
    #expect(try await bench.load(HTTPBench.people(0..<4), run: "run3").codes == ["outstanding"])
  }

  @Test func `a whole batch that is refused is halved, and only the culprit is outstanding`() async throws {
    var bench = try bench(refusing: ["k2"], isAtomic: true)
    bench.document.resources[0].batch = try HTTPBench.batch(size: 4, isAtomic: true)
    let first = try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true)
    #expect(first.words == ["created", "created", "failed", "created"])
    let before = writes(bench)
    let second = try await bench.load(HTTPBench.people(0..<4), run: "run2")
    #expect(second.codes == ["outstanding"] && writes(bench) == before)
  }
}
