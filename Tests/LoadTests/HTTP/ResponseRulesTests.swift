import Control
import Core
import Expressions
import HTTP
import Testing

@testable import Load

@Suite struct ResponseRulesTests {
  typealias Kind = CallFlow.Response

  static func rules(_ texts: [ResponseRule: String] = [:], _ preset: ResponsePreset? = nil) -> ResponseRules {
    var rules = ResponseRules()
    rules.preset = preset
    for (rule, text) in texts {
      let (condition, diagnostics) = ResponseCondition.compile(text)
      #expect(diagnostics == [])
      #expect(condition != nil)
      rules[rule] = condition
    }
    return rules
  }

  static func read(
    _ rules: ResponseRules, _ status: Int, _ body: String = "", headers: [String: String] = [:]
  ) -> ReadResponse {
    rules.read(HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)))
  }

  @Test(
    "without rules, the status decides",
    arguments: [
      (200, .accepted), (201, .accepted), (202, .started), (204, .accepted), (207, .accepted), (299, .accepted), (300, .refused),
      (301, .redirected(status: 301)), (302, .redirected(status: 302)), (303, .redirected(status: 303)),
      (304, .refused), (400, .refused), (401, .unauthorized), (403, .forbidden), (404, .gone), (408, .retry(status: 408)),
      (409, .conflict), (410, .gone), (412, .conflict), (413, .tooLarge), (415, .refused), (422, .refused),
      (425, .retry(status: 425)), (428, .refused), (429, .throttled), (500, .serverError(status: 500)),
      (503, .serverError(status: 503)), (599, .serverError(status: 599)),
    ] as [(Int, Kind)])
  func statuses(status: Int, kind: Kind) {
    #expect(Self.read(ResponseRules(), status).kind == kind)
  }

  @Test(
    "a rule that holds decides, and one that does not leaves the status",
    arguments: [
      (.throttled, "response.status == 503 && 'retry-after' in response.headers", 503, "", .throttled),
      (.throttled, "response.status == 503 && 'retry-after' in response.headers", 500, "", .serverError(status: 500)),
      (.retry, #"response.status == 409 && response.body.code == "locked""#, 409, #"{"code":"locked"}"#, .retry(status: 409)),
      (.retry, #"response.status == 409 && response.body.code == "locked""#, 409, #"{"code":"taken"}"#, .conflict),
      (.running, "response.body.state == 'busy'", 409, #"{"state":"busy"}"#, .stillRunning),
      (
        .conflict, "response.status == 400 && response.body.error.code == 'duplicate'", 400, #"{"error":{"code":"duplicate"}}"#,
        .conflict
      ),
      (
        .conflict, "response.body.errors.exists(e, e.code == 'taken')", 422, #"{"errors":[{"code":"blank"},{"code":"taken"}]}"#,
        .conflict
      ),
      (.conflict, "response.body.contains('already exists')", 400, "the contact already exists", .conflict),
      (.conflict, "response.body[0] == 7", 400, " [7]", .conflict), (.conflict, "response.body == 'x'", 400, #""x""#, .conflict),
      (.conflict, "response.body == null", 400, "", .conflict), (.conflict, "response.body == 4.5", 400, "4.5", .conflict),
      (.gone, "response.status == 400 && response.headers['x-kind'] == 'gone'", 400, "", .gone),
      (.gone, "response.headers.location != ''", 400, "", .refused),
      (.ok, "response.status == 404", 404, "", .accepted), (.ok, "response.status == 404", 200, "", .refused),
      (.ok, "response.status < 300", 202, "", .started), (.ok, "response.status in [200, 201]", 202, "", .refused),
      (.ok, "response.status == 200", 429, "", .throttled), (.ok, "response.body.ok", 200, #"{"ok":true}"#, .accepted),
      (.ok, "response.body.ok", 200, #"{"ok":false}"#, .refused), (.ok, "response.body.ok", 200, #"{"ok":1}"#, .refused),
      (.ok, "response.body.ok", 200, "{}", .refused), (.ok, "response.body.ok", 200, "<html>", .refused),
      (.ok, "response.body.ok", 503, "", .serverError(status: 503)),
    ] as [(ResponseRule, String, Int, String, Kind)])
  func rule(rule: ResponseRule, text: String, status: Int, body: String, kind: Kind) {
    let headers = ["x-kind": "gone"].merging(status == 503 ? ["retry-after": "5"] : [:]) { first, _ in first }
    #expect(Self.read(Self.rules([rule: text]), status, body, headers: headers).kind == kind)
  }

  @Test(
    "a rule that reads what is not there does not hold, whichever way it compares",
    arguments: [
      "response.body.code == 'x'", "response.body.code != 'x'", "!response.body.code", "response.body.a.b == 1",
      "response.body.code.startsWith('x')", "response.headers.missing == 'x'", "response.headers['missing'] != 'x'",
      "response.body.list[3] == 1", "has(response.body.code)", "has(response.body.a.b)", "has(response.headers.missing)",
      "response.body.name > 3",
    ])
  func missing(text: String) {
    let rules = Self.rules([.conflict: text])
    for body in [#"{"name":"n","list":[1]}"#, "", "null", "[]", "not JSON"] {
      #expect(Self.read(rules, 422, body).kind == .refused)
    }
  }

  @Test(
    "has and || mean what they mean in CEL",
    arguments: [
      ("has(response.body.code)", true), ("has(response.body.nothing)", true), ("has(response.body.other)", false),
      ("response.body.other == 1 || response.status == 422", true), ("response.body.nothing == null", true),
      ("response.body.other == null", false), ("size(response.headers) == 2", true),
      ("has(response.body.code) && response.body.code == 7", true), ("response.body.size() == 2", true),
    ])
  func has(text: String, holds: Bool) {
    let read = Self.read(
      Self.rules([.conflict: text]), 422, #"{"code":7,"nothing":null}"#, headers: ["a": "1", "b": "2"])
    #expect((read.kind == .conflict) == holds)
  }

  @Test func `rules are asked in one order`() {
    var texts: [ResponseRule: String] = [:]
    let expected: [Kind] = [.accepted, .gone, .conflict, .stillRunning, .retry(status: 409), .throttled]
    for (rule, kind) in zip(ResponseRule.allCases.reversed(), expected) {
      texts[rule] = "response.status == 409"
      #expect(Self.read(Self.rules(texts), 409).kind == kind)
    }
  }

  @Test(
    "what is wrong with a rule is found when it is compiled",
    arguments: [
      ("response.status", "an int", 0), ("response.status == '409'", "==", 16), ("response.status =", "=", 16),
      ("respons.status == 409", "respons", 0), ("response.state == 409", "state", 9), ("status == 409", "status", 0),
      ("response.headers['Retry-After'] == '1'", "lower case", 18), ("response.headers.ETag == '1'", "lower case", 17),
      (#"response.status == 1 && "X-A" in response.headers"#, "lower case", 25), ("response == null", "no value of its own", 0),
      ("true", "always true", 0), ("1 == 2", "always false", 0), ("1 / 0 == 1", "always fails", 0), ("", "", 0),
      ("response.headers['a'] == 1", "==", 22), ("response.body.foo(1)", "foo", 14), ("response.status.size() == 1", "size", 16),
    ])
  func wrong(text: String, says: String, at: Int) throws {
    let (condition, diagnostics) = ResponseCondition.compile(text)
    #expect(condition == nil)
    let first = try #require(diagnostics.first)
    #expect(first.message.contains(says), "\(first.message)")
    #expect(first.range.lowerBound == at)
  }

  @Test func `rules can be asked from several tasks at the same time`() async {
    let rules = Self.rules([.conflict: "response.body.code.matches('^t[a-z]+n$') && response.headers.x == 'y'"])
    let kinds = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask {
          let isTaken = index.isMultiple(of: 3)
          let body = #"{"pad":"\#(String(repeating: "p", count: index * 7))","code":"\#(isTaken ? "taken" : "blank")"}"#
          return (Self.read(rules, 422, body, headers: ["x": "y"]).kind == .conflict) == isTaken
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(kinds.count == 200 && kinds.allSatisfy { $0 })
  }

  // MARK: Presets

  @Test(
    "with ok-flag, a success that says it is none is refused",
    arguments: [
      (200, #"{"ok":false,"error":"bad email"}"#, .refused, "bad email"), (200, #"{"ok":true,"id":1}"#, .accepted, ""),
      (200, #"{"success":false,"message":"no"}"#, .refused, "no"), (200, #"{"ok":"false"}"#, .accepted, ""),
      (202, #"{"ok":false,"error":{"message":"no"}}"#, .refused, "no"), (200, "{}", .accepted, ""), (204, "", .accepted, ""),
      (500, #"{"ok":false,"error":"x"}"#, .serverError(status: 500), "x"),
    ] as [(Int, String, Kind, String)])
  func okFlag(status: Int, body: String, kind: Kind, detail: String) {
    let read = Self.read(Self.rules([:], .okFlag), status, body)
    #expect(read.kind == kind && read.detail == detail)
    // `ok` decides alone.
    #expect(Self.read(Self.rules([.ok: "response.status == 200"], .okFlag), 200, body).kind == .accepted)
    // Another rule that does not hold leaves the preset.
    #expect(Self.read(Self.rules([.gone: "response.status == 1"], .okFlag), status, body).kind == kind)
  }

  @Test(
    "the idempotency layer of a destination is recognized by its problem",
    arguments: [
      (409, #"{"type":"https://your-app.example/problems/request-in-progress","code":"request-in-progress"}"#, .stillRunning),
      (409, #"{"title":"A request is outstanding for this Idempotency-Key","detail":"…"}"#, .stillRunning),
      (409, #"{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}"#, .stillRunning),
      (409, #"{"title":"A request is outstanding"}"#, .conflict), (409, #"{"code":"already-exists"}"#, .conflict),
      (409, #"["request-in-progress"]"#, .conflict), (500, #"{"code":"request-in-progress"}"#, .serverError(status: 500)),
      (422, #"{"code":"idempotency-key-reused","detail":"d"}"#, .keyReused),
      (409, #"{"code":"idempotency-key-reused"}"#, .keyReused), (400, #"{"error":{"type":"idempotency_error"}}"#, .keyReused),
      (422, #"{"title":"Idempotency-Key is already used"}"#, .keyReused),
    ] as [(Int, String, Kind)])
  func idempotency(status: Int, body: String, kind: Kind) {
    let read = Self.read(ResponseRules(), status, body)
    #expect(read.kind == kind)
    let isReuse = body.contains("reused") || body.contains("already used") || status == 400
    #expect(read.detail.hasPrefix("the idempotency key was used before") == isReuse, "\(read.detail)")
    // A rule of the pipeline comes first.
    #expect(Self.read(Self.rules([.gone: "response.status == \(status)"]), status, body).kind == .gone)
  }
}
