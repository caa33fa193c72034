import Control
import Core
import HTTP
import Testing

@testable import Load

@Suite struct GHLResponsesTests {
  typealias Kind = CallFlow.Response

  static func read(_ call: String, _ status: Int, _ body: String, headers: [String: String] = [:]) -> ReadResponse {
    let words = call.split(separator: " ")
    return GHLResponses().read(
      HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)),
      to: HTTPCall(method: String(words[0]), target: String(words[1])))
  }

  static let create = "POST /contacts/"
  static let update = "PUT /contacts/c1"
  static let find = "GET /contacts/c1"
  static let duplicate =
    #"{"statusCode":400,"message":"This location does not allow duplicated contacts.","meta":{"contactId":"c9","matchingField":"phone"}}"#
  static let gone = #"{"statusCode":400,"message":"Contact with id c1 not found"}"#
  static let invalid = #"{"statusCode":422,"message":["email must be an email"],"error":"Unprocessable Entity"}"#
  static let page = "<html><body>Gateway</body></html>"

  @Test(
    "what a response means depends on what it is to",
    arguments: [
      (create, 201, #"{"contact":{"id":"c1"}}"#, .accepted), (update, 200, #"{"succeded":true,"contact":{}}"#, .accepted),
      (update, 200, #"{"contact":{}}"#, .accepted), (update, 200, #"{"succeeded":false}"#, .refused),
      ("DELETE /contacts/c1", 200, #"{"succeded":false,"succeeded":false}"#, .refused),
      ("POST /contacts/bulk/business", 200, #"{"success":false,"ids":[]}"#, .refused),
      (create, 201, #"{"succeded":false}"#, .doubtful),
      (
        "POST /contacts/bulk/tags/update/add", 201,
        #"{"succeded":false,"errorCount":1,"responses":[{"contactId":"c1","type":"error"}]}"#, .accepted
      ),
      // Only what is lost with a response of a write is looked up.
      (create, 201, "", .accepted), (create, 201, #"{"contact":{"i"#, .accepted),
      (find, 200, #"{"contact":{"i"#, .retry(status: 200)),
      (find, 200, page, .retry(status: 200)), ("POST /contacts/search", 201, "", .retry(status: 201)),
      // Duplicates.
      (create, 400, duplicate, .conflict), ("POST /contacts/upsert", 400, duplicate, .conflict),
      (update, 400, duplicate, .conflict),
      // Refusals.
      (create, 422, invalid, .doubtful), ("POST /contacts/upsert", 422, invalid, .doubtful),
      ("POST /contacts/c1/tasks", 422, invalid, .doubtful), ("POST /contacts/c1/notes", 400, gone, .doubtful),
      (create, 400, #"{"statusCode":400,"message":"Bad Request"}"#, .doubtful), (update, 422, invalid, .refused),
      ("PUT /contacts/c1/tasks/t1", 422, invalid, .refused), ("DELETE /contacts/c1/tags", 422, invalid, .refused),
      ("POST /contacts/c1/tags", 422, invalid, .refused), (create, 413, page, .tooLarge),
      // Gone: for a write, a read of the record decides.
      (find, 400, gone, .gone), (find, 404, gone, .gone), (find, 400, #"{"message":"Bad Request"}"#, .gone),
      (update, 400, gone, .refused), (update, 404, #"{"message":"x"}"#, .gone),
      (update, 400, #"{"message":"Bad Request"}"#, .refused),
      ("DELETE /contacts/c1/notes/n1", 400, #"{"message":"The note does not exist"}"#, .refused),
      ("POST /contacts/c1/tags", 400, gone, .refused), ("GET /contacts/c1/tasks", 400, gone, .gone),
      ("GET /contacts/search/duplicate?locationId=l", 400, #"{"message":"Bad Request"}"#, .refused),
      // Not GHL's.
      (find, 404, page, .retry(status: 404)), (update, 404, page, .retry(status: 404)), (create, 404, page, .retry(status: 404)),
      (create, 422, page, .retry(status: 422)), (update, 403, page, .retry(status: 403)),
      // Limits and trouble.
      (create, 429, #"{"statusCode":429,"message":"Too Many Requests"}"#, .throttled), (create, 429, "", .throttled),
      (create, 500, "", .serverError(status: 500)), (create, 502, page, .serverError(status: 502)),
      (create, 504, "", .serverError(status: 504)), (create, 408, "", .retry(status: 408)),
      (create, 301, "", .redirected(status: 301)), (create, 304, "", .refused),
      (create, 401, #"{"statusCode":401,"message":"Invalid JWT"}"#, .unauthorized), (create, 401, "", .unauthorized),
    ] as [(String, Int, String, Kind)])
  func kind(call: String, status: Int, body: String, kind: Kind) {
    let response = Self.read(call, status, body)
    #expect(response.kind == kind)
    #expect(response.stops == nil)
  }

  @Test(
    "a look at the record that a write names says whether it is gone",
    arguments: [
      (update, 400, gone, "/contacts/c1"), (update, 404, gone, "/contacts/c1"), (update, 422, invalid, nil),
      (update, 400, duplicate, nil), (update, 404, page, nil), ("DELETE /contacts/c%2F1", 400, gone, "/contacts/c%2F1"),
      ("PUT /contacts/c1/tasks/t1", 400, gone, "/contacts/c1/tasks/t1"),
      ("PUT /contacts/c1/tasks/t1/completed", 400, gone, "/contacts/c1/tasks/t1"),
      ("DELETE /contacts/c1/notes/n1", 404, gone, "/contacts/c1/notes/n1"),
      ("POST /contacts/c1/tags", 400, gone, "/contacts/c1"), ("DELETE /contacts/c1/tags", 400, gone, "/contacts/c1"),
      ("POST /contacts/c1/tasks", 400, gone, nil), (create, 400, gone, nil), (find, 400, gone, nil),
      ("POST /contacts/bulk/business", 400, gone, nil), ("POST /contacts/bulk/tags/update/add", 400, gone, nil),
      (update, 404, #"{"message":"Cannot PUT /contacts/c1"}"#, nil), (update, 200, #"{"succeded":false}"#, nil),
    ] as [(String, Int, String, String?)])
  func decidedBy(call: String, status: Int, body: String, target: String?) {
    #expect(Self.read(call, status, body).decidedBy == target)
  }

  @Test(
    "what every other call would meet ends the use of the destination",
    arguments: [
      (create, 401, "The token is not authorized for this scope.", .notAuthorised, "contacts.write"),
      ("GET /contacts/c1", 401, "The token is not authorized for this scope.", .notAuthorised, "contacts.readonly"),
      ("GET /users/search?companyId=c", 401, "The token is not authorized for this scope.", .notAuthorised, "users.readonly"),
      (create, 401, "Token's user type mismatch!", .notAuthorised, "agency"),
      (create, 401, "This authClass type is not allowed to access this scope.", .notAuthorised, "agency"),
      (create, 403, "The token does not have access to this location.", .configuration, "location"),
      ("PATCH /contacts/c1", 404, "Cannot PATCH /contacts/c1", .configuration, "version"),
      ("PUT /contacts/c1/old", 404, "Cannot PUT /contacts/c1/old", .configuration, "version"),
      (
        update, 400,
        "Endpoint is not available in API version v3. This endpoint was removed in version v3. Please use a version before v3.",
        .configuration, "version"
      ), (create, 401, "version header was not found.", .configuration, "version"),
    ] as [(String, Int, String, OperationFailure.Code, String)])
  func stops(call: String, status: Int, message: String, code: OperationFailure.Code, says: String) throws {
    let body = JSONValue.object([.init("statusCode", .number(status)), .init("message", .string(message))])
    let response = Self.read(call, status, body.text)
    let failure = try #require(response.stops)
    #expect(failure.code == code)
    #expect(failure.message.contains(says), "\(failure.message)")
    #expect(response.kind == .forbidden || response.kind == .refused)
  }

  @Test(
    "a 422 names the fields that it is about",
    arguments: [
      ("property additionalEmails should not exist", ["additionalEmails"]), ("email must be an email", ["email"]),
      ("each value in tags must be a string", ["tags"]),
      ("dndSettings.Email.status must be one of active", ["dndSettings", "Email", "status"]),
      ("nested property customFields.0.id must be a string", ["customFields", "0", "id"]),
      ("property should not be here", []), ("Something went wrong", []), ("", []), ("'email' must be an email", []),
      ("must", []),
    ])
  func fields(text: String, path: [String]) {
    #expect(GHLResponses.fieldErrors(.array([.string(text)])).map(\.path) == [path])
  }

  @Test func `a 422 list is one error for each text, without personal values, and with the trace`() {
    let response = Self.read(
      Self.update, 422,
      #"{"message":["property ssn should not exist","phone must be valid: +14155550100"],"traceId":"tr-1","statusCode":422}"#)
    #expect(response.errors.map(\.path) == [["ssn"], ["phone"]])
    #expect(!response.errors.contains { $0.message.contains("4155550100") })
    #expect(!response.detail.contains("4155550100"))
    #expect(response.headers["traceid"] == "tr-1")
  }

  @Test func `a duplicate names the field that matches, and has the ID where the resource looks for it`() throws {
    let response = Self.read(Self.create, 400, Self.duplicate)
    #expect(response.errors.map(\.path) == [["phone"]])
    let http = try GHLFormTests.http(.contacts)
    let path = try #require(http.resources.first?.conflict.remoteID)
    #expect(response.body.flatMap { path.value(in: $0) } == .string("c9"))
  }

  @Test func `a spent day is a limit like any other`() {
    let response = Self.read(Self.create, 429, "", headers: ["x-ratelimit-daily-remaining": "0"])
    #expect(response.kind == .throttled)
  }
}
