import Core
import Testing

@testable import Sandbox

@Suite("Your App: refusals")
struct AppRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "POST"
    /// `{c1}` stands for the ID of the contact `c1`, `{gone}` for that of a deleted one.
    var path = "/contacts"
    var body = ""
    var headers: [String: String] = [:]
    var token: String? = "app-token"
    var status: Int
    var code: String
    var pointers: [String] = []
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "no token", body: AppSamples.contact("c2"), token: nil, status: 401, code: "unauthorized"),
    Case(name: "wrong token", body: AppSamples.contact("c2"), token: "pit-1", status: 401, code: "unauthorized"),
    Case(name: "unknown path", method: "GET", path: "/companies", status: 404, code: "not-found"),
    Case(name: "unknown area", method: "GET", path: "/app/v2/contacts", status: 404, code: "not-found"),
    Case(name: "tasks are created under a contact", path: "/tasks", body: "{}", status: 405, code: "method-not-allowed"),
    Case(name: "a batch is posted", method: "GET", path: "/contacts/batch", status: 405, code: "method-not-allowed"),
    Case(name: "unknown record", method: "GET", path: "/contacts/con_1", status: 404, code: "not-found"),
    Case(name: "ID of another resource", method: "GET", path: "/tasks/{c1}", status: 404, code: "not-found"),
    Case(name: "replace of an unknown record", method: "PUT", path: "/contacts/x", body: "{", status: 404, code: "not-found"),
    Case(
      name: "replace of a deleted record", method: "PUT", path: "/contacts/{gone}", body: AppSamples.contact("c9"), status: 410,
      code: "gone"),
    Case(name: "delete of a deleted record", method: "DELETE", path: "/contacts/{gone}", status: 410, code: "gone"),
    Case(
      name: "child of an unknown contact", path: "/contacts/x/notes", body: AppSamples.record(.notes, "n1"), status: 404,
      code: "not-found"),
    Case(
      name: "child of a deleted contact", path: "/contacts/{gone}/notes", body: AppSamples.record(.notes, "n1"), status: 410,
      code: "gone"),
    Case(
      name: "child that names another contact", path: "/contacts/{c1}/notes",
      body: AppSamples.record(.notes, "n1", contact: "c2"), status: 422, code: "invalid-record", pointers: ["/contactId"]),
    Case(name: "not JSON", body: "{\"a\":", status: 400, code: "invalid-json"),
    Case(name: "empty", body: " ", status: 400, code: "invalid-json"),
    Case(name: "member twice", body: AppSamples.contact("c2", #","name":"B""#), status: 400, code: "invalid-json"),
    Case(name: "a list", body: "[]", status: 422, code: "invalid-record", pointers: [""]),
    Case(
      name: "several members are wrong", body: AppSamples.contact("c2", #","email":"x","address":{"country":"it"},"plan":1"#),
      status: 422, code: "invalid-record", pointers: ["/email", "/address/country", "/plan", "/plan"]),
    Case(
      name: "required members are missing", body: #"{"contactId":"c2","name":"Ada"}"#, status: 422, code: "invalid-record",
      pointers: ["/status", "/createdAt"]),
    Case(
      name: "unknown member", body: AppSamples.contact("c2", #","nmae":"x""#), status: 422, code: "invalid-record",
      pointers: ["/nmae"]),
    Case(
      name: "key is changed", method: "PUT", path: "/contacts/{c1}", body: AppSamples.contact("c7"), status: 422,
      code: "invalid-record", pointers: ["/contactId"]),
    Case(
      name: "patch makes the record invalid", method: "PATCH", path: "/contacts/{c1}", body: #"{"name":null}"#, status: 422,
      code: "invalid-record", pointers: ["/name"]),
    Case(
      name: "patch is not an object", method: "PATCH", path: "/contacts/{c1}", body: "[1]", status: 422, code: "invalid-record",
      pointers: [""]),
    Case(
      name: "patch that nests too deeply", method: "PATCH", path: "/contacts/{c1}",
      body: String(repeating: #"{"a":"#, count: 100_000) + "1" + String(repeating: "}", count: 100_000), status: 400,
      code: "invalid-json"),
    Case(
      name: "patch with a member twice", method: "PATCH", path: "/contacts/{c1}", body: #"{"team":"a","team":"b"}"#,
      status: 400, code: "invalid-json"),
    Case(
      name: "media type of a form", body: "a=1", headers: ["content-type": "application/x-www-form-urlencoded"], status: 415,
      code: "unsupported-media-type"),
    Case(
      name: "JSON as a patch", method: "PATCH", path: "/contacts/{c1}", body: "{}", headers: ["content-type": "application/json"],
      status: 415, code: "unsupported-media-type"),
    Case(
      name: "compressed", body: AppSamples.contact("c2"), headers: ["content-encoding": "gzip"], status: 415,
      code: "unsupported-media-type"),
    Case(
      name: "misspelled filter", method: "GET", path: "/contacts?contactid=c1", status: 400, code: "invalid-parameter"),
    Case(name: "filter of another resource", method: "GET", path: "/contacts?taskId=c1", status: 400, code: "invalid-parameter"),
    Case(name: "limit too high", method: "GET", path: "/contacts?limit=101", status: 400, code: "invalid-parameter"),
    Case(name: "page zero", method: "GET", path: "/contacts?page=0", status: 400, code: "invalid-parameter"),
    Case(name: "invented cursor", method: "GET", path: "/contacts?cursor=2", status: 400, code: "invalid-parameter"),
    Case(
      name: "page and cursor", method: "GET", path: "/contacts?page=1&cursor=0000000000000000", status: 400,
      code: "invalid-parameter"),
    Case(
      name: "tag without quotes", method: "PUT", path: "/contacts/{c1}", body: AppSamples.contact("c1"),
      headers: ["if-match": "abc"], status: 400, code: "malformed-request"),
    Case(
      name: "idempotency key with a space", body: AppSamples.contact("c2"), headers: ["idempotency-key": "a b"], status: 400,
      code: "malformed-request"),
    Case(name: "unknown job", method: "GET", path: "/jobs/job_1", status: 404, code: "not-found"),
  ]

  @Test(arguments: cases)
  func `a request that cannot be carried out gets a problem document`(test: Case) throws {
    let asking = try AppAsking()
    let id = try asking.contact("c1")
    let gone = try asking.contact("c9")
    #expect(asking.send("DELETE", "/contacts/\(gone)").status == 204)
    let path = test.path.replacing("{c1}", with: id).replacing("{gone}", with: gone)
    let answer = asking.send(test.method, path, test.body, token: test.token, test.headers)
    #expect(answer.status == test.status && answer.problemCode == test.code, "\(answer.text)")
    #expect(answer.contentType == "application/problem+json")
    let problem = try asking.json(answer)
    #expect(problem["status"]?.intValue == test.status)
    #expect(problem["title"]?.stringValue?.isEmpty == false && problem["detail"]?.stringValue?.isEmpty == false)
    #expect((problem["errors"]?.arrayValue ?? []).compactMap { $0["pointer"]?.stringValue } == test.pointers)
    #expect(asking.keys(.contacts) == ["c1"] && asking.keys(.notes).isEmpty)
  }

  @Test func `refusals say which methods and media types are supported`() throws {
    let asking = try AppAsking()
    #expect(asking.send("POST", "/tasks", "{}").header("Allow") == "GET")
    #expect(
      asking.send("PATCH", "/contacts/\(try asking.contact("c1"))", "x", ["content-type": "a/b"]).header("Accept-Patch")
        == AppCall.mergePatch)
    #expect(asking.send("GET", "/contacts", token: nil).header("WWW-Authenticate") == "Bearer realm=\"Your App\"")
  }

  @Test func `no refusal repeats a value of the body`() throws {
    let asking = try AppAsking()
    let answer = asking.send("POST", "/contacts", AppSamples.contact("c1", #","email":"secret value","plan":"secret""#))
    #expect(answer.status == 422 && !answer.text.contains("secret"))
  }

  @Test func `a body over 1 MiB is refused`() throws {
    let asking = try AppAsking()
    var request = SandboxRequest("POST", "/app/v1/contacts", authorization: "Bearer app-token")
    request.bodyIsTooLarge = true
    let answer = asking.app.respond(to: request)
    #expect(answer.status == 413 && answer.problemCode == "body-too-large")
    #expect(try asking.json(answer)["maxBytes"] == .number(1_048_576))
  }
}
