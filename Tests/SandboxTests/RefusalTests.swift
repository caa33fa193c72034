import Core
import Testing

@testable import Sandbox

@Suite struct RefusalTests {
  private func answer(
    _ asking: Asking, token: String?, version: String? = "2021-07-28", target: String? = nil
  ) throws -> (status: Int, body: JSONValue) {
    let answer = asking.sandbox.respond(
      to: SandboxRequest(
        "GET", target ?? "/businesses/?locationId=\(asking.location)", authorization: token.map { "Bearer " + $0 },
        version: version))
    return (answer.status, try JSONReader.read(answer.body))
  }

  @Test func theVersionIsMandatory() throws {
    let asking = try Asking()
    let token = asking.sandbox.tokens.location
    let missing = try answer(asking, token: token, version: nil)
    #expect(missing.status == 401 && missing.body["message"]?.stringValue == "version header was not found.")
    let unknown = try answer(asking, token: token, version: "2020-01-01")
    #expect(unknown.status == 401 && unknown.body["message"]?.stringValue == "version header is invalid")
    for version in ["2021-07-28", "2021-04-15", "2023-02-21", "legacy", "v3"] {
      #expect(try answer(asking, token: token, version: version).status == 200)
    }
  }

  @Test func eachWrongTokenIsRefusedInItsOwnWay() throws {
    let asking = try Asking()
    let tokens = asking.sandbox.tokens
    for (token, status, message) in [
      (nil, 401, "Invalid token: access token is invalid"), ("pit-wrong", 401, "Invalid Private Integration token"),
      ("a.b.c", 401, "Invalid JWT"), ("x", 401, "Invalid token: access token is invalid"),
      (tokens.agency, 401, "Token's user type mismatch!"),
      (
        tokens.company, 401,
        "This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case."
      ), (tokens.otherLocation, 403, "The token does not have access to this location."),
    ] as [(String?, Int, String)] {
      let refused = try answer(asking, token: token)
      #expect(refused.status == status)
      #expect(refused.body["message"]?.stringValue == message)
      #expect(refused.body["traceId"]?.stringValue?.isEmpty == false)
    }
  }

  @Test(arguments: [
    "/businesses/", "/businesses/?locationId=other", "/contacts/?limit=5", "/locations/other/tags", "/locations/other",
  ])
  func anotherOrNoLocationIsRefused(target: String) throws {
    let asking = try Asking()
    let refused = try answer(asking, token: asking.sandbox.tokens.location, target: target)
    #expect(refused.status == 403)
    #expect(refused.body["message"]?.stringValue == "The token does not have access to this location.")
  }

  @Test func anUnknownContactIsA400OrA404() throws {
    #expect(try Asking().raw("GET", "/contacts/unknown").status == 400)
    #expect(try Asking(faults: ["not-found-404"]).raw("GET", "/contacts/unknown").status == 404)
    #expect(try Asking().raw("GET", "/nowhere").status == 404)
    #expect(try Asking().get("/nowhere?a=b")["message"]?.stringValue == "Cannot GET /nowhere")
  }

  @Test(arguments: [
    "PATCH /contacts/abc", "PUT /contacts/", "DELETE /contacts/", "POST /contacts/abc", "PATCH /contacts/abc/tasks/def",
    "POST /oauth/token", "DELETE /locations/abc",
  ])
  func `an unknown method is answered as an unknown path is`(request: String) throws {
    let parts = request.split(separator: " ").map(String.init)
    let answer = try Asking().raw(parts[0], parts[1] + "?a=b", body: "{}")
    #expect(answer.status == 404)
    let body = try JSONReader.read(answer.body)
    #expect(body["statusCode"]?.intValue == 404 && body["error"]?.stringValue == "Not Found")
    #expect(body["message"]?.stringValue == "Cannot \(request)")
  }

  @Test(arguments: ["limit=101", "limit=0", "limit=x", "skip=-1", "skip=a"])
  func limitsOutOfRangeAreRefusedWithAList(query: String) throws {
    let asking = try Asking()
    let target = "/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&" + query
    let answer = asking.raw("GET", target)
    #expect(answer.status == 422)
    #expect(try JSONReader.read(answer.body)["message"]?.arrayValue?.isEmpty == false)
    let clamped = try Asking(contacts: 900, faults: ["clamp-limit"])
    if query == "limit=101" { #expect(clamped.contacts(try clamped.get(target)).count == 100) }
  }

  @Test func tasksSearchRefusesUnknownProperties() throws {
    let asking = try Asking()
    let answer = try asking.post("/locations/\(asking.location)/tasks/search", "{\"foo\":1,\"limit\":\"x\"}")
    #expect(answer["statusCode"]?.intValue == 422)
    #expect(answer["message"]?.arrayValue?.compactMap(\.stringValue).contains("property foo should not exist") == true)
  }

  @Test func messagesAreListsWithTheSwitch() throws {
    let asking = try Asking(faults: ["message-list"])
    #expect(try asking.get("/contacts/unknown")["message"]?.arrayValue?.count == 1)
  }

  @Test func aMissingScopeIsRefusedForItsRoutesOnly() throws {
    let asking = try Asking(faults: ["scope-missing=businesses.readonly"])
    let refused = try asking.get("/businesses/?locationId=\(asking.location)")
    #expect(refused["message"]?.stringValue == "The token is not authorized for this scope.")
    #expect(asking.raw("GET", "/contacts/" + asking.data.contactID(at: 0)).status == 200)
  }

  @Test func theTokenStopsWorkingAfterANumberOfRequests() throws {
    let asking = try Asking(faults: ["unauthorised-after=2"])
    let statuses = (0..<4).map { _ in asking.raw("GET", "/contacts/" + asking.data.contactID(at: 0)).status }
    #expect(statuses == [200, 200, 401, 401])
  }
}
