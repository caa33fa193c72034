import Core
import Testing

@testable import Sandbox

/// What a location that does or does not allow duplicate contacts makes of a second one.
@Suite struct DuplicateTests {
  static let ada = #""email":"ada@example.com","phone":"+14155550123""#

  @Test func `the location says whether it allows duplicates`() throws {
    for (faults, isAllowed) in [([], true), (["no-duplicates"], false)] {
      let asking = try Asking(contacts: 1, faults: faults)
      let settings = try asking.get("/locations/" + asking.location)["location"]?["settings"]
      #expect(settings?["allowDuplicateContact"] == .bool(isAllowed))
    }
  }

  @Test func `duplicates are created where they are allowed`() throws {
    let asking = try Asking(contacts: 0)
    let first = try asking.create(Self.ada)["id"]?.stringValue
    let second = try asking.create(Self.ada)["id"]?.stringValue
    #expect(first != second)
    let ids = try asking.find(#"{"field":"email","operator":"eq","value":"ada@example.com"}"#)
    #expect(Set(ids) == Set([first, second].compactMap(\.self)))
    let found = try asking.get("/contacts/search/duplicate?locationId=\(asking.location)&email=ada%40example.com")
    #expect(found["contact"]?["id"]?.stringValue == first)
  }

  @Test(
    arguments: [
      (#""email":"ada@example.com""#, "email"), (#""email":"ADA@example.COM""#, "email"),
      (#""phone":"+14155550123""#, "phone"), (#""phone":"(415) 555-0123""#, "phone"), (DuplicateTests.ada, "email"),
      (#""email":"other@example.com","phone":"+1 415 555 0123""#, "phone"), (#""email":"other@example.com""#, nil),
      (#""phone":"+14155550124""#, nil), (#""email":"","phone":"""#, nil), (#""firstName":"Ada""#, nil),
    ] as [(String, String?)])
  func `a create is refused with the contact that is there`(members: String, field: String?) throws {
    let asking = try Asking(contacts: 0, faults: ["no-duplicates"])
    let id = try #require(try asking.create(Self.ada)["id"]?.stringValue)
    let answer = try asking.write("POST", "/contacts/", asking.object(#""locationId":"\#(asking.location)","# + members))
    guard let field else {
      #expect(answer.status == 201)
      return
    }
    #expect(answer.status == 400)
    #expect(answer.body["statusCode"]?.intValue == 400 && answer.body["traceId"] != nil)
    #expect(answer.body["message"]?.stringValue == "This location does not allow duplicated contacts.")
    #expect(answer.body["meta"]?["contactId"]?.stringValue == id)
    #expect(answer.body["meta"]?["matchingField"]?.stringValue == field)
    #expect(asking.data.liveCount == 1)
  }

  @Test func `synthetic contacts are duplicates too, by additional addresses as well`() throws {
    let asking = try Asking(contacts: 1000, faults: ["no-duplicates"])
    let index = try #require((0..<1000).first { !asking.data.contact(at: $0).additionalEmails.isEmpty })
    let contact = asking.data.contact(at: index)
    for email in [try #require(contact.email), contact.additionalEmails[0]] {
      let answer = try asking.write(
        "POST", "/contacts/", #"{"locationId":"\#(asking.location)","email":"\#(email)"}"#)
      #expect(answer.status == 400 && answer.body["meta"]?["contactId"]?.stringValue == contact.id, "\(email)")
    }
    _ = try asking.write("DELETE", "/contacts/" + contact.id)
    #expect(try asking.create(#""email":"\#(contact.additionalEmails[0])""#)["id"]?.stringValue != contact.id)
  }

  @Test func `of many creates at once only one gets through`() async throws {
    let asking = try Asking(contacts: 0, faults: ["no-duplicates"])
    let statuses = await withTaskGroup(of: [Int].self) { group in
      for worker in 0..<4 {
        group.addTask {
          (0..<25).map { number in
            // Reads in between hold copies of the data.
            _ = asking.raw("GET", "/contacts/?locationId=\(asking.location)")
            let email = "c\(number)@example.com"
            return asking.raw(
              "POST", "/contacts/", body: #"{"locationId":"\#(asking.location)","email":"\#(email)","firstName":"\#(worker)"}"#
            ).status
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(statuses.count { $0 == 201 } == 25 && statuses.count { $0 == 400 } == 75)
    #expect(asking.data.liveCount == 25)
    #expect(Set(asking.ids(try asking.get("/contacts/?locationId=\(asking.location)&limit=100"))).count == 25)
  }

  @Test func `an update cannot take the identity of another contact, but can keep its own`() throws {
    let asking = try Asking(contacts: 0, faults: ["no-duplicates"])
    let ada = try #require(try asking.create(Self.ada)["id"]?.stringValue)
    let grace = try #require(try asking.create(#""email":"grace@example.com","phone":"+14155550199""#)["id"]?.stringValue)
    for (members, field) in [(#""email":"ada@example.com""#, "email"), (#""phone":"415-555-0123""#, "phone")] {
      let answer = try asking.write("PUT", "/contacts/" + grace, asking.object(members + #","city":"Rome""#))
      #expect(answer.status == 400)
      #expect(answer.body["meta"]?["contactId"]?.stringValue == ada)
      #expect(answer.body["meta"]?["matchingField"]?.stringValue == field)
    }
    #expect(try asking.get("/contacts/" + grace)["contact"]?["city"] == nil)
    #expect(try asking.write("PUT", "/contacts/" + ada, asking.object(Self.ada + #","city":"Rome""#)).status == 200)
    #expect(try asking.write("PUT", "/contacts/" + grace, #"{"city":"Rome"}"#).status == 200)
    // What was given up can be taken.
    #expect(try asking.write("PUT", "/contacts/" + ada, #"{"phone":null}"#).status == 200)
    #expect(try asking.write("PUT", "/contacts/" + grace, #"{"phone":"+14155550123"}"#).status == 200)
  }

  @Test func `the search for duplicates finds additional addresses unless told otherwise`() throws {
    for (faults, isFound) in [([], true), (["duplicate-primary-only"], false)] {
      let asking = try Asking(contacts: 1000, faults: faults)
      let contact = try #require((0..<1000).map(asking.data.contact(at:)).first { !$0.additionalEmails.isEmpty })
      let email = encoded(contact.additionalEmails[0])
      let found = try asking.get("/contacts/search/duplicate?locationId=\(asking.location)&email=\(email)")
      #expect(found["contact"]?["id"]?.stringValue == (isFound ? contact.id : nil))
    }
  }

  @Test(
    arguments: [
      (#""email":"a@example.com""#, []), (#""email":"a@example""#, ["email must be an email"]),
      (#""email":"a b@example.com""#, ["email must be an email"]), (#""email":"n/a""#, ["email must be an email"]),
      (#""email":"a@@example.com""#, ["email must be an email"]), (#""email":"@example.com""#, ["email must be an email"]),
      (#""phone":"call me""#, ["phone must be a valid phone number"]),
      (#""phone":"12345""#, ["phone must be a valid phone number"]),
      (#""phone":"+44 20 7946 0018""#, []), (#""email":null,"phone":"""#, []),
    ] as [(String, [String])])
  func `impossible values are refused with the switch only`(members: String, messages: [String]) throws {
    let strict = try Asking(contacts: 0, faults: ["strict-values"])
    let answer = try strict.write("POST", "/contacts/", strict.object(#""locationId":"\#(strict.location)","# + members))
    #expect(answer.status == (messages.isEmpty ? 201 : 422))
    if !messages.isEmpty { #expect(answer.messages == messages) }
    #expect(try Asking(contacts: 0).create(members)["id"] != nil)
  }
}
