import Core
import Testing

@testable import Sandbox

@Suite struct RouteTests {
  static let versions = ["2021-07-28", "v3"]

  @Test(arguments: versions)
  func theBusinessListIsComplete(version: String) throws {
    let asking = try Asking(businesses: 7, version: version)
    let all = try asking.get("/businesses/?locationId=\(asking.location)")["businesses"]?.arrayValue ?? []
    #expect(all.compactMap { $0["id"]?.stringValue } == (0..<7).map(asking.data.businessID(at:)))
    let part = try asking.get("/businesses/?locationId=\(asking.location)&limit=2&skip=5")["businesses"]?.arrayValue
    #expect(part?.count == 2)
    let one = try asking.get("/businesses/" + asking.data.businessID(at: 3))["business"]
    #expect(one == all[3])
  }

  @Test(arguments: versions)
  func pagesOfABusinessHoldEachMemberOnce(version: String) throws {
    let asking = try Asking(version: version)
    for business in 0..<4 {
      var ids: [String] = []
      while true {
        let page = try asking.get(
          "/contacts/business/\(asking.data.businessID(at: business))?locationId=\(asking.location)&limit=40&skip=\(ids.count)")
        #expect(page["count"]?.intValue == asking.data.members(ofBusiness: business).count)
        let found = asking.ids(page)
        if found.isEmpty { break }
        ids += found
      }
      #expect(ids == asking.data.ids(asking.data.members(ofBusiness: business)))
    }
  }

  @Test(arguments: [true, false])
  func theCursorOfV3WalksABusiness(repeatedKeys: Bool) throws {
    let asking = try Asking(version: "v3")
    let members = asking.data.members(ofBusiness: 0)
    var ids: [String] = []
    var cursor = ""
    while true {
      let page = try asking.get(
        "/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=30" + cursor)
      let found = asking.ids(page)
      guard let last = found.last, let index = asking.data.contactIndex(last) else { break }
      ids += found
      let name = encoded(asking.data.sortName(at: index))
      cursor = repeatedKeys ? "&startAfter=\(name)&startAfter=\(last)" : "&startAfter=\(name)%2C\(last)"
    }
    #expect(ids == asking.data.ids(members))
  }

  @Test func theCursorTakesTheNameThatTheRecordShows() throws {
    let asking = try Asking(contacts: 3000, businesses: 1, version: "v3")
    let base = "/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=1"
    let odd = (0..<2800).filter { index in
      let contact = asking.data.contact(at: index)
      return contact.name?.lowercased() != contact.sortName
    }
    #expect(odd.count > 20)
    for index in odd {
      let name = encoded(asking.data.contact(at: index).name ?? "")
      let page = try asking.get(base + "&startAfter=\(name)&startAfter=\(asking.data.contactID(at: index))")
      #expect(asking.ids(page) == [asking.data.contactID(at: index + 1)])
    }
  }

  @Test func anEmptyNameInTheCursorStartsAgain() throws {
    let asking = try Asking(version: "v3")
    let base = "/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=10"
    let first = asking.ids(try asking.get(base))
    let index = try #require(first.last.flatMap(asking.data.contactIndex))
    #expect(asking.data.contact(at: index).name != nil)
    #expect(asking.ids(try asking.get(base + "&startAfter=&startAfter=" + first[9])) == first)
  }

  @Test func aSlimContactHasTheTwelveMembersOnly() throws {
    let asking = try Asking()
    let declared: Set = [
      "id", "locationId", "email", "timezone", "country", "source", "dateAdded", "customFields", "tags", "businessId",
      "attributions",
      "followers",
    ]
    let page = try asking.get("/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=100")
    let names = Set(asking.contacts(page).flatMap { $0.objectValue ?? [] }.map(\.name))
    #expect(names == declared)
    let named = try Asking(faults: ["names-in-list"])
    let other = try named.get("/contacts/business/\(named.data.businessID(at: 0))?locationId=\(named.location)&limit=100")
    #expect(Set(named.contacts(other).flatMap { $0.objectValue ?? [] }.map(\.name)).contains("firstName"))
  }

  @Test(arguments: versions)
  func aContactIsTheOneOfTheData(version: String) throws {
    let asking = try Asking(version: version)
    for index in [0, 5, 299] {
      let json = try asking.get("/contacts/" + asking.data.contactID(at: index))["contact"]
      #expect(json == (try JSONReader.read(asking.data.contactJSON(at: index, generation: version == "v3" ? .v3 : .dated))))
    }
  }

  @Test func channelsAreNamedByGeneration() throws {
    func names(_ version: String) throws -> Set<String> {
      let asking = try Asking(version: version)
      return Set(
        try (0..<100).flatMap { index in
          try asking.get("/contacts/" + asking.data.contactID(at: index))["contact"]?["dndSettings"]?.objectValue ?? []
        }.map(\.name))
    }
    #expect(try names("2021-07-28").isSuperset(of: ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"]))
    #expect(try names("v3").isSuperset(of: ["call", "email", "sms", "whatsApp", "gmb", "fb"]))
  }

  @Test(arguments: versions)
  func whatHangsUnderAContactIsTheDataOfTheSeed(version: String) throws {
    let asking = try Asking(version: version)
    var met = [0, 0, 0]
    for index in 0..<60 {
      let base = "/contacts/" + asking.data.contactID(at: index)
      let tasks = try asking.get(base + "/tasks")["tasks"]?.arrayValue ?? []
      #expect(tasks.map { $0["id"]?.stringValue } == asking.data.tasks(of: index).map(\.id))
      if let task = tasks.first, let id = task["id"]?.stringValue {
        #expect(try asking.get(base + "/tasks/" + id)["task"] == task)
      }
      let notes = try asking.get(base + "/notes")["notes"]?.arrayValue ?? []
      #expect(notes.map { $0["body"]?.stringValue } == asking.data.notes(of: index).map(\.body))
      if let note = notes.first, let id = note["id"]?.stringValue {
        #expect(try asking.get(base + "/notes/" + id)["note"] == note)
      }
      let events = try asking.get(base + "/appointments")["events"]?.arrayValue ?? []
      #expect(events.map { $0["startTime"]?.stringValue } == asking.data.appointments(of: index).map(\.startText))
      if let id = events.first?["id"]?.stringValue {
        let event = try asking.get("/calendars/events/appointments/" + id)["event"]
        #expect(event?["startTime"]?.stringValue?.contains("T") == true)
        #expect(event?["contactId"]?.stringValue == asking.data.contactID(at: index))
      }
      met = [met[0] + tasks.count, met[1] + notes.count, met[2] + events.count]
    }
    #expect(met.allSatisfy { $0 > 0 })
  }

  @Test(arguments: versions)
  func tasksOfABusinessAreFoundInPages(version: String) throws {
    let asking = try Asking(version: version)
    let expected = asking.data.members(ofBusiness: 1).flatMap { asking.data.tasks(of: $0) }.map(\.id)
    var found: [String] = []
    while true {
      let page =
        try asking.post(
          "/locations/\(asking.location)/tasks/search",
          "{\"businessId\":\"\(asking.data.businessID(at: 1))\",\"limit\":20,\"skip\":\(found.count)}")["tasks"]?.arrayValue ?? []
      if page.isEmpty { break }
      found += page.compactMap { $0["id"]?.stringValue }
    }
    #expect(found == expected)
  }

  @Test func tasksAreFilteredByTheirMembers() throws {
    let asking = try Asking()
    let tasks = (0..<300).flatMap { asking.data.tasks(of: $0) }
    func search(_ members: String) throws -> [String] {
      let body = "{\"limit\":100," + members + "}"
      let found = try asking.post("/locations/\(asking.location)/tasks/search", body)["tasks"]?.arrayValue ?? []
      return found.compactMap { $0["id"]?.stringValue }
    }
    #expect(try search("\"completed\":true") == tasks.filter(\.completed).prefix(100).map(\.id))
    let user = asking.data.userID(at: 2)
    #expect(try search("\"assignedTo\":[\"\(user)\"]") == tasks.filter { $0.assignedTo == user }.prefix(100).map(\.id))
    let contact = try #require(tasks.first?.contactID)
    #expect(try search("\"contactId\":[\"\(contact)\"]") == tasks.filter { $0.contactID == contact }.map(\.id))
    #expect(try search("\"query\":\"rückruf\"") == tasks.filter { $0.title.hasPrefix("Rückruf") }.prefix(100).map(\.id))
  }

  @Test func calendarEventsAreThoseOfTheirTimeAndUser() throws {
    let asking = try Asking()
    let user = asking.data.userID(at: 1)
    let all = (0..<300).flatMap { asking.data.appointments(of: $0) }.filter { $0.assignedUserID == user }
    let events = try asking.get(
      "/calendars/events?locationId=\(asking.location)&startTime=0&endTime=4000000000000&userId=\(user)")["events"]?.arrayValue
    #expect(Set(events?.compactMap { $0["id"]?.stringValue } ?? []) == Set(all.map(\.id)))
    #expect(asking.raw("GET", "/calendars/events?locationId=\(asking.location)&startTime=0&endTime=1").status == 422)
  }

  @Test func usersTagsFieldsAndTheLocationAreThere() throws {
    let asking = try Asking()
    let users = try asking.get("/users/search?companyId=\(asking.data.companyID)&locationId=\(asking.location)&limit=4&skip=6")
    #expect(users["users"]?.arrayValue?.count == 3)
    #expect(users["count"]?.intValue == 9)
    #expect(asking.raw("GET", "/users/search").status == 422)
    #expect(try asking.get("/locations/\(asking.location)/tags")["tags"]?.arrayValue?.count == SyntheticData.tagNames.count)
    let fields = try asking.get("/locations/\(asking.location)/customFields?model=contact")["customFields"]?.arrayValue ?? []
    #expect(fields.count == 14)
    #expect(fields.allSatisfy { $0["fieldKey"]?.stringValue?.hasPrefix("contact.") == true })
    #expect(asking.raw("GET", "/locations/\(asking.location)/customFields?model=x").status == 422)
    #expect(try asking.get("/locations/\(asking.location)")["location"]?["timezone"]?.stringValue == "America/New_York")
  }

  @Test func duplicatesAreFoundByEmailAndByPhone() throws {
    let asking = try Asking()
    let base = "/contacts/search/duplicate?locationId=\(asking.location)"
    let index = try #require(
      (0..<300).first { asking.data.email(at: $0)?.contains("@mail") == true && asking.data.phone(at: $0) != nil })
    let contact = asking.data.contact(at: index)
    let byEmail = try asking.get(base + "&email=" + encoded(contact.email ?? ""))
    #expect(byEmail["contact"]?["email"]?.stringValue?.lowercased() == contact.email?.lowercased())
    let byPhone = try asking.get(base + "&number=" + encoded(contact.phone ?? ""))
    #expect(byPhone["contact"]?["phone"]?.stringValue == contact.phone)
    #expect(try asking.get(base + "&email=nobody%40example.com")["contact"] == .null)
    #expect(try asking.get(base)["message"]?.stringValue == "Pass at least one of number, email query parameter")
  }
}

func encoded(_ text: String) -> String {
  let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
  return text.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : "%" + Hexadecimal.text(UInt64($0), digits: 2) }.joined()
}
