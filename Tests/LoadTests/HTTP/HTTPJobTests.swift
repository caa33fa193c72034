import Core
import HTTP
import Load
import TestSupport
import Testing

/// Calls that the destination accepts as a job (202), and the polls that follow.
@Suite struct HTTPJobTests {
  /// A bench that creates the first record by a job.
  ///
  /// - Parameters:
  ///   - location: the job's address; nil: the response has none.
  ///   - poll: the response to each poll, by its number from 1.
  private static func bench(
    location: String? = "/v1/jobs/1", hasKeys: Bool = false, canFind: Bool = false,
    poll: @escaping @Sendable (Int) -> FakeAPI.Fault
  ) throws -> HTTPBench {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: hasKeys))
    let polls = Locked(0)
    api.setScript { request in
      if isPoll(request) { return poll(polls.next()) }
      guard request.method == "POST", request.body?["id"] == .string("k0") else { return nil }
      return .respondAfter(202, "", location.map { ["location": $0] } ?? [:])
    }
    var bench = try HTTPBench(api, hasIdempotencyKeys: hasKeys) {
      if !canFind { $0.find = nil }
      $0.job = JobDocument(
        location: .header("location"), state: try #require(ResponsePath("state")), running: ["queued", "running"],
        status: ResponsePath("status"), response: ResponsePath("result"))
    }
    bench.document.headers = [try HeaderTemplate("X-Tenant", "{mapping}")]
    bench.document.concurrent = 1
    return bench
  }

  private static func isPoll(_ request: FakeAPI.Request) -> Bool { !request.isWrite && request.url.contains("/jobs/") }

  private static let running = FakeAPI.Fault.respond(200, #"{"state":"running"}"#)
  private static let done = FakeAPI.Fault.respond(
    200, #"{"state":"done","status":201,"result":{"id":"k0","remoteId":"r1","name":"Ann 0","age":0}}"#)

  private static func polls(_ bench: HTTPBench) -> [FakeAPI.Request] { bench.api.requests.filter(isPoll) }

  @Test(arguments: [
    ("/v1/jobs/1", "https://api.example/v1/jobs/1"), ("jobs/1?view=full", "https://api.example/v1/jobs/1?view=full"),
    ("https://api.example/v1/jobs/1", "https://api.example/v1/jobs/1"),
    // Outside the path of base_url.
    ("/jobs/1", "https://api.example/jobs/1"), ("https://API.example:443/jobs/1", "https://api.example/jobs/1"),
  ])
  func `a job is polled at its address until it is finished`(location: String, address: String) async throws {
    let folder = TemporaryFolder()
    try folder.write("token", "token-of-the-api")
    var bench = try Self.bench(location: location) { $0 < 3 ? Self.running : Self.done }
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    #expect(result.words == ["created"])
    #expect(Self.polls(bench).map(\.url) == [address, address, address])
    for poll in Self.polls(bench) {
      #expect(poll.headers["x-tenant"] == "people")
      #expect(poll.headers["authorization"] == "Bearer token-of-the-api")
    }
    #expect(bench.api.writes.count == 1)
    // The journal has the ID from the job's result.
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["updated"])
  }

  @Test func `a job that ends with a refusal fails the record`() async throws {
    let bench = try Self.bench { _ in
      .respond(
        200, #"{"state":"done","status":422,"result":{"errors":[{"pointer":"/name","detail":"too bad"}]}}"#)
    }
    let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    #expect(result.words == ["failed"])
    let problem = try #require(result.sink.problems[0]?.first)
    #expect(problem.code == .destinationRefused && problem.status == 422)
    #expect(problem.column == 1 && problem.detail == "too bad")
  }

  @Test func `the result of a job has the results of a batch`() async throws {
    let api = FakeAPI(.init(refused: ["k1"]))
    var bench = try HTTPBench(api) {
      $0.batch = try HTTPBench.batch(size: 3)
      $0.job = JobDocument(
        location: .body(try #require(ResponsePath("job.href"))), state: try #require(ResponsePath("state")), running: ["running"],
        response: ResponsePath("result"))
    }
    bench.document.concurrent = 1
    let results = Locked("")
    api.setEdit { request, answer in
      guard request.isWrite else { return answer }
      results.withLock { $0 = String(decoding: answer.body, as: UTF8.self) }
      return HTTPAnswer(status: 202, headers: [:], body: Array(#"{"job":{"href":"/v1/jobs/1"}}"#.utf8))
    }
    api.setScript { request in
      Self.isPoll(request) ? .respond(200, #"{"state":"done","result":\#(results.withLock { $0 })}"#) : nil
    }
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["created", "failed", "created"])
    #expect(api.writes.count == 1 && api.content.count == 2)
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["unchanged"])
  }

  @Test(arguments: [
    "https://evil.example/jobs/1", "//evil.example/jobs/1", "http://api.example/jobs/1", "https://api.example:8443/jobs/1",
  ])
  func `a job at another origin is not polled, and the record's detail names its address`(location: String) async throws {
    let bench = try Self.bench(location: location + "?token=geheim") { _ in Self.done }
    let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    #expect(result.words == ["pending"])
    #expect(result.codes == ["result-unknown"])
    let detail = try #require(result.sink.problems[0]?.first?.detail)
    #expect(detail.contains(location))
    // The query may contain a signature.
    #expect(!detail.contains("geheim"))
    #expect(Self.polls(bench).isEmpty)
    #expect(bench.api.requests.allSatisfy { $0.url.hasPrefix("https://api.example/v1/") })
    #expect(bench.api.writes.count == 1)
  }

  @Test func `a 202 without a job's address says so`() async throws {
    let bench = try Self.bench(location: nil) { _ in Self.done }
    let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    #expect(result.codes == ["result-unknown"])
    #expect(result.sink.problems[0]?.first?.detail.contains("header 'location'") == true)
  }

  @Test(arguments: ["/v1/jobs/1", "/jobs/1"])
  func `the next load polls the job of a killed load, and sends nothing again`(location: String) async throws {
    let process = DyingProcess(at: .beforeResponse, of: 2)
    let bench = try Self.bench(location: location, hasKeys: true) { number in
      // It dies after its first poll.
      if number == 1 { _ = process.passes(.beforeResponse) }
      return number == 1 ? Self.running : Self.done
    }
    let killed = try? await bench.load(HTTPBench.people(0..<1), isFirstLoad: true, by: process)
    #expect(killed == nil)
    #expect(Self.polls(bench).count == 1)
    #expect(try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true, run: "run2").words == ["unchanged"])
    #expect(Set(Self.polls(bench).map(\.url)) == ["https://api.example\(location)"])
    #expect(Self.polls(bench).count == 2)
    #expect(bench.api.writes.count == 1)
  }

  @Test func `a job that asks for a long pause holds back its record only, and the next load polls it`() async throws {
    let bench = try Self.bench(canFind: true) { number in
      number == 1 ? .respond(200, #"{"state":"running"}"#, ["retry-after": "7200"]) : Self.done
    }
    let result = try await bench.load(HTTPBench.people(0..<5), isFirstLoad: true)
    #expect(result.words == ["pending", "created", "created", "created", "created"])
    #expect(result.codes == ["result-unknown"])
    #expect(result.failure == nil)
    let (writes, polls) = (bench.api.writes.count, Self.polls(bench).count)
    #expect(writes == 5)
    #expect(try await bench.load(HTTPBench.people(0..<5), run: "run2").words == Array(repeating: "unchanged", count: 5))
    #expect(bench.api.writes.count == writes && Self.polls(bench).count > polls)
  }

  @Test func `the job of an earlier attempt is not polled for a later one`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.job = JobDocument(
        location: .header("location"), state: try #require(ResponsePath("state")), running: ["running"],
        status: ResponsePath("status"))
    }
    let writes = Locked(0)
    api.setScript { request in
      if Self.isPoll(request) { return .respond(200, #"{"state":"done","status":429}"#) }
      guard request.isWrite, writes.next() == 1 else { return nil }
      return .respond(202, "", ["location": "/v1/jobs/1"])
    }
    // The job was throttled, so the call is sent again. It takes effect, and the process is killed before the response.
    let killed = try? await bench.load(HTTPBench.people(0..<1), by: DyingProcess(at: .beforeResponse, of: 2))
    #expect(killed == nil)
    #expect(api.content["k0"]?.count == 1)
    let polls = Self.polls(bench).count
    #expect(try await bench.load(HTTPBench.people(0..<1), run: "run2").words == ["unchanged"])
    #expect(api.content["k0"]?.count == 1)
    #expect(Self.polls(bench).count == polls)
  }
}
