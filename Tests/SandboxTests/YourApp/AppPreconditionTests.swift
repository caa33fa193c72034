import Core
import Testing

@testable import Sandbox

@Suite("Your App: entity tags")
struct AppPreconditionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var method: String
    /// `{tag}` stands for the record's entity tag.
    var header: (name: String, value: String)
    var status: Int
    var testDescription: String { "\(method) \(header.name): \(header.value)" }
  }

  @Test(arguments: [
    Case(method: "PUT", header: ("if-match", "{tag}"), status: 200),
    Case(method: "PUT", header: ("if-match", "\"x\", {tag}"), status: 200),
    Case(method: "PUT", header: ("if-match", "*"), status: 200),
    Case(method: "PUT", header: ("if-match", "\"x\""), status: 412),
    Case(method: "PUT", header: ("if-match", "W/{tag}"), status: 412),
    Case(method: "PUT", header: ("if-match", ""), status: 412),
    Case(method: "PUT", header: ("if-none-match", "*"), status: 412),
    Case(method: "PUT", header: ("if-none-match", "\"x\""), status: 200),
    Case(method: "PATCH", header: ("if-match", "{tag}"), status: 200),
    Case(method: "PATCH", header: ("if-match", "\"x\""), status: 412),
    Case(method: "DELETE", header: ("if-match", "{tag}"), status: 204),
    Case(method: "DELETE", header: ("if-match", "\"x,y\""), status: 412),
    Case(method: "GET", header: ("if-none-match", "{tag}"), status: 304),
    Case(method: "GET", header: ("if-none-match", "W/{tag}"), status: 304),
    Case(method: "GET", header: ("if-none-match", "\"x\""), status: 200),
    Case(method: "POST", header: ("if-none-match", "*"), status: 412),
  ])
  func `preconditions decide whether a request is carried out`(test: Case) throws {
    let asking = try AppAsking()
    let created = asking.send("POST", "/contacts", AppSamples.contact("c1"))
    let tag = try #require(created.header("ETag"))
    let id = try #require(try asking.json(created)["id"]?.stringValue)
    let answer = asking.send(
      test.method, test.method == "POST" ? "/contacts" : "/contacts/\(id)",
      ["GET", "DELETE"].contains(test.method) ? "" : AppSamples.contact("c1"),
      [test.header.name: test.header.value.replacing("{tag}", with: tag)])
    #expect(answer.status == test.status)
    if test.status == 412 { #expect(asking.app.store.record(.contacts, key: "c1")?.record.version == 1) }
    if test.status == 304 { #expect(answer.body.isEmpty && answer.header("ETag") == tag) }
  }

  @Test func `If-None-Match with an asterisk creates a new record, and names an existing one`() throws {
    let asking = try AppAsking()
    let first = asking.send("POST", "/contacts", AppSamples.contact("c1"), ["if-none-match": "*"])
    let second = asking.send("POST", "/contacts", AppSamples.contact("c1"), ["if-none-match": "*"])
    #expect(first.status == 201 && second.status == 412)
    #expect(try asking.json(second)["existingId"] == (try asking.json(first)["id"]))
  }

  @Test func `a server without entity tags sends none and ignores the client's`() throws {
    let asking = try AppAsking(faults: ["app-no-etags"])
    let created = asking.send("POST", "/contacts", AppSamples.contact("c1"))
    #expect(created.header("ETag") == nil && !created.text.contains("etag"))
    let id = try #require(try asking.json(created)["id"]?.stringValue)
    #expect(asking.send("PUT", "/contacts/\(id)", AppSamples.contact("c1"), ["if-match": "\"x\""]).status == 200)
  }
}
