import Core
import HTTP
import Load
import TestSupport
import Testing

/// Redirects: which ones are followed, with what, and what the others mean.
@Suite struct HTTPRedirectTests {
  private static let others = [
    "https://evil.example/v1/people", "http://api.example/v1/people", "https://api.example:8443/v1/people",
    "//evil.example/v1/people", "https://api.example.evil.example/v1/people",
  ]

  private static func isAtHome(_ bench: HTTPBench) -> Bool {
    bench.api.requests.allSatisfy { $0.url.hasPrefix("https://api.example/") }
  }

  private static func bench(
    _ api: FakeAPI, _ folder: TemporaryFolder, hasKeys: Bool = true, _ change: (inout ResourceDocument) throws -> Void = { _ in }
  ) throws -> HTTPBench {
    try folder.write("token", "token-of-the-api")
    var bench = try HTTPBench(api, hasIdempotencyKeys: hasKeys, change)
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    return bench
  }

  @Test(arguments: [307, 308], ["/v1/people?moved=1", "https://api.example/v1/people?moved=1", "?moved=1"])
  func `a write is repeated with its body at another address of the same origin`(status: Int, location: String) async throws {
    let (api, folder) = (FakeAPI(), TemporaryFolder())
    let bench = try Self.bench(api, folder) { $0.find = nil }
    api.setScript { $0.isWrite && !$0.target.contains("moved") ? .respond(status, "", ["location": location]) : nil }
    #expect(try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true).words == ["created"])
    #expect(api.writes.map(\.target) == ["/people", "/people?moved=1"])
    let (first, second) = (try #require(api.writes.first), try #require(api.writes.last))
    #expect(second.method == "POST" && second.body == first.body && second.body != nil)
    #expect(second.headers == first.headers && second.headers["authorization"] == "Bearer token-of-the-api")
    #expect(second.headers["idempotency-key"] != nil)
  }

  @Test(arguments: [307, 308], others)
  func `a write that is redirected to another origin is refused, and nothing goes there`(
    status: Int, location: String
  ) async throws {
    let (api, folder) = (FakeAPI(), TemporaryFolder())
    let bench = try Self.bench(api, folder)
    api.setScript { $0.isWrite ? .respond(status, "", ["location": location]) : nil }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["failed"])
    #expect(result.codes == ["destination-refused"])
    #expect(result.sink.problems[0]?.first?.detail.contains("base_url") == true)
    #expect(Self.isAtHome(bench) && api.writes.count == 1)
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a read follows redirects within the origin, with its headers`(status: Int) async throws {
    let (api, folder) = (FakeAPI(), TemporaryFolder())
    try await HTTPBench(api).load(HTTPBench.people(0..<1))
    let bench = try Self.bench(api, folder)
    api.setScript { $0.target.contains("id=") ? .respond(status, "", ["location": "/v1/people?page=1"]) : nil }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["unchanged"])
    let last = try #require(api.requests.last)
    #expect(last.target == "/people?page=1" && last.headers["authorization"] == "Bearer token-of-the-api")
  }

  @Test(arguments: [301, 302, 303, 307, 308], others)
  func `a read does not follow a redirect to another origin`(status: Int, location: String) async throws {
    let (api, folder) = (FakeAPI(), TemporaryFolder())
    let bench = try Self.bench(api, folder)
    api.setScript { $0.isWrite ? nil : .respond(status, "", ["location": location]) }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["pending"] && result.codes == ["not-sent"])
    #expect(Self.isAtHome(bench) && api.writes.isEmpty)
  }

  @Test func `a redirect in a loop is a refusal`() async throws {
    let (api, folder) = (FakeAPI(), TemporaryFolder())
    let bench = try Self.bench(api, folder)
    api.setScript { $0.isWrite ? .respond(307, "", ["location": "/v1/people"]) : nil }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["failed"] && api.writes.count < 10)
  }

  // MARK: Writes whose result is unknown

  @Test(arguments: [301, 302, 303], ["/v1/people/17", "https://evil.example/login"])
  func `a write that is redirected to a page is looked up, because it may have been carried out`(
    status: Int, location: String
  ) async throws {
    for (hasKeys, isEffective) in [(false, true), (false, false), (true, true)] {
      let (api, folder) = (FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: hasKeys)), TemporaryFolder())
      let bench = try Self.bench(api, folder, hasKeys: hasKeys)
      let isFirst = Locked(true)
      api.setScript { request in
        guard request.isWrite,
          isFirst.withLock({ isFirst in
            defer { isFirst = false }
            return isFirst
          })
        else { return nil }
        return isEffective ? .respondAfter(status, "", ["location": location]) : .respond(status, "", ["location": location])
      }
      let result = try await bench.load(HTTPBench.people(0..<1))
      #expect(result.words == [isEffective ? "created" : "failed"])
      #expect(api.writes.count == 1)
      #expect(Self.isAtHome(bench))
      // If a lookup does not find it, the redirect was a refusal.
      if !isEffective { #expect(result.codes == ["destination-refused"]) }
      #expect(try await bench.load(HTTPBench.people(0..<1)).words == [isEffective ? "unchanged" : "created"])
      #expect(api.content["k0"]?.count == 1)
    }
  }

  @Test(arguments: [301, 302, 303])
  func `without a lookup, the result of a redirected write is unknown, also in later loads`(status: Int) async throws {
    let (api, folder) = (FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false)), TemporaryFolder())
    let bench = try Self.bench(api, folder, hasKeys: false) { $0.find = nil }
    api.setScript { $0.isWrite ? .respondAfter(status, "", ["location": "/people/17"]) : nil }
    for run in ["run1", "run2"] {
      let result = try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true, run: run)
      #expect(result.words == ["pending"] && result.codes == ["result-unknown"])
      #expect(result.failure == nil)
      if run == "run1" { #expect(result.sink.problems[0]?.first?.detail.contains("redirect") == true) }
    }
    #expect(api.writes.count == 1 && api.content["k0"]?.count == 1)
  }

  @Test func `a rule may say that a redirect after a write means success`() async throws {
    let (api, folder) = (FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false)), TemporaryFolder())
    var bench = try Self.bench(api, folder, hasKeys: false) {
      $0.find = nil
      $0.remoteID = .header("location")
    }
    bench.document.responses[.ok] = ResponseCondition.compile("response.status == 303").condition
    let headers = ["location": "/people/r1", "content-type": "text/html"]
    api.setScript { $0.method == "POST" ? .respondAfter(303, "<a href=/people/r1>Found</a>", headers) : nil }
    #expect(try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true).words == ["created"])
    #expect(api.requests.count == 1)
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["unchanged"])
  }
}
