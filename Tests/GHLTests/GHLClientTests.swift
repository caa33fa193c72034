import Control
import Core
import Synchronization
import Testing

@testable import GHL
@testable import HTTP

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
      status: 401, body: #"{"message":"Token version expired"}"#, kind: .badToken, code: .notAuthorised,
      contains: "Token version expired"),
    .init(
      status: 401, body: #"{"message":"JWT issued for another API version"}"#, kind: .badToken, code: .notAuthorised,
      contains: "private integration token"),
    .init(
      status: 401, body: #"{"message":"Your session version is no longer valid"}"#, kind: .badToken, code: .notAuthorised,
      contains: "session version"),
    .init(
      status: 401, body: #"{"message":"version header is invalid"}"#, kind: .versionRefused, code: .configuration,
      contains: "version"),
    .init(
      status: 400, body: #"{"message":"Invalid API version segment 'bogus' at position 0"}"#, kind: .versionRefused,
      code: .configuration, contains: "bogus"),
    .init(status: 403, body: #"{"message":"The token has expired"}"#, kind: .badToken, code: .notAuthorised, contains: "expired"),
    .init(status: 302, body: "", kind: .redirected, code: .configuration, contains: "`base_url`"),
    .init(status: 304, body: "{}", kind: .redirected, code: .configuration, contains: "not followed"),
    .init(status: 404, body: "<html>", endpoint: .contact, kind: .blocked, code: .unreachable, contains: "proxy"),
    .init(status: 206, body: #"{"contacts":[]}"#, kind: .malformedAnswer, code: .unreachable, contains: "a partial response"),
    .init(
      status: 403, body: #"{"statusCode":403,"message":"The token does not have access to this location."}"#,
      kind: .otherLocation, code: .configuration, contains: "`location`"),
    .init(
      status: 403, body: #"{"statusCode":403,"message":"You do not have permission to access this resource"}"#,
      endpoint: .users, kind: .forbidden, code: .notAuthorised, contains: "You do not have permission to access this resource"),
    .init(status: 501, body: #"{"message":"Not Implemented"}"#, kind: .serverError, code: .unreachable, contains: "HTTP 501"),
    .init(
      status: 422, body: #"{"message":[{"email":"ada@example.com"}],"statusCode":422}"#, kind: .validation, code: .configuration,
      contains: "refused the request (GET"),
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

  @Test("every refusal has its own kind, exit code and helpful message", arguments: table)
  func toldApart(refusal: Refusal) async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(refusal.status, refusal.body)) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) {
      try await client.send(GHLRequest(.get, refusal.endpoint, path: ["contacts", "x"]))
    }
    let found = try #require(failure)
    #expect(found.kind == refusal.kind)
    #expect(found.operationFailure.exitCode == refusal.code)
    #expect(found.description.contains(refusal.contains))
    #expect(!found.description.contains("first"))
    // What may help is tried six times, the rest once.
    #expect(transport.exchanges.count == (found.mayRetry ? 6 : 1))
  }

  @Test("trouble that passes is not seen")
  func passes() async throws {
    let transport = ScriptedTransport { number, _ in
      switch number {
      case 1: .failure(.broken(ConnectionTrouble("reset")))
      case 2: .success(.json(503, "{}"))
      case 3: .success(.json(429, "{}", headers: ["x-ratelimit-daily-remaining": "7"]))
      case 4: .failure(.timedOut)
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

  /// Method, endpoint, answer of the first time; how often it is sent.
  static let repeated: [(GHLRequest.Method, GHLEndpoint, Int, Int)] = [
    (.get, .contact, 503, 2), (.get, .other, 500, 2), (.post, .contactSearch, 502, 2), (.post, .taskSearch, 504, 2),
    (.post, .other, 503, 1), (.put, .contact, 500, 1), (.delete, .other, 504, 1), (.post, .contactList, 502, 1),
    (.post, .other, 429, 2), (.put, .contact, 429, 2), (.delete, .other, 429, 2), (.get, .contact, 501, 1),
    (.post, .other, 0, 1), (.get, .contact, 0, 2),
  ]

  @Test("only reads are retried; after a 429, everything", arguments: repeated)
  func sentAgain(method: GHLRequest.Method, endpoint: GHLEndpoint, status: Int, times: Int) async throws {
    let transport = ScriptedTransport { number, _ in
      guard number == 1 else { return .success(.json(200, "{}")) }
      return status == 0 ? .failure(.broken(ConnectionTrouble("reset"))) : .success(.json(status, "{}"))
    }
    let client = try GHLClient.scripted(transport)
    let answer = try? await client.send(GHLRequest(method, endpoint, path: ["x"]))
    #expect(transport.exchanges.count == times)
    #expect((answer != nil) == (times == 2))
  }

  @Test(
    "a response without a body is valid if nothing is read",
    arguments: [(200, GHLRequest.Method.delete), (204, .get), (201, .post)])
  func empty(status: Int, method: GHLRequest.Method) async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(status, "")) }
    let answer = try await GHLClient.scripted(transport).send(GHLRequest(method, .other, path: ["x"]))
    #expect(answer.body.isEmpty && answer.status == status)
    #expect(transport.exchanges.count == 1)
  }

  @Test("an empty 200 where a record is read was cut off")
  func emptyRecord() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(200, "")) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(failure?.kind == .malformedAnswer)
    #expect(transport.exchanges.count == 6)
  }

  @Test("a pause that a 503 asks for is kept")
  func retryAfter() async throws {
    let timekeeper = JumpingTimekeeper()
    let transport = ScriptedTransport { number, _ in
      .success(number == 1 ? .json(503, "{}", headers: ["retry-after": "45"]) : .json(200, #"{"contact":{"id":"a"}}"#))
    }
    let configuration = GHLConfiguration(baseURL: "http://127.0.0.1:1", location: "loc", token: Secret("t"))
    let client = try GHLClient(configuration, transport: transport, timekeeper: timekeeper)
    _ = try await client.contact("a")
    #expect(timekeeper.now() >= Moment(.seconds(45)))
  }

  @Test(
    "what may be personal is masked in the API's words",
    arguments: [
      ("Contact ada.l+x@example.co.uk exists", "Contact *** exists"), ("phone +1 (415) 555-2671 is taken", "phone *** is taken"),
      ("born 1990-09-25, zip 94103", "born ***, zip 94103"), ("c10005 not found", "c10005 not found"),
      ("must be less than [10000]", "must be less than [10000]"), ("ssn:123-45-6789", "ssn:***"),
      ("@ alone, a@ too", "@ alone, a@ too"),
      ("id123456789z", "id***z"), ("é@ü.de 12 34", "*** 12 34"), ("", ""),
    ])
  func masked(text: String, shown: String) { #expect(ShownText.masked(text) == shown) }

  @Test("a refusal's text is masked before anybody sees it")
  func maskedFailure() async throws {
    let transport = ScriptedTransport { _, _ in
      .success(.json(422, #"{"message":["email ada@example.com is taken",{"a":{"phone":"+14155552671"}}]}"#))
    }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(failure?.detail == "email *** is taken")
  }

  @Test("a 429 with nothing left of the day ends the run at once")
  func daySpent() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(429, "", headers: ["x-ratelimit-daily-remaining": "0"])) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(failure?.kind == .dailyQuotaSpent)
    #expect(failure?.operationFailure.exitCode == .tryLater)
    #expect(transport.exchanges.count == 1)
  }

  @Test("the fallback token takes over, once and for all")
  func fallback() async throws {
    let transport = ScriptedTransport { _, exchange in
      exchange.headers.contains { $0.name == "Authorization" && $0.value == "Bearer second" }
        ? .success(.contact(of: exchange)) : .success(.json(401, #"{"message":"Invalid JWT"}"#))
    }
    let client = try GHLClient.scripted(fallback: Secret("second"), transport)
    _ = try await client.contact("a")
    _ = try await client.contact("b")
    #expect(transport.exchanges.count == 3)
    #expect(await client.tokenInUse == .fallback)
    let quota = await client.quota
    #expect(quota.made == 3 && quota.retried == 1)
  }

  @Test("requests carry the token, the version of their endpoint and an encoded path")
  func request() async throws {
    let transport = ScriptedTransport { _, exchange in .success(.contact(of: exchange)) }
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
      (TransportFailure.unreachable(ConnectionTrouble("connection refused")), GHLFailure.Kind.unreachable),
      (.broken(ConnectionTrouble("eof")), .unreachable),
      (.timedOut, .timedOut), (.tooLarge(limit: 5), .answerTooLarge), (.cancelled, .cancelled),
    ])
  func network(transport failure: TransportFailure, kind: GHLFailure.Kind) async throws {
    let client = try GHLClient.scripted(ScriptedTransport { _, _ in .failure(failure) })
    let found = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(found?.kind == kind)
  }

  @Test("a request budget is kept")
  func budget() async throws {
    let transport = ScriptedTransport { _, exchange in .success(.contact(of: exchange)) }
    let configuration = GHLConfiguration(
      baseURL: "http://localhost", location: "loc", token: Secret("t"), budget: RequestBudget(requests: 2))
    let client = try GHLClient(configuration, transport: transport, timekeeper: JumpingTimekeeper())
    _ = try await client.contact("a")
    _ = try await client.contact("b")
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("c") }
    #expect(failure?.kind == .budgetSpent)
    #expect(failure?.operationFailure.exitCode == .tryLater)
  }
}
