import Core
import HTTP
import Sandbox
import TestSupport
import Testing

@testable import Load

@Suite struct GHLScopeProofTests {
  /// Answers as a token without the scopes of some routes would be answered.
  final class Answers: HTTPTransport {
    private let sent = Locked<[String]>([])
    private let answer: @Sendable (_ call: String, _ token: String) throws(TransportFailure) -> HTTPAnswer

    init(_ answer: @escaping @Sendable (_ call: String, _ token: String) throws(TransportFailure) -> HTTPAnswer) {
      self.answer = answer
    }

    var calls: [String] { sent.withLock { $0 } }

    func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
      let call = "\(exchange.method) \(exchange.url.replacing("https://services.leadconnectorhq.com", with: ""))"
      sent.withLock { $0.append(call) }
      return try answer(call, exchange.headers.first { $0.name == "authorization" }?.value ?? "")
    }

    func close() async {}
  }

  static func prove(
    _ answers: Answers, _ fields: [Name: [[String]]], fallback: Bool = false, onFallback: @escaping @Sendable () -> Void = {}
  ) async throws {
    var document = try GHLFormTests.document()
    document.fallback = fallback ? .environment("GHL_TOKEN_NEXT") : nil
    document.parts = [GHLFormTests.part(.contacts), GHLFormTests.part(.business)]
    let http = document.httpDocument
    let engine = HTTPEngine(
      name: "crm", http, environment: ["GHL_TOKEN": "token-one", "GHL_TOKEN_NEXT": "token-two"], transport: answers,
      timekeeper: LeapingTimekeeper(), onFallback: onFallback)
    try await http.proof?.prove(engine, fields)
  }

  static func json(_ status: Int, _ text: String) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: ["content-type": "application/json"], body: Array(text.utf8))
  }

  static let missing = json(400, #"{"statusCode":400,"message":"Contact with id waybill-scope-probe not found"}"#)
  static let scope = json(401, #"{"statusCode":401,"message":"The token is not authorized for this scope."}"#)

  /// The call that needs `contacts.readonly`.
  static let search = "GET /contacts/search/duplicate?locationId=loc1&email=waybill-scope-probe%40example.invalid"

  @Test func `one small call for each scope that the mappings need, and nothing is written`() async throws {
    let answers = Answers { call, _ throws(TransportFailure) in
      call == "GET /locations/loc1" ? Self.json(200, #"{"location":{"id":"loc1","companyId":"co1"}}"#) : Self.missing
    }
    try await Self.prove(
      answers, ["contacts": [["customFields", "tier"], ["assignedTo"]], "business": [["business"]]])
    #expect(
      answers.calls == [
        Self.search, "GET /locations/loc1/customFields?model=contact", "GET /locations/loc1",
        "GET /users/search?companyId=co1&locationId=loc1&limit=1", "GET /businesses/?locationId=loc1&limit=1",
        "PUT /contacts/waybill-scope-probe",
      ])
    let few = Answers { _, _ throws(TransportFailure) in Self.missing }
    try await Self.prove(few, ["contacts": [["email"]]])
    #expect(few.calls == [Self.search, "PUT /contacts/waybill-scope-probe"])
  }

  @Test(
    "a scope that is missing ends the run with its name",
    arguments: [
      ("PUT /contacts", "contacts.write"), ("GET /contacts", "contacts.readonly"), ("GET /businesses", "businesses.readonly"),
      ("GET /locations/loc1/customFields", "locations/customFields.readonly"),
    ])
  func missing(call: String, scope: String) async throws {
    let answers = Answers { made, _ throws(TransportFailure) in made.hasPrefix(call) ? Self.scope : Self.missing }
    let failure = await #expect(throws: OperationFailure.self) {
      try await Self.prove(answers, ["contacts": [["customFields", "tier"]], "business": [["business"]]])
    }
    #expect(failure?.code == .notAuthorised)
    #expect(failure?.description.contains(scope) == true)
    #expect(failure?.description.contains("token-one") == false)
  }

  private static let definitions = json(
    200, #"{"customFields":[{"id":"f1","name":"Tier","fieldKey":"contact.tier","dataType":"TEXT"}]}"#)

  @Test(
    "a custom field that the location lacks ends the run with its name",
    arguments: [
      ([["customFields", "tier"], ["email"]], nil), ([["customFields", "f1"]], nil), ([["email"]], nil),
      ([["customFields", "teir"]], "the location loc1 has no custom field 'teir'; did you mean 'tier'?"),
      ([["customFields", "f1"], ["customFields", "f2"], ["customFields", "Tier"]], "no custom field 'f2', 'Tier'"),
    ] as [([[String]], String?)])
  func customFields(columns: [[String]], message: String?) async throws {
    let answers = Answers { call, _ throws(TransportFailure) in call.contains("customFields") ? Self.definitions : Self.missing }
    var found: OperationFailure?
    do { try await Self.prove(answers, ["contacts": columns]) } catch let failure as OperationFailure { found = failure }
    #expect(found?.code == (message == nil ? nil : .configuration))
    if let message { #expect(found?.description.contains(message) == true, "\(String(describing: found))") }
    #expect(answers.calls.contains { $0.hasPrefix("PUT") } == (message == nil))
  }

  @Test(arguments: ["{}", #"{"customFields":{}}"#, "[]"])
  func `a response without a list of custom fields proves nothing about them`(body: String) async throws {
    let answers = Answers { call, _ throws(TransportFailure) in
      call.contains("customFields") ? Self.json(200, body) : Self.missing
    }
    try await Self.prove(answers, ["contacts": [["customFields", "tier"]]])
    #expect(answers.calls.count == 3)
  }

  @Test func `another location is a configuration error`() async throws {
    let answers = Answers { _, _ throws(TransportFailure) in
      Self.json(403, #"{"statusCode":403,"message":"The token does not have access to this location."}"#)
    }
    let failure = await #expect(throws: OperationFailure.self) { try await Self.prove(answers, ["contacts": []]) }
    #expect(failure?.code == .configuration)
  }

  @Test(arguments: [false, true])
  func `a token of another location is noticed by the first call, and ends the run`(_ hasBusinesses: Bool) async throws {
    let bench = try GHLBench()
    var document = bench.document
    document.parts.append(GHLFormTests.part(.business))
    let environment = [GHLBench.token: bench.sandbox.tokens.otherLocation]
    let engine = HTTPEngine(
      name: "crm", document.httpDocument, environment: environment, transport: bench.api, timekeeper: LeapingTimekeeper())
    let failure = await #expect(throws: OperationFailure.self) {
      try await document.httpDocument.proof?.prove(engine, ["contacts": [], "business": hasBusinesses ? [["business"]] : []])
    }
    #expect(failure?.code == .configuration && failure?.description.contains("does not belong to this location") == true)
    #expect(bench.api.sent.count == 1 && bench.writes.isEmpty)
    // The same token, and a location that is not its own.
    document.location = "Lq7cTgNb2xVw9mKe4RzY"
    let own = [GHLBench.token: bench.sandbox.tokens.location]
    let other = HTTPEngine(
      name: "crm", document.httpDocument, environment: own, transport: bench.api, timekeeper: LeapingTimekeeper())
    let second = await #expect(throws: OperationFailure.self) {
      try await document.httpDocument.proof?.prove(other, ["contacts": []])
    }
    #expect(second?.code == .configuration && bench.api.sent.count == 2 && bench.writes.isEmpty)
    // Its own location is proven, with a PUT that changes nothing.
    let right = HTTPEngine(
      name: "crm", bench.document.httpDocument, environment: own, transport: bench.api, timekeeper: LeapingTimekeeper())
    try await bench.document.httpDocument.proof?.prove(right, ["contacts": []])
    #expect(bench.api.sent.count == 4 && bench.writes.count == 1)
  }

  @Test func `a token that is refused gives way to the fallback, or ends the run`() async throws {
    let refusal = Self.json(401, #"{"statusCode":401,"message":"Invalid JWT"}"#)
    let answers = Answers { _, token throws(TransportFailure) in token == "Bearer token-two" ? Self.missing : refusal }
    let count = Locked(0)
    try await Self.prove(answers, ["contacts": []], fallback: true) { count.withLock { $0 += 1 } }
    #expect(answers.calls.count == 3)
    #expect(count.withLock { $0 } == 1)
    let failure = await #expect(throws: OperationFailure.self) { try await Self.prove(answers, ["contacts": []]) }
    #expect(failure?.code == .notAuthorised)
  }

  /// The first response to each call: GHL's own, and those of a proxy.
  static let troubles: [HTTPAnswer?] = [
    json(429, #"{"statusCode":429,"message":"Too Many Requests"}"#), json(500, "{}"), json(502, "{}"), json(503, "{}"),
    HTTPAnswer(status: 502, headers: ["content-type": "text/html"], body: Array("<html>Bad gateway</html>".utf8)),
    HTTPAnswer(status: 403, headers: ["content-type": "text/html"], body: Array("<html>Blocked</html>".utf8)), nil,
  ]

  @Test(arguments: troubles.indices) func `a call that fails is made again before it proves anything`(_ index: Int) async throws {
    let seen = Locked<Set<String>>([])
    let answers = Answers { call, _ throws(TransportFailure) in
      if seen.withLock({ $0.insert(call).inserted }) {
        guard let trouble = Self.troubles[index] else { throw .timedOut }
        return trouble
      }
      return call.hasPrefix("PUT") ? Self.scope : Self.missing
    }
    let failure = await #expect(throws: OperationFailure.self) { try await Self.prove(answers, ["contacts": []]) }
    #expect(failure?.code == .notAuthorised && failure?.description.contains("contacts.write") == true)
    #expect(answers.calls.count == 4)
  }

  @Test func `a location that does not respond proves nothing`() async throws {
    let answers = Answers { _, _ throws(TransportFailure) in throw .timedOut }
    try await Self.prove(answers, ["contacts": []])
    // One call, as often as any other: those that follow would fail as well.
    #expect(answers.calls.count == 6 && Set(answers.calls) == [Self.search])
  }

  @Test func `a response that is too large is not asked for again, and the other scopes are tried`() async throws {
    let answers = Answers { call, _ throws(TransportFailure) in
      if call.contains("customFields") { throw .tooLarge(limit: HTTPEngine.longestResponse) }
      return call.hasPrefix("PUT") ? Self.scope : Self.missing
    }
    let failure = await #expect(throws: OperationFailure.self) {
      try await Self.prove(answers, ["contacts": [["customFields", "tier"]]])
    }
    #expect(failure?.code == .notAuthorised && answers.calls.count == 3)
  }

  @Test func `a location that asks for a long pause ends the run`() async throws {
    let answers = Answers { _, _ throws(TransportFailure) in
      var answer = Self.json(503, "{}")
      answer.headers["retry-after"] = "3600"
      return answer
    }
    let failure = await #expect(throws: OperationFailure.self) { try await Self.prove(answers, ["contacts": []]) }
    #expect(failure?.code == .askedToWait && failure?.retryAfterSeconds == 3_600)
    #expect(answers.calls.count == 1)
  }
}
