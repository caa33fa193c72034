import Core
import Testing

@testable import Sandbox

/// `POST` and `DELETE` of a contact's tags (`facts.md` 1.4).
@Suite struct TagWriteTests {
  private static let versions = ["2021-07-28", "v3"]

  /// A contact of the first business with exactly two tags.
  private func contact(_ asking: Asking) throws -> Int {
    try #require(asking.data.members(ofBusiness: 0).first { asking.data.contact(at: $0).tags.count == 2 })
  }

  private func change(_ asking: Asking, _ method: String, _ index: Int, _ tags: [String]) throws -> (Int, [String]?) {
    let body = JSONValue.object([.init("tags", .array(tags.map { .string($0) }))]).text
    let answer = asking.raw(method, "/contacts/\(asking.data.contactID(at: index))/tags", body: body)
    return (answer.status, try JSONReader.read(answer.body)["tags"]?.arrayValue?.compactMap(\.stringValue))
  }

  /// Every route that reads a contact, with the tags that it returns.
  private func everyReading(_ asking: Asking, _ index: Int) throws -> [[String]] {
    let id = asking.data.contactID(at: index)
    let location = asking.location
    let business = asking.data.businessID(at: 0)
    let name = asking.data.sortName(at: index)
    let search = JSONValue.object([
      .init("locationId", .string(location)), .init("pageLimit", .number("100")),
      .init(
        "filters",
        .array([.object([.init("field", .string("id")), .init("operator", .string("eq")), .init("value", .string(id))])])),
    ])
    let query = name.split(separator: " ").first.map(String.init) ?? ""
    let escaped = query.utf8.map { "%" + String(Int($0) + 256, radix: 16).suffix(2) }.joined()
    let found: [JSONValue?] = [
      try asking.get("/contacts/" + id)["contact"],
      try asking.post("/contacts/search", search.text)["contacts"]?.arrayValue?.first,
      asking.contacts(try asking.get("/contacts/?locationId=\(location)&limit=100&query=\(escaped)"))
        .first { $0["id"]?.stringValue == id },
      asking.contacts(try asking.get("/contacts/business/\(business)?locationId=\(location)&limit=100&query=\(escaped)"))
        .first { $0["id"]?.stringValue == id },
    ]
    return try found.map { try #require($0)["tags"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
  }

  @Test(arguments: versions)
  func `added tags stand beside those of others`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let before = asking.data.contact(at: index)
    let (status, tags) = try change(asking, "POST", index, ["new one", before.tags[1], "ünew", "new one"])
    let expected = before.tags + ["new one", "ünew"]
    #expect(status == 201 && tags == expected)
    #expect(try everyReading(asking, index) == [expected, expected, expected, expected])
    #expect(asking.data.contact(at: index).dateUpdated > before.dateUpdated)
    let all = try asking.get("/locations/\(asking.location)/tags")["tags"]?.arrayValue ?? []
    #expect(all.count { $0["name"]?.stringValue == "new one" } == 1 && all.count { $0["name"]?.stringValue == "ünew" } == 1)
    #expect(Set(all.compactMap { $0["id"]?.stringValue }).count == all.count)
  }

  @Test(arguments: versions)
  func `removed tags are taken away and no others`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let before = asking.data.contact(at: index).tags
    let (status, tags) = try change(asking, "DELETE", index, [before[0], "not there"])
    #expect(status == 200 && tags == [before[1]])
    #expect(try everyReading(asking, index) == [[before[1]], [before[1]], [before[1]], [before[1]]])
    #expect(try change(asking, "DELETE", index, [before[1]]) == (200, []))
    let names = try asking.get("/locations/\(asking.location)/tags")["tags"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
    #expect(names == SyntheticData.tagNames)
  }

  @Test func `a repeated change changes nothing`() throws {
    let asking = try Asking()
    let index = try contact(asking)
    let before = asking.data.contact(at: index)
    #expect(try change(asking, "POST", index, before.tags) == (201, before.tags))
    #expect(try change(asking, "DELETE", index, ["not there"]) == (200, before.tags))
    #expect(asking.data.contact(at: index) == before)
  }

  @Test(arguments: ["POST", "DELETE"])
  func `tags are required, as texts in a list`(method: String) throws {
    let asking = try Asking()
    let index = try contact(asking)
    let before = asking.data.contact(at: index)
    for (body, message) in [
      ("", "tags should not be empty"), ("{}", "tags should not be empty"), (#"{"tags":[]}"#, "tags should not be empty"),
      (#"{"tags":"vip"}"#, "tags must be an array"), (#"{"tags":null}"#, "tags must be an array"),
      (#"{"tags":[1]}"#, "each value in tags must be a string"),
      (#"{"tags":["a"],"locationId":"x"}"#, "property locationId should not exist"),
    ] {
      let answer = asking.raw(method, "/contacts/\(before.id)/tags", body: body)
      #expect(answer.status == 422)
      let messages = try JSONReader.read(answer.body)["message"]?.arrayValue?.compactMap(\.stringValue) ?? []
      #expect(messages.contains(message), "\(body): \(messages)")
    }
    #expect(asking.data.contact(at: index) == before)
  }

  @Test(arguments: [(400, []), (404, ["gone-404"])])
  func `tags of a contact that is not there are a 400 or a 404`(status: Int, faults: [String]) throws {
    let asking = try Asking(faults: faults)
    #expect(asking.raw("DELETE", "/contacts/" + asking.data.contactID(at: 0)).status == 200)
    for id in [asking.data.contactID(at: 0), "unknown"] {
      for method in ["POST", "DELETE"] {
        #expect(asking.raw(method, "/contacts/\(id)/tags", body: #"{"tags":["a"]}"#).status == status)
      }
    }
    let names = try asking.get("/locations/\(asking.location)/tags")["tags"]?.arrayValue ?? []
    #expect(names.count == SyntheticData.tagNames.count)
  }

  @Test func `writing tags needs a scope of its own, and reads none`() throws {
    let asking = try Asking(faults: ["scope-missing=contacts.write"])
    let index = try contact(asking)
    let before = asking.data.contact(at: index)
    for method in ["POST", "DELETE"] {
      #expect(try change(asking, method, index, ["a"]).0 == 401)
    }
    #expect(asking.data.contact(at: index) == before)
    #expect(asking.raw("GET", "/contacts/\(before.id)/tags").status == 404)
  }
}
