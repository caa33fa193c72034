import Core
import Testing

@testable import Sandbox

/// Writes to many contacts at once, and followers.
@Suite struct BulkWriteTests {
  private func members(_ asking: Asking, _ business: Int) throws -> [String] {
    let path = "/contacts/business/\(asking.data.businessID(at: business))?locationId=\(asking.location)&limit=100"
    return asking.ids(try asking.get(path))
  }

  private func link(_ asking: Asking, _ ids: [String], _ business: JSONValue) throws -> Asking.Written {
    let body = JSONValue.object([
      .init("locationId", .string(asking.location)), .init("ids", .array(ids.map(JSONValue.string))),
      .init("businessId", business),
    ])
    return try asking.write("POST", "/contacts/bulk/business", body.text)
  }

  @Test(arguments: ContactWriteTests.versions)
  func `contacts are linked to a business, moved and unlinked`(version: String) throws {
    let asking = try Asking(contacts: 60, businesses: 2, version: version)
    let before = try (0..<2).map { try members(asking, $0) }
    let id = try #require(try asking.create(#""firstName":"Aaa""#)["id"]?.stringValue)
    let linked = try link(asking, [before[0][0], id, "unknown", id], .string(asking.data.businessID(at: 1)))
    #expect(linked.status == 200 && linked.body["success"] == .bool(true))
    #expect(linked.body["ids"] == .array([.string(before[0][0]), .string(id)]), "no word about the others")
    #expect(try members(asking, 0) == Array(before[0][1...]))
    #expect(Set(try members(asking, 1)) == Set(before[1] + [before[0][0], id]))
    #expect(try members(asking, 1).count == before[1].count + 2)
    #expect(try asking.get("/contacts/" + id)["contact"]?["businessId"]?.stringValue == asking.data.businessID(at: 1))
    let name = try #require(try asking.get("/businesses/" + asking.data.businessID(at: 1))["business"]?["name"]?.stringValue)
    #expect(try asking.find(#"{"field":"businessName","operator":"eq","value":\#(JSONValue.string(name).text)}"#).contains(id))

    let unlinked = try link(asking, [id], .null)
    #expect(unlinked.body["ids"] == .array([.string(id)]))
    #expect(try asking.get("/contacts/" + id)["contact"]?["businessId"]?.stringValue == nil)
    #expect(!(try members(asking, 1)).contains(id))
    #expect(try link(asking, [id], .string("unknown")).status == 400)
  }

  @Test func `at most fifty contacts are linked at once`() throws {
    let asking = try Asking(contacts: 60, businesses: 1)
    let ids = asking.data.ids(0..<51)
    #expect(try link(asking, Array(ids.dropLast()), .null).status == 200)
    let refused = try link(asking, ids, .null)
    #expect(refused.status == 422 && refused.messages == ["ids must contain no more than 50 elements"])
  }

  @Test(arguments: ContactWriteTests.versions)
  func `tags of many contacts have a result for each inside a 201`(version: String) throws {
    let asking = try Asking(contacts: 0, version: version)
    func id(_ tags: String) throws -> String { try #require(try asking.create(#""tags":[\#(tags)]"#)["id"]?.stringValue) }
    let (one, two, gone) = (try id(#""a","b""#), try id(""), try id(""))
    _ = try asking.write("DELETE", "/contacts/" + gone)
    func update(_ type: String, _ members: String, _ contacts: [String]) throws -> Asking.Written {
      let list = JSONValue.array(contacts.map(JSONValue.string)).text
      return try asking.write(
        "POST", "/contacts/bulk/tags/update/" + type,
        asking.object(#""locationId":"\#(asking.location)","contacts":\#(list),"# + members))
    }
    func tags(_ id: String) throws -> [String] {
      try asking.get("/contacts/" + id)["contact"]?["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
    let foreign = SyntheticData(contacts: 5, seed: 9).contactID(at: 0)
    let added = try update("add", #""tags":["b","c"]"#, [one, two, gone, "abcdef", foreign])
    #expect(added.status == 201 && added.body["succeded"] == .bool(true) && added.body["errorCount"]?.intValue == 3)
    #expect((added.body["succeeded"] == .bool(true)) == (version == "v3"))
    let responses = try #require(added.body["responses"]?.arrayValue)
    #expect(responses.map { $0["contactId"]?.stringValue } == [one, two, gone, "abcdef", foreign])
    #expect(responses.map { $0["type"]?.stringValue } == ["success", "success", "error", "error", "error"])
    #expect(
      responses.map { $0["message"]?.stringValue } == [
        "Tags updated", "Tags updated", "contact is deleted", "contact id is not a valid firebase id",
        "contact does not belong to location",
      ])
    #expect(responses[0]["oldTags"]?.text == #"["a","b"]"# && responses[0]["tagsAdded"]?.text == #"["c"]"#)
    #expect(responses[0]["tagsRemoved"]?.text == "[]")
    #expect(try tags(one) == ["a", "b", "c"] && tags(two) == ["b", "c"])

    let removed = try update("remove", #""tags":["b","x"]"#, [one, two])
    #expect(removed.body["responses"]?.arrayValue?[0]["tagsRemoved"]?.text == #"["b"]"#)
    #expect(try tags(one) == ["a", "c"] && tags(two) == ["c"])
    let all = try update("remove", #""tags":[],"removeAllTags":true"#, [one, two])
    #expect(all.status == 201 && all.body["errorCount"]?.intValue == 0)
    #expect(try tags(one) == [] && tags(two) == [])
    #expect(try update("add", #""tags":[],"removeAllTags":true"#, [one]).status == 422)
    #expect(try update("replace", #""tags":[]"#, [one]).status == 422)
  }

  @Test func `a faulty bulk request writes what it says and nothing else`() throws {
    let asking = try Asking(contacts: 30, businesses: 1, faults: ["bulk-error=1"])
    let ids = asking.data.ids(0..<20)
    let business = asking.data.businessID(at: 0)
    _ = try link(asking, ids, .null)
    let before = try ids.map { try #require(try asking.get("/contacts/" + $0)["contact"]) }
    let linked = try link(asking, ids, .string(business))
    let changed = linked.body["ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(linked.status == 200 && !changed.isEmpty && changed.count < 20)
    for (id, contact) in zip(ids, before) {
      let after = try asking.get("/contacts/" + id)["contact"]
      if changed.contains(id) { #expect(after?["businessId"]?.stringValue == business) } else { #expect(after == contact) }
    }
    let list = JSONValue.array(ids.map(JSONValue.string)).text
    let tagged = try asking.write(
      "POST", "/contacts/bulk/tags/update/add",
      #"{"locationId":"\#(asking.location)","contacts":\#(list),"tags":["new"]}"#)
    let responses = tagged.body["responses"]?.arrayValue ?? []
    #expect(tagged.status == 201 && responses.map { $0["contactId"]?.stringValue } == ids)
    let failed = responses.filter { $0["type"]?.stringValue == "error" }
    #expect(!failed.isEmpty && failed.count < 20 && tagged.body["errorCount"]?.intValue == failed.count)
    for response in responses {
      let id = try #require(response["contactId"]?.stringValue)
      let tags = try asking.get("/contacts/" + id)["contact"]?["tags"]?.arrayValue ?? []
      #expect(tags.contains(.string("new")) == (response["type"]?.stringValue == "success"))
    }
  }

  @Test func `followers are added and removed`() throws {
    let asking = try Asking(contacts: 0)
    let id = try #require(try asking.create(#""firstName":"Ada""#)["id"]?.stringValue)
    func change(_ method: String, _ followers: String) throws -> Asking.Written {
      try asking.write(method, "/contacts/\(id)/followers", #"{"followers":\#(followers)}"#)
    }
    let added = try change("POST", #"["u1","u2","u1"]"#)
    #expect(added.status == 201 && added.body["followersAdded"]?.text == #"["u1","u2"]"#)
    #expect(try change("POST", #"["u2","u3"]"#).body["followersAdded"]?.text == #"["u3"]"#)
    let removed = try change("DELETE", #"["u1","u9"]"#)
    #expect(removed.status == 200 && removed.body["followersRemoved"]?.text == #"["u1"]"#)
    #expect(removed.body["followers"]?.text == #"["u2","u3"]"#)
    #expect(try asking.find(#"{"field":"followers","operator":"eq","value":"u3"}"#) == [id])
  }
}
