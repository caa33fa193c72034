import Core
import Testing

@testable import Sandbox

@Suite("Your App: idempotency keys")
struct AppIdempotencyTests {
  private let key = ["idempotency-key": "\"k-1\""]

  @Test func `the same request gets the response of the first one`() throws {
    let asking = try AppAsking()
    let first = asking.send("POST", "/contacts", AppSamples.contact("c1"), key)
    let second = asking.send("POST", "/contacts", AppSamples.contact("c1"), key)
    #expect(first.status == 201 && first.header("Idempotent-Replayed") == nil)
    #expect(second.status == 201 && second.body == first.body && second.header("Idempotent-Replayed") == "true")
    #expect(second.header("Location") == first.header("Location") && second.header("ETag") == first.header("ETag"))
    #expect(asking.tally(.contacts).created == 1)
    #expect(asking.app.statistics.replays == 1)
  }

  @Test func `a key with and without quotes is the same`() throws {
    let asking = try AppAsking()
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 201)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), ["idempotency-key": "k-1"]).status == 201)
    #expect(asking.tally(.contacts).created == 1)
  }

  @Test func `a refusal is stored as well`() throws {
    let asking = try AppAsking()
    #expect(asking.send("POST", "/contacts", "{}", key).status == 422)
    let again = asking.send("POST", "/contacts", "{}", key)
    #expect(again.status == 422 && again.header("Idempotent-Replayed") == "true")
  }

  @Test func `a stored 5xx is sent again, and a new key gets through`() throws {
    let asking = try AppAsking(faults: ["app-500-before=0.5"])
    var failed = 0
    for number in 0..<40 {
      let body = AppSamples.contact("c" + String(number))
      let first = asking.send("POST", "/contacts", body, ["idempotency-key": "a" + String(number)])
      for _ in 0..<3 {
        #expect(asking.send("POST", "/contacts", body, ["idempotency-key": "a" + String(number)]).status == first.status)
      }
      guard first.status == 500 else { continue }
      failed += 1
      #expect((0..<30).contains { asking.send("POST", "/contacts", body, ["idempotency-key": "b\(number).\($0)"]).status == 201 })
    }
    #expect((5...35).contains(failed))
    #expect(asking.tally(.contacts).created == 40)
  }

  @Test(arguments: [
    ("POST", "/contacts", AppSamples.contact("c2")), ("POST", "/contacts/batch", AppSamples.contact("c1")),
    ("PUT", "/contacts/x", AppSamples.contact("c1")), ("POST", "/contacts?x=1", AppSamples.contact("c1")),
  ])
  func `a different request with the key is refused`(method: String, path: String, body: String) throws {
    let asking = try AppAsking()
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 201)
    let other = asking.send(method, path, body, key)
    #expect(other.status == 422 && other.problemCode == "idempotency-key-reused")
    #expect(asking.tally(.contacts).created == 1)
  }

  @Test(arguments: [("app-slow=1", 2000), ("app-timeout-after=1", 300)])
  func `a repeated request is refused with its own code while the first is in progress`(fault: String, busy: Int) throws {
    let asking = try AppAsking(faults: [fault])
    let first = asking.send("POST", "/contacts", AppSamples.contact("c1"), key)
    #expect(first.delay > 0 || first.ending == .nothing)
    let second = asking.send("POST", "/contacts", AppSamples.contact("c1"), key)
    #expect(second.status == 409 && second.problemCode == "request-in-progress" && second.header("Retry-After") == "1")
    asking.advance(busy)
    let third = asking.send("POST", "/contacts", AppSamples.contact("c1"), key)
    #expect(third.status == 201 && third.header("Idempotent-Replayed") == "true")
    #expect(asking.tally(.contacts).created == 1)
  }

  @Test func `refusals before the application are not stored`() throws {
    let asking = try AppAsking(limitScale: 0.001)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), token: "x", key).status == 401)
    #expect(asking.send("GET", "/contacts").status == 200)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 429)
    asking.advance(10_000)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 201)
  }

  @Test func `replacing, merging and deleting accept keys too`() throws {
    let asking = try AppAsking()
    let path = "/contacts/" + (try asking.contact("c1"))
    for (method, body, version) in [("PUT", AppSamples.contact("c1"), 2), ("PATCH", #"{"team":"t"}"#, 3)] {
      for _ in 0..<2 { #expect(asking.send(method, path, body, ["idempotency-key": method]).status == 200) }
      #expect(asking.app.store.record(.contacts, key: "c1")?.record.version == version)
    }
    for _ in 0..<2 { #expect(asking.send("DELETE", path, "", ["idempotency-key": "d"]).status == 204) }
    #expect(asking.send("DELETE", path, "", ["idempotency-key": "e"]).status == 410)
  }

  @Test func `a server without idempotency keys carries out each request`() throws {
    let asking = try AppAsking(faults: ["app-no-idempotency"])
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 201)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1"), key).status == 409)
  }

  @Test func `a server without unique keys makes duplicates, and counts them`() throws {
    let asking = try AppAsking(faults: ["app-no-unique-keys"])
    let ids = try (0..<3).map { _ in try asking.contact("c1") }
    #expect(Set(ids).count == 3)
    #expect(asking.tally(.contacts).duplicates == 2)
    let found = try asking.json(asking.send("GET", "/contacts?contactId=c1"))
    #expect(found["total"] == .number(3))
  }
}
