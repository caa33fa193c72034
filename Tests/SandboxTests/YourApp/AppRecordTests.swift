import Core
import Testing

@testable import Sandbox

@Suite("Your App: records")
struct AppRecordTests {
  /// Creates the contact that children belong to, and returns the path where records of the resource are created.
  private func creation(_ resource: AppResource, _ asking: AppAsking) throws -> String {
    resource.isChild ? "/contacts/\(try asking.contact("c1"))/\(resource.rawValue)" : "/contacts"
  }

  @Test(arguments: AppResource.allCases)
  func `a record is created, read, replaced, merged and deleted`(resource: AppResource) throws {
    let asking = try AppAsking()
    let path = try creation(resource, asking)
    let created = asking.send("POST", path, AppSamples.record(resource, "k1", #","origin":"ghl""#))
    #expect(created.status == 201)
    let record = try asking.json(created)
    let id = try #require(record["id"]?.stringValue)
    let own = "/\(resource.rawValue)/\(id)"
    #expect(id.hasPrefix(resource.idPrefix))
    #expect(record["version"] == .number(1))
    #expect(record["insertedAt"] == .string("2023-11-14T22:13:20.000Z"))
    #expect(record[resource.key] == .string("k1"))
    #expect(created.header("Location") == "/app/v1" + own)
    #expect(created.header("ETag") == record["etag"]?.stringValue)

    let read = asking.send("GET", own)
    #expect(read.status == 200 && read.body == created.body && read.header("ETag") == created.header("ETag"))

    asking.advance(1000)
    let replaced = asking.send("PUT", own, AppSamples.record(resource, "k1"))
    let second = try asking.json(replaced)
    #expect(replaced.status == 200)
    #expect(second["origin"] == nil && second["version"] == .number(2) && second["id"] == .string(id))
    #expect(second["insertedAt"] == record["insertedAt"])
    #expect(second["modifiedAt"] == .string("2023-11-14T22:13:21.000Z"))
    #expect(replaced.header("ETag") != created.header("ETag"))

    let merged = asking.send("PATCH", own, #"{"origin":"ghl"}"#)
    let third = try asking.json(merged)
    #expect(third["origin"] == .string("ghl") && third["version"] == .number(3) && third[resource.key] == .string("k1"))

    #expect(asking.send("DELETE", own).status == 204)
    let gone = asking.send("GET", own)
    #expect(gone.status == 410 && gone.problemCode == "gone")
    #expect(asking.keys(resource).isEmpty)
  }

  @Test(arguments: AppResource.allCases)
  func `a second record with the same key is refused with the ID of the first`(resource: AppResource) throws {
    let asking = try AppAsking()
    let path = try creation(resource, asking)
    let first = try asking.json(asking.send("POST", path, AppSamples.record(resource, "k1")))
    let second = asking.send("POST", path, AppSamples.record(resource, "k1"))
    #expect(second.status == 409 && second.problemCode == "already-exists")
    #expect(second.contentType == "application/problem+json")
    #expect(try asking.json(second)["existingId"] == first["id"])
    #expect(asking.tally(resource).created == 1)
  }

  @Test func `a key that was deleted can be used again, under another ID, and is counted`() throws {
    let asking = try AppAsking()
    let first = try asking.contact("c1")
    #expect(asking.send("DELETE", "/contacts/\(first)").status == 204)
    let second = try asking.contact("c1")
    #expect(second != first && !second.isEmpty)
    #expect(asking.send("GET", "/contacts/\(first)").status == 410)
    #expect(asking.tally(.contacts).duplicates == 1)
  }

  @Test func `IDs depend on the seed and the key, not on the order`() throws {
    let (one, two, other) = (try AppAsking(), try AppAsking(), try AppAsking(seed: 2))
    let ids = try ["a", "b"].map(one.contact)
    #expect(try ["b", "a"].map(two.contact) == ids.reversed())
    #expect(try other.contact("a") != ids[0])
  }

  @Test func `keys that differ only in their encoding are two records`() throws {
    let asking = try AppAsking()
    #expect(try asking.contact("\u{E9}") != (try asking.contact("e\u{301}")))
    #expect(asking.app.store[.contacts].count == 2)
    let found = asking.send("GET", "/contacts?contactId=%C3%A9")
    #expect(try asking.json(found)["items"]?.arrayValue?.count == 1)
  }

  @Test func `a record that was read can be sent back, and keeps its bytes`() throws {
    let asking = try AppAsking()
    let id = try asking.json(
      asking.send("POST", "/contacts", AppSamples.contact("c1", #","lifetimeValue":1.50,"website":"a\/b""#)))["id"]?.stringValue
    let path = "/contacts/" + (try #require(id))
    let read = asking.send("GET", path).text
    #expect(read.contains(#""lifetimeValue":1.50,"website":"a\/b""#))
    #expect(asking.send("PUT", path, read).status == 200)
    let again = asking.send("GET", path).text
    #expect(again.contains(#""lifetimeValue":1.50,"website":"a\/b""#))
    #expect(again.contains(#""version":2"#) && !again.contains(#""version":1"#))
  }

  @Test func `a body of several lines is stored on one line`() throws {
    let asking = try AppAsking()
    let body = AppSamples.contact("c1", ",\n  \"address\": {\n \"city\": \"Rome\"}\n")
    #expect(asking.send("POST", "/contacts", body).status == 201)
    #expect(asking.app.recordsView(.contacts).text.split(separator: "\n").count == 1)
  }

  struct MergeCase: Sendable, CustomTestStringConvertible {
    var patch: String
    var result: String
    var testDescription: String { patch }
  }

  @Test(arguments: [
    MergeCase(patch: #"{}"#, result: #","company":"A","address":{"city":"Rome","state":null}"#),
    MergeCase(patch: #"{"company":null}"#, result: #","address":{"city":"Rome","state":null}"#),
    MergeCase(
      patch: #"{"address":{"city":null,"street":"x"}}"#, result: #","company":"A","address":{"state":null,"street":"x"}"#),
    MergeCase(
      patch: #"{"team":"t","tags":null}"#, result: #","company":"A","address":{"city":"Rome","state":null},"team":"t""#),
    MergeCase(
      patch: #"{"interests":["a",null],"company":"B"}"#.replacing("null", with: #""b""#),
      result: #","company":"B","address":{"city":"Rome","state":null},"interests":["a","b"]"#),
  ])
  func `a merge patch changes only the members that it names`(test: MergeCase) throws {
    let asking = try AppAsking()
    let created = asking.send(
      "POST", "/contacts", AppSamples.contact("c1", #","company":"A","address":{"city":"Rome","state":null}"#))
    let id = try #require(try asking.json(created)["id"]?.stringValue)
    #expect(asking.send("PATCH", "/contacts/\(id)", test.patch).status == 200)
    let fields = try #require(asking.app.store.record(.contacts, key: "c1")?.record.fields)
    #expect("{" + String(decoding: fields, as: UTF8.self) + "}" == AppSamples.contact("c1", test.result))
  }

  @Test func `a contact that other records belong to is not deleted`() throws {
    let asking = try AppAsking()
    let id = try asking.contact("c1")
    let task = try asking.json(asking.send("POST", "/contacts/\(id)/tasks", AppSamples.record(.tasks, "t1")))
    let refused = asking.send("DELETE", "/contacts/\(id)")
    #expect(refused.status == 409 && refused.problemCode == "has-children")
    #expect(asking.send("DELETE", "/tasks/" + (task["id"]?.stringValue ?? "")).status == 204)
    #expect(asking.send("DELETE", "/contacts/\(id)").status == 204)
  }
}
