import Core
import Testing

@testable import Sandbox

/// What the sandbox is told to answer otherwise.
@Suite struct SwitchTests {
  @Test(arguments: [("2021-07-28", nil), ("v3", "Forbidden")] as [(String, String?)])
  func aWrongLocationIsA403WithErrorInV3Only(_ version: String, _ error: String?) throws {
    let answer = try Asking(version: version).raw("GET", "/contacts/?locationId=other")
    #expect(answer.status == 403)
    #expect(try JSONReader.read(answer.body)["error"]?.stringValue == error)
  }

  @Test(arguments: [
    "/contacts/x", "/contacts/x/notes", "/contacts/ID/tasks/x", "/contacts/ID/notes/x", "/calendars/events/appointments/x",
  ])
  func whatIsNotThereIsA400OrA404(_ path: String) throws {
    for (faults, status) in [([], 400), (["not-found-404"], 404)] {
      let asking = try Asking(faults: faults)
      #expect(asking.raw("GET", path.replacing("ID", with: asking.data.contactID(at: 0))).status == status)
    }
  }

  @Test func a401MayHaveStatus() throws {
    let asking = try Asking(faults: ["401-status"], version: nil)
    let body = try asking.get("/contacts/x")
    #expect(body["status"]?.intValue == 401 && body["statusCode"] == nil && body["error"]?.stringValue == "Error")
  }

  @Test func anUnknownVersionMayBeA400() throws {
    #expect(try Asking(version: "bogus").raw("GET", "/contacts/x").status == 401)
    let answer = try Asking(faults: ["unknown-version-400"], version: "bogus").raw("GET", "/contacts/x")
    #expect(answer.status == 400 && answer.text.contains("Invalid API version segment 'bogus'"))
  }

  @Test func aSearchMayKeepBusinessesToItself() throws {
    let asking = try Asking(faults: ["search-without-business"])
    let found = asking.contacts(try asking.post("/contacts/search", #"{"locationId":"\#(asking.location)","pageLimit":50}"#))
    #expect(found.count == 50)
    #expect(found.allSatisfy { $0["businessId"] == nil && $0["businessName"] == nil })
  }

  @Test func aTokenIsRotated() throws {
    let asking = try Asking(faults: ["rotate-after=2"])
    func status(_ token: String) -> Int {
      asking.sandbox.respond(
        to: SandboxRequest(
          "GET", "/contacts/" + asking.data.contactID(at: 0), authorization: "Bearer " + token, version: "2021-07-28")
      ).status
    }
    #expect([status(asking.sandbox.tokens.location), status(asking.sandbox.tokens.second)] == [200, 200])
    #expect([status(asking.sandbox.tokens.location), status(asking.sandbox.tokens.second)] == [401, 200])
  }

  @Test func theDayMayBeShort() throws {
    let plan = try FaultPlan(["daily-limit=2"])
    #expect(SandboxOptions(contacts: 1, businesses: 1, faults: plan).effectiveDailyLimit == 2)
    #expect(throws: FaultPlanError.self) { try FaultPlan(["daily-limit"]) }
  }

  @Test func theSameContactsAreRefusedEveryTime() throws {
    let asking = try Asking(faults: ["refuse-contacts=0.3"])
    func refused() -> [Int] {
      (0..<100).filter { asking.raw("GET", "/contacts/" + asking.data.contactID(at: $0)).status == 500 }
    }
    let once = refused()
    #expect(once.count > 10 && once.count < 60 && once == refused())
  }

  @Test(arguments: ["moving=1", "repeated-page=1"])
  func listsOfOtherThingsMoveAndRepeatToo(_ fault: String) throws {
    func second(_ faults: [String]) throws -> [[String?]] {
      let asking = try Asking(businesses: 12, faults: faults)
      func ids(_ value: JSONValue, _ member: String) -> [String?] {
        (value[member]?.arrayValue ?? []).map { $0["id"]?.stringValue }
      }
      let company = asking.data.companyID
      return [
        ids(try asking.get("/businesses/?locationId=\(asking.location)&limit=3&skip=3"), "businesses"),
        ids(try asking.get("/users/search?companyId=\(company)&locationId=\(asking.location)&limit=2&skip=2"), "users"),
        ids(try asking.post("/locations/\(asking.location)/tasks/search", #"{"limit":5,"skip":5}"#), "tasks"),
      ]
    }
    let right = try second([])
    let wrong = try second([fault])
    for (one, other) in zip(right, wrong) { #expect(!one.isEmpty && one != other) }
  }
}
