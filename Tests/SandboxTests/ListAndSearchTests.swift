import Core
import Testing

@testable import Sandbox

@Suite struct ListAndSearchTests {
  @Test(arguments: ["2021-07-28", "v3"])
  func theListWalksAllContactsNewestFirst(version: String) throws {
    let asking = try Asking(version: version)
    var ids: [String] = []
    var cursor = ""
    var pages = 0
    while true {
      let page = try asking.get("/contacts/?locationId=\(asking.location)&limit=70" + cursor)
      let found = asking.ids(page)
      if found.isEmpty { break }
      ids += found
      pages += 1
      let meta = page["meta"]
      #expect(meta?["total"]?.intValue == 300)
      #expect(meta?["currentPage"]?.intValue == pages)
      #expect(page["count"] == nil)
      cursor = "&startAfter=\(meta?["startAfter"]?.intValue ?? 0)&startAfterId=\(meta?["startAfterId"]?.stringValue ?? "")"
    }
    #expect(ids == (0..<300).reversed().map { asking.data.contactID(at: asking.data.contact(arrivedAs: $0)) })
    #expect(pages == 5)
  }

  @Test func halfACursorGivesTheFirstPageAgain() throws {
    let asking = try Asking()
    let base = "/contacts/?locationId=\(asking.location)&limit=10"
    let first = try asking.get(base)
    let time = try #require(first["meta"]?["startAfter"]?.intValue)
    #expect(asking.ids(try asking.get(base + "&startAfter=\(time)")) == asking.ids(first))
  }

  @Test func searchRefusesABodyWithoutItsRequiredMembers() throws {
    let asking = try Asking()
    let answer = asking.raw("POST", "/contacts/search", body: "{}")
    #expect(answer.status == 422)
    let messages = try JSONReader.read(answer.body)["message"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(messages.contains { $0.contains("locationId") } && messages.contains { $0.contains("pageLimit") })
    #expect(asking.raw("POST", "/contacts/search", body: "{\"locationId\":\"x\",\"pageLimit\":10}").status == 403)
    #expect(asking.raw("POST", "/contacts/search", body: "{").status == 400)
    #expect(asking.raw("POST", "/contacts/search", body: body(asking, "\"page\":1,\"searchAfter\":[1,\"a\"]")).status == 422)
  }

  private func body(_ asking: Asking, _ members: String = "", limit: Int = 50) -> String {
    "{\"locationId\":\"\(asking.location)\",\"pageLimit\":\(limit)" + (members.isEmpty ? "" : "," + members) + "}"
  }

  private func walk(_ asking: Asking, _ members: String) throws -> [String] {
    var ids: [String] = []
    var cursor = ""
    while true {
      let page = try asking.post("/contacts/search", body(asking, members + cursor))
      let found = asking.contacts(page)
      guard let last = found.last else { break }
      ids += asking.ids(page)
      let prefix = members.isEmpty ? "" : ","
      cursor = prefix + "\"searchAfter\":" + (last["searchAfter"]?.text ?? "")
      try #require(ids.count <= 300)
    }
    return ids
  }

  @Test(arguments: [
    "", #""sort":[{"field":"dateAdded","direction":"asc"}]"#, #""sort":[{"field":"email","direction":"asc"}]"#,
    #""sort":[{"field":"dnd","direction":"desc"}]"#,
    #""sort":[{"field":"source","direction":"asc"},{"field":"dateUpdated","direction":"desc"}]"#,
    #""sort":[{"field":"lastNameLowerCase","direction":"desc"}]"#,
  ])
  func theCursorOfASearchWalksAllContactsOnce(members: String) throws {
    let asking = try Asking()
    let ids = try walk(asking, members)
    #expect(ids.count == 300)
    #expect(Set(ids).count == 300)
  }

  @Test func pagesAndCursorsGiveTheSameOrder() throws {
    let asking = try Asking()
    var ids: [String] = []
    for page in 1... {
      let found = asking.ids(try asking.post("/contacts/search", body(asking, "\"page\":\(page)")))
      if found.isEmpty { break }
      ids += found
    }
    #expect(ids == (try walk(asking, "")))
  }

  @Test func pagesEndAtTheWallAndCursorsDoNot() throws {
    let asking = try Asking(contacts: 10_200)
    let full = try asking.post("/contacts/search", body(asking, "\"page\":100", limit: 100))
    #expect(asking.contacts(full).count == 100)
    let refused = asking.raw("POST", "/contacts/search", body: body(asking, "\"page\":101", limit: 100))
    #expect(refused.status == 400)
    let cursor = try #require(asking.contacts(full).last?["searchAfter"]?.text)
    #expect(
      asking.contacts(try asking.post("/contacts/search", body(asking, "\"searchAfter\":" + cursor, limit: 100))).count == 100)
    let silent = try Asking(contacts: 10_200, faults: ["wall-empty"])
    #expect(silent.contacts(try silent.post("/contacts/search", body(silent, "\"page\":101", limit: 100))).isEmpty)
  }

  @Test func skipEndsAtTheSameWall() throws {
    let asking = try Asking(contacts: 40_000, businesses: 2)
    let base = "/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=100&skip="
    #expect(asking.contacts(try asking.get(base + "9900")).count == 100)
    #expect(asking.raw("GET", base + "10000").status == 400)
    let open = try Asking(contacts: 40_000, businesses: 2, faults: ["no-wall"])
    #expect(open.contacts(try open.get(base + "10000")).count == 100)
  }

  @Test(arguments: [
    (#"{"field":"email","operator":"eq","value":"$"}"#, "email"),
    (#"{"field":"phone","operator":"contains","value":"$"}"#, "phone"),
    (#"{"group":"OR","filters":[{"field":"country","operator":"eq","value":"$"}]}"#, "country"),
    (#"{"field":"dateAdded","operator":"range","value":{"gte":"$","lte":"$"}}"#, "dateAdded"),
    (#"{"field":"id","operator":"eq","value":"$"}"#, "id"),
  ])
  func filtersFindTheRecordThatTheyDescribe(filter: String, member: String) throws {
    let asking = try Asking()
    let page = try asking.post("/contacts/search", body(asking, limit: 50))
    let contact = try #require(asking.contacts(page).first { $0[member]?.stringValue?.isEmpty == false })
    let value = try #require(contact[member]?.stringValue)
    let found = try asking.post("/contacts/search", body(asking, "\"filters\":[" + filter.replacing("$", with: value) + "]"))
    #expect(asking.ids(found).contains(try #require(contact["id"]?.stringValue)))
    #expect(try #require(found["total"]?.intValue) < 300)
    #expect(asking.contacts(found).allSatisfy { $0[member]?.stringValue?.lowercased().contains(value.lowercased()) == true })
  }

  @Test func existsAndItsOppositeShareAllContacts() throws {
    let asking = try Asking()
    func total(_ filter: String) throws -> Int {
      try asking.post("/contacts/search", body(asking, "\"filters\":[" + filter + "]"))["total"]?.intValue ?? -1
    }
    let with = try total(#"{"field":"tags","operator":"exists"}"#)
    let without = try total(#"{"field":"tags","operator":"not_exists"}"#)
    #expect(with > 0 && without > 0 && with + without == 300)
    let field = try #require(asking.data.customFieldDefinitions.first { $0.key == "contact.plan" })
    #expect(try total("{\"field\":\"customFields.\(field.id)\",\"operator\":\"eq\",\"value\":\"Pro\"}") > 0)
  }

  @Test func wrongFiltersAndSortsAreRefused() throws {
    let asking = try Asking()
    for members in [
      #""filters":[{"field":"contact_name","operator":"eq","value":"a"}]"#,
      #""filters":[{"field":"email","operator":"contains","value":"a"}]"#,
      #""filters":[{"field":"phone","operator":"like","value":"a"}]"#, #""sort":[{"field":"phone","direction":"asc"}]"#,
      #""searchAfter":[1,"x"]"#,
    ] {
      #expect(asking.raw("POST", "/contacts/search", body: body(asking, members)).status == 400, "\(members)")
    }
    let answer = try asking.post(
      "/contacts/search", body(asking, #""filters":[{"field":"contact_name","operator":"eq","value":"a"}]"#))
    #expect(answer["message"]?.stringValue == "Invalid field contact_name")
    #expect(answer["error"]?.stringValue == "Bad Request")
  }

  @Test func aTextIsSearchedInNameEmailAndPhone() throws {
    let asking = try Asking()
    let page = try asking.post("/contacts/search", body(asking, "\"query\":\"smith\""))
    let total = try #require(page["total"]?.intValue)
    #expect(total > 0 && total < 100)
    let list = try asking.get("/contacts/?locationId=\(asking.location)&query=smith&limit=100")
    #expect(list["meta"]?["total"]?.intValue == total)
  }
}
