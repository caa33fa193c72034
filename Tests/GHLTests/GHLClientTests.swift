import Control
import Core
import Synchronization
import Testing

@testable import GHL

@Suite struct GHLClientTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var endpoint = GHLEndpoint.contactsByBusiness
    var kind: GHLFailure.Kind
    var code: ExitCode
    var contains: String
    var testDescription: String { "\(status) \(body) \(endpoint)" }
  }

  static let table: [Refusal] = [
    .init(
      status: 401, body: #"{"statusCode":401,"message":"Invalid JWT","error":"Unauthorized"}"#, kind: .badToken,
      code: .notAuthorised, contains: "Invalid JWT"),
    .init(
      status: 401, body: #"{"status":401,"message":"Invalid Private Integration token","traceId":"t"}"#, kind: .badToken,
      code: .notAuthorised, contains: "trace t"),
    .init(
      status: 401, body: #"{"message":"The token is not authorized for this scope."}"#, kind: .scopeMissing, code: .notAuthorised,
      contains: "contacts.readonly"),
    .init(
      status: 401, body: #"{"message":"Token's user type mismatch!"}"#, kind: .userTypeMismatch, code: .notAuthorised,
      contains: "agency"),
    .init(
      status: 401, body: #"{"message":"This authClass type is not allowed to access this scope. Please verify"}"#,
      kind: .wrongTokenClass, code: .notAuthorised, contains: "exchange"),
    .init(
      status: 401, body: #"{"message":"version header was not found."}"#, kind: .versionRefused, code: .configuration,
      contains: "version"),
    .init(
      status: 403, body: #"{"statusCode":403,"message":"The token does not have access to this location."}"#,
      kind: .otherLocation, code: .configuration, contains: "`location`"),
    .init(
      status: 403, body: "<html>Sorry, 203.0.113.7 was blocked</html>", kind: .blocked, code: .unreachable,
      contains: "firewall or proxy"),
    .init(status: 403, body: "", kind: .blocked, code: .unreachable, contains: "later"),
    .init(
      status: 400, body: #"{"statusCode":400,"message":"Bad Request"}"#, kind: .validation, code: .configuration,
      contains: "Bad Request"),
    .init(
      status: 400, body: #"{"statusCode":400,"message":"Contact not found"}"#, endpoint: .contact, kind: .notFound,
      code: .configuration, contains: "not found"),
    .init(
      status: 404, body: #"{"message":"gone"}"#, endpoint: .contactNotes, kind: .notFound, code: .configuration, contains: "gone"),
    .init(
      status: 422, body: #"{"message":["a is wrong","b is wrong"],"statusCode":422}"#, kind: .validation, code: .configuration,
      contains: "a is wrong; b is wrong"),
    .init(
      status: 422, body: #"{"error":{"code":"X","message":"nested"}}"#, kind: .validation, code: .configuration,
      contains: "nested"),
    .init(status: 500, body: "", kind: .serverError, code: .unreachable, contains: "HTTP 500"),
    .init(status: 502, body: "<html>Bad gateway</html>", kind: .serverError, code: .unreachable, contains: "HTML"),
    .init(status: 504, body: "{}", kind: .timedOut, code: .unreachable, contains: "in time"),
    .init(status: 200, body: #"{"contacts":[{"id":"1"}"#, kind: .malformedAnswer, code: .unreachable, contains: "byte"),
    .init(status: 200, body: "<!DOCTYPE html>", kind: .malformedAnswer, code: .unreachable, contains: "HTML"),
  ]

  @Test("every refusal is told apart, with its exit code and a text that helps", arguments: table)
  func toldApart(refusal: Refusal) async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(refusal.status, refusal.body)) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) {
      try await client.send(GHLRequest(.get, refusal.endpoint, path: ["contacts", "x"]))
    }
    let found = try #require(failure)
    #expect(found.kind == refusal.kind)
    #expect(found.exitCode == refusal.code)
    #expect(found.description.contains(refusal.contains))
    #expect(!found.description.contains("first"))
    // What may help is tried six times, the rest once.
    #expect(transport.exchanges.count == (found.mayRetry ? 6 : 1))
  }

  @Test("trouble that passes is not seen")
  func passes() async throws {
    let transport = ScriptedTransport { number, _ in
      switch number {
      case 1: .failure(.broken("reset"))
      case 2: .success(.json(503, "{}"))
      case 3: .success(.json(429, "{}", headers: ["x-ratelimit-daily-remaining": "7"]))
      case 4: .failure(.timedOut("x"))
      case 5: .success(.json(200, #"{"contact":{"id":"#))
      default: .success(.json(200, #"{"contact":{"id":"a"}}"#))
      }
    }
    let client = try GHLClient.scripted(transport)
    let record = try await client.contact("a")
    #expect(record?.id == "a")
    let quota = await client.quota
    #expect(quota.made == 6 && quota.retried == 5 && quota.throttled == 1)
  }

  @Test("a 429 with nothing left of the day ends the run at once")
  func daySpent() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(429, "", headers: ["x-ratelimit-daily-remaining": "0"])) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(failure?.kind == .dailyQuotaSpent)
    #expect(failure?.exitCode == .tryLater)
    #expect(transport.exchanges.count == 1)
  }

  @Test("the fallback token takes over, once and for all")
  func fallback() async throws {
    let transport = ScriptedTransport { _, exchange in
      exchange.headers.contains { $0.name == "Authorization" && $0.value == "Bearer second" }
        ? .success(.json(200, #"{"contact":{"id":"a"}}"#)) : .success(.json(401, #"{"message":"Invalid JWT"}"#))
    }
    let client = try GHLClient.scripted(fallback: Secret("second"), transport)
    _ = try await client.contact("a")
    _ = try await client.contact("b")
    #expect(transport.exchanges.count == 3)
    #expect(await client.tokenInUse == .fallback)
  }

  @Test("requests carry the token, the version of their endpoint and an encoded path")
  func request() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(200, #"{"contact":{"id":"a"},"notes":[]}"#)) }
    let client = try GHLClient.scripted(transport)
    _ = try await client.contact("a/b?c+d")
    let sent = try #require(transport.exchanges.first)
    #expect(sent.url == "http://127.0.0.1:1/contacts/a%2Fb%3Fc%2Bd")
    #expect(sent.headers.contains { $0.name == "Version" && $0.value == "2021-07-28" })
    #expect(sent.headers.contains { $0.name == "Authorization" && $0.value == "Bearer first" })
    #expect(GHLVersions(.v3).version(for: .contact) == "v3")
    #expect(GHLVersions().version(for: .calendarEvents) == "2021-04-15")
    #expect(GHLVersions(.v3, overrides: [.tags: "2021-07-28"]).version(for: .tags) == "2021-07-28")
  }

  @Test("a typed path keeps its query and knows its route")
  func typed() {
    let request = GHLRequest(method: .get, typed: "/contacts/?locationId=a%2Bb&query=x y")
    #expect(request.endpoint == .contactList)
    #expect(request[query: "locationId"] == "a+b")
    #expect(request.target == "/contacts/?locationId=a%2Bb&query=x%20y")
    #expect(GHLRequest(method: .post, typed: "locations/l/tasks/search").endpoint == .taskSearch)
  }

  @Test(
    "no network is said in words",
    arguments: [
      (TransportFailure.unreachable("connection refused"), GHLFailure.Kind.unreachable), (.broken("eof"), .unreachable),
      (.timedOut("x"), .timedOut), (.tooLarge(limit: 5), .answerTooLarge), (.cancelled, .cancelled),
    ])
  func network(transport failure: TransportFailure, kind: GHLFailure.Kind) async throws {
    let client = try GHLClient.scripted(ScriptedTransport { _, _ in .failure(failure) })
    let found = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(found?.kind == kind)
  }

  @Test("a budget of requests is kept")
  func budget() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(200, #"{"contact":{"id":"a"}}"#)) }
    let configuration = GHLConfiguration(
      baseURL: "http://localhost", location: "loc", token: Secret("t"), budget: RequestBudget(requests: 2))
    let client = try GHLClient(configuration, transport: transport, timekeeper: JumpingTimekeeper())
    _ = try await client.contact("a")
    _ = try await client.contact("b")
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("c") }
    #expect(failure?.kind == .budgetSpent)
    #expect(failure?.exitCode == .tryLater)
  }
}
