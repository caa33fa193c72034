import Core
import Testing

@testable import Sandbox

/// Creating, changing and deleting contacts, read back by every route that shows contacts.
@Suite struct ContactWriteTests {
  static let versions = ["2021-07-28", "v3"]

  @Test(arguments: versions)
  func `a created contact is in every read route`(version: String) throws {
    let asking = try Asking(version: version)
    let body = asking.object(#""locationId":"\#(asking.location)","# + WriteSamples.create(asking))
    let created = try asking.write("POST", "/contacts/", body)
    #expect(created.status == 201)
    let id = try #require(created.body["contact"]?["id"]?.stringValue)
    let contact = try #require(try asking.get("/contacts/" + id)["contact"])
    for (member, text) in [
      ("firstName", "Ada"), ("lastName", "Lovelace"), ("name", "Ada King Lovelace"), ("email", "Ada@Example.com"),
      ("emailLowerCase", "ada@example.com"), ("phone", "+14155550123"), ("address1", "1 Main St"), ("country", "GB"),
      ("dateOfBirth", "1990-09-25"), ("gender", "female"), ("companyName", "Acme"), ("source", "import"),
      ("timezone", "Europe/London"), ("assignedTo", asking.data.userID(at: 2)), ("locationId", asking.location),
    ] { #expect(contact[member]?.stringValue == text, "\(member)") }
    #expect(contact["dnd"] == .bool(true))
    #expect(contact["tags"] == .array([.string("vip"), .string("new tag")]))
    #expect(contact["inboundDndSettings"]?["all"]?["status"]?.stringValue == "active")
    #expect(contact["dndSettings"]?[version == "v3" ? "whatsApp" : "WhatsApp"]?["code"]?.stringValue == "101")
    let values = try Dictionary(
      uniqueKeysWithValues: #require(contact["customFields"]?.arrayValue).map {
        (try #require($0["id"]?.stringValue), try #require($0["value"]))
      })
    let fields = asking.data.customFieldDefinitions
    #expect(values[fields[0].id] == .string("CTO") && values[fields[7].id] == .number("12"))
    #expect(values[fields[10].id] == .array([.string("R&D"), .string("Training")]))
    #expect(values[fields[12].id]?["a-b"]?["url"]?.stringValue == "https://example.com/a")

    let list = try asking.get("/contacts/?locationId=\(asking.location)&limit=1")
    #expect(asking.ids(list) == [id] && list["meta"]?["total"]?.intValue == 301)
    #expect(try asking.find(#"{"field":"email","operator":"eq","value":"ada@example.com"}"#) == [id])
    #expect(try asking.find(#"{"field":"firstNameLowerCase","operator":"eq","value":"ada"}"#).contains(id))
    let newest = try asking.post("/contacts/search", #"{"locationId":"\#(asking.location)","pageLimit":1}"#)
    #expect(asking.ids(newest) == [id] && newest["total"]?.intValue == 301)
    for query in ["email=ada%40example.com", "number=%2B14155550123"] {
      let found = try asking.get("/contacts/search/duplicate?locationId=\(asking.location)&" + query)
      #expect(found["contact"] == contact, "\(query)")
    }
    let tags = try asking.get("/locations/\(asking.location)/tags")["tags"]?.arrayValue ?? []
    #expect(tags.last?["name"]?.stringValue == "new tag" && tags.count == SyntheticData.tagNames.count + 1)
    for under in ["tasks", "notes", "appointments"] {
      #expect(asking.raw("GET", "/contacts/\(id)/\(under)").status == 200)
    }
  }

  @Test func `only a create before v3 answers a date of birth as a point in time`() throws {
    for (version, text) in [("2021-07-28", "1990-09-25T00:00:00.000Z"), ("v3", "1990-09-25")] {
      let asking = try Asking(version: version)
      let created = try asking.create(#""dateOfBirth":"09-25-1990""#)
      #expect(created["dateOfBirth"]?.stringValue == text)
      let id = try #require(created["id"]?.stringValue)
      #expect(try asking.get("/contacts/" + id)["contact"]?["dateOfBirth"]?.stringValue == "1990-09-25")
    }
  }

  @Test(arguments: [
    ("1990/09/25", true), ("09/25/1990", true), ("1990-09-25", true), ("09-25-1990", true), ("1990.09.25", true),
    ("09.25.1990", true), ("1990_09_25", true), ("09_25_1990", true), ("25.09.1990", false), ("1990-02-30", false),
    ("1990-9-25", false), ("1990-09-25T00:00:00.000Z", false), ("", false), ("1990-13-01", false), ("1990/09-25", false),
  ])
  func `a date of birth is taken in eight forms`(text: String, isTaken: Bool) throws {
    let asking = try Asking(contacts: 1)
    let id = asking.data.contactID(at: 0)
    let answer = try asking.write("PUT", "/contacts/" + id, #"{"dateOfBirth":"\#(text)"}"#)
    #expect(answer.status == (isTaken ? 200 : 422))
    guard isTaken else {
      #expect(answer.messages == ["dateOfBirth must be a valid date"])
      return
    }
    #expect(try asking.get("/contacts/" + id)["contact"]?["dateOfBirth"]?.stringValue == "1990-09-25")
  }

  @Test(arguments: versions)
  func `an update changes what it names, takes away what is null, and replaces all tags`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try #require(
      (0..<300).first { index in
        let contact = asking.data.contact(at: index)
        return contact.phone != nil && !contact.tags.isEmpty && contact.companyName != nil && !contact.writesNulls
      })
    let path = "/contacts/" + asking.data.contactID(at: index)
    let before = try #require(try asking.get(path)["contact"])
    let answer = try asking.write("PUT", path, #"{"email":"new@example.com","phone":null,"tags":["one","one","two"]}"#)
    #expect(answer.status == 200)
    #expect(answer.body[version == "v3" ? "succeeded" : "succeded"] == .bool(true))
    #expect(answer.body[version == "v3" ? "succeded" : "succeeded"] == nil)
    let after = try #require(try asking.get(path)["contact"])
    #expect(answer.body["contact"] == after)
    #expect(after["email"]?.stringValue == "new@example.com" && after["phone"] == nil)
    #expect(after["tags"] == .array([.string("one"), .string("two")]))
    let changed: Set = ["email", "emailLowerCase", "phone", "tags", "dateUpdated"]
    for member in before.objectValue ?? [] where !changed.contains(member.name) {
      #expect(after[member.name] == member.value, "\(member.name)")
    }
    #expect(try #require(after["dateUpdated"]?.stringValue) > #require(before["dateUpdated"]?.stringValue))
    let updated = try asking.post(
      "/contacts/search",
      #"{"locationId":"\#(asking.location)","pageLimit":300,"sort":[{"field":"dateUpdated","direction":"asc"}]}"#)
    let row = try #require(asking.contacts(updated).first { $0["id"] == before["id"] })
    #expect(row["dateUpdated"] == after["dateUpdated"])
    #expect(
      try asking.find(#"{"field":"email","operator":"eq","value":"new@example.com"}"#) == [asking.data.contactID(at: index)])
    let old = encoded(before["phone"]?.stringValue ?? "")
    let byPhone = try asking.get("/contacts/search/duplicate?locationId=\(asking.location)&number=\(old)")
    #expect(byPhone["contact"]?["id"] != before["id"])
  }

  @Test func `names make the whole name unless it is sent`() throws {
    let asking = try Asking()
    func name(_ members: String) throws -> String? { try asking.create(members)["fullNameLowerCase"]?.stringValue }
    #expect(try name(#""firstName":"Ada","lastName":"King""#) == "ada king")
    #expect(try name(#""firstName":"Ada""#) == "ada")
    #expect(try name(#""name":"Countess Ada","firstName":"Ada""#) == "countess ada")
    #expect(try name(#""companyName":"Acme""#) == nil)
    let id = try #require(try asking.create(#""firstName":"Ada","lastName":"King""#)["id"]?.stringValue)
    _ = try asking.write("PUT", "/contacts/" + id, #"{"lastName":null}"#)
    #expect(try asking.get("/contacts/" + id)["contact"]?["name"]?.stringValue == "Ada")
  }

  @Test(arguments: versions)
  func `a deleted contact is in no read route`(version: String) throws {
    let asking = try Asking(version: version)
    let business = asking.data.businessID(at: 0)
    let index = try #require(
      asking.data.members(ofBusiness: 0).first { asking.data.taskCount(of: $0) > 0 && asking.data.email(at: $0) != nil })
    let contact = asking.data.contact(at: index)
    let answer = try asking.write("DELETE", "/contacts/" + contact.id)
    #expect(answer.status == 200 && answer.body["succeded"] == .bool(true))
    #expect((answer.body["succeeded"] == .bool(true)) == (version == "v3"))
    for under in ["", "/tasks", "/notes", "/appointments"] {
      #expect(asking.raw("GET", "/contacts/\(contact.id)\(under)").status == 400)
    }
    var listed: [String] = []
    var cursor = ""
    while true {
      let page = try asking.get("/contacts/?locationId=\(asking.location)&limit=50" + cursor)
      let ids = asking.ids(page)
      guard let last = ids.last, let index = asking.data.contactIndex(last) else { break }
      listed += ids
      cursor = "&startAfter=\(asking.data.dateAdded(at: index))&startAfterId=\(last)"
    }
    #expect(Set(listed) == Set(asking.data.ids(0..<300)).subtracting([contact.id]) && listed.count == 299)
    let found = asking.ids(try asking.post("/contacts/search", #"{"locationId":"\#(asking.location)","pageLimit":400}"#))
    #expect(found == listed)
    let members = try asking.get("/contacts/business/\(business)?locationId=\(asking.location)&limit=100")
    #expect(members["count"]?.intValue == asking.data.members(ofBusiness: 0).count - 1)
    #expect(!asking.ids(members).contains(contact.id))
    let email = encoded(contact.email ?? "")
    let duplicate = try asking.get("/contacts/search/duplicate?locationId=\(asking.location)&email=\(email)")
    #expect(duplicate["contact"]?["id"]?.stringValue != contact.id)
    let tasks = try asking.post("/locations/\(asking.location)/tasks/search", #"{"contactId":["\#(contact.id)"]}"#)
    #expect(tasks["tasks"] == .array([]))
    #expect(try asking.write("DELETE", "/contacts/" + contact.id).status == 400)
    #expect(try asking.write("PUT", "/contacts/" + contact.id, "{}").status == 400)
  }

  @Test func `a search continues after a contact that has since been deleted or changed`() throws {
    let asking = try Asking()
    let sort = #""sort":[{"field":"dateUpdated","direction":"desc"}]"#
    func page(_ after: String) throws -> JSONValue {
      try asking.post("/contacts/search", #"{"locationId":"\#(asking.location)","pageLimit":100,\#(sort)\#(after)}"#)
    }
    let all = asking.ids(try page(""))
    let rest = asking.ids(try page(#","page":2"#))
    let last = try #require(asking.contacts(try page("")).last)
    let cursor = #","searchAfter":"# + (try #require(last["searchAfter"])).text
    _ = try asking.write("PUT", "/contacts/" + all[99], #"{"city":"Rome"}"#)
    #expect(asking.ids(try page(cursor)) == rest)
    _ = try asking.write("DELETE", "/contacts/" + all[99])
    #expect(asking.ids(try page(cursor)) == rest)

    let first = try asking.get("/contacts/?locationId=\(asking.location)&limit=10")
    let second = try asking.get("/contacts/?locationId=\(asking.location)&limit=20")
    let index = try #require(asking.data.contactIndex(asking.ids(first)[9]))
    let place = "&startAfter=\(asking.data.dateAdded(at: index))&startAfterId=\(asking.ids(first)[9])"
    _ = try asking.write("DELETE", "/contacts/" + asking.ids(first)[9])
    let next = try asking.get("/contacts/?locationId=\(asking.location)&limit=10" + place)
    #expect(asking.ids(next) == Array(asking.ids(second)[10...]))
  }

  @Test func `a renamed contact moves in the list of its business`() throws {
    let asking = try Asking(version: "v3")
    let base = "/contacts/business/\(asking.data.businessID(at: 3))?locationId=\(asking.location)&limit=100"
    let ids = asking.ids(try asking.get(base))
    _ = try asking.write("PUT", "/contacts/" + ids[0], #"{"firstName":"😀","lastName":"😀"}"#)
    #expect(asking.ids(try asking.get(base)) == Array(ids[1...]) + [ids[0]])
    #expect(asking.ids(try asking.get(base + "&startAfter=\(encoded("😀"))&startAfter=x")) == [ids[0]])
    #expect(asking.ids(try asking.get(base + "&startAfter=\(encoded("😀 😀"))&startAfter=" + ids[0])) == [])
    #expect(asking.ids(try asking.get(base + "&query=" + encoded("😀 😀"))) == [ids[0]])
  }

  @Test func `edits by people reach written contacts too`() throws {
    let asking = try Asking(contacts: 10)
    let path = "/contacts/" + asking.data.contactID(at: 2)
    _ = try asking.write("PUT", path, #"{"city":"Rome"}"#)
    let before = try #require(try asking.get(path)["contact"])
    #expect(asking.sandbox.location.edit(5) == [5])
    let after = try #require(try asking.get(path)["contact"])
    #expect(after["companyName"]?.stringValue == "Edited Company 1" && after["city"]?.stringValue == "Rome")
    #expect(try #require(after["dateUpdated"]?.stringValue) > #require(before["dateUpdated"]?.stringValue))
  }

  @Test func `identifiers and order go on after a deletion`() throws {
    let asking = try Asking(contacts: 0)
    let ids = try (0..<3).map { try #require(try asking.create(#""firstName":"N\#($0)""#)["id"]?.stringValue) }
    _ = try asking.write("DELETE", "/contacts/" + ids[2])
    let next = try #require(try asking.create(#""firstName":"N3""#)["id"]?.stringValue)
    #expect(!ids.contains(next))
    #expect(asking.ids(try asking.get("/contacts/?locationId=\(asking.location)")) == [next, ids[1], ids[0]])
    let first = try asking.get("/contacts/" + ids[0])["contact"]
    #expect(first?["dateAdded"]?.stringValue == "2023-11-14T22:13:20.000Z")
  }
}

extension Asking {
  struct Written {
    var status: Int
    var body: JSONValue
    var messages: [String] {
      body["message"]?.arrayValue?.compactMap(\.stringValue) ?? [body["message"]?.stringValue].compactMap(\.self)
    }
  }

  func write(_ method: String, _ path: String, _ body: String = "") throws -> Written {
    let answer = raw(method, path, body: body)
    return Written(status: answer.status, body: try JSONReader.read(answer.body))
  }

  /// - Returns: the contact in the answer.
  func create(_ members: String) throws -> JSONValue {
    let answer = try write("POST", "/contacts/", object(#""locationId":"\#(location)","# + members))
    guard answer.status == 201, let contact = answer.body["contact"] else { throw Refusal(answer.status, answer.body.text) }
    return contact
  }

  /// The contacts that a filter finds.
  func find(_ filter: String) throws -> [String] {
    ids(try post("/contacts/search", #"{"locationId":"\#(location)","pageLimit":100,"filters":[\#(filter)]}"#))
  }
}
