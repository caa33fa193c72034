import Core
import Testing

@testable import Sandbox

/// `search-lag`: the search finds a write some seconds later, all other reads find it at once (`facts.md` 1.3).
@Suite struct SearchLagTests {
  private let clock = Locked(1_700_000_000_000)
  private let sandbox: Sandbox

  init() throws {
    var options = SandboxOptions(contacts: 50, businesses: 2, limitScale: 1e6)
    options.faults = try FaultPlan(["search-lag=4"])
    sandbox = Sandbox(options, now: { [clock] in clock.withLock { $0 } })
  }

  private func wait(_ milliseconds: Int) { clock.withLock { $0 += milliseconds } }

  private func send(_ method: String, _ target: String, _ body: String = "") throws -> JSONValue {
    try JSONReader.read(
      sandbox.respond(
        to: SandboxRequest(
          method, target, authorization: "Bearer " + sandbox.tokens.location, version: "v3", body: Array(body.utf8))
      ).body)
  }

  private func found(_ email: String) throws -> [JSONValue] {
    let filter = #"{"field":"email","operator":"eq","value":"\#(email)"}"#
    let body = #"{"locationId":"\#(sandbox.data.locationID)","pageLimit":10,"filters":[\#(filter)]}"#
    return try send("POST", "/contacts/search", body)["contacts"]?.arrayValue ?? []
  }

  private func create(_ email: String) throws -> String {
    let body = #"{"locationId":"\#(sandbox.data.locationID)","email":"\#(email)"}"#
    return try #require(try send("POST", "/contacts/", body)["contact"]?["id"]?.stringValue)
  }

  @Test func `the search finds a created contact later, all other reads at once`() throws {
    let id = try create("a@example.com")
    let location = sandbox.data.locationID
    #expect(try found("a@example.com") == [])
    #expect(try send("GET", "/contacts/" + id)["contact"]?["id"]?.stringValue == id)
    let duplicate = try send("GET", "/contacts/search/duplicate?locationId=\(location)&email=a@example.com")
    #expect(duplicate["contact"]?["id"]?.stringValue == id)
    let newest = try send("GET", "/contacts/?locationId=\(location)&limit=1")
    #expect(newest["contacts"]?.arrayValue?.first?["id"]?.stringValue == id)
    wait(4000)
    #expect(try found("a@example.com") == [])
    wait(1000)
    #expect(try found("a@example.com").map { $0["id"]?.stringValue } == [id])
  }

  @Test func `changes and deletions are seen later, too`() throws {
    let id = try create("a@example.com")
    wait(10_000)
    _ = try send("PUT", "/contacts/" + id, #"{"email":"b@example.com","city":"Elsewhere"}"#)
    #expect(try found("a@example.com").count == 1)
    #expect(try found("b@example.com") == [])
    wait(10_000)
    #expect(try found("a@example.com") == [])
    #expect(try found("b@example.com").map { $0["city"]?.stringValue } == ["Elsewhere"])
    _ = try send("DELETE", "/contacts/" + id)
    #expect(try found("b@example.com").count == 1)
    wait(10_000)
    #expect(try found("b@example.com") == [])
  }

  @Test func `each of many writes is found between the lag and an eighth more`() throws {
    var due: [(email: String, time: Int)] = []
    var now = 0
    for number in 0..<60 {
      // From 0 to 0.6 seconds apart.
      now += number * 37 % 600
      wait(number * 37 % 600)
      _ = try create("a\(number)@example.com")
      due.append(("a\(number)@example.com", now))
      for (email, time) in due {
        let isFound = try !found(email).isEmpty
        if now - time < 4000 { #expect(!isFound, "\(email) after \(now - time) ms") }
        if now - time >= 4500 { #expect(isFound, "\(email) after \(now - time) ms") }
      }
    }
    wait(4500)
    for (email, _) in due { #expect(try found(email).count == 1) }
  }

  @Test(arguments: [
    ("search-lag", "needs a number of seconds"), ("search-lag=x", "for example --fault search-lag=5"),
    ("search-lag=-1", "needs a number of seconds"), ("search-lag=1e99", "needs a number of seconds"),
    ("search-lag=nan", "needs a number of seconds"),
  ])
  func `a lag is a number of seconds`(text: String, part: String) throws {
    #expect { try FaultPlan([text]) } throws: { String(describing: $0).contains(part) }
    #expect(try FaultPlan(["search-lag=0.5"]).searchLag == 500)
  }
}
