import Core
import Testing

@testable import Sandbox

/// `POST /contacts/upsert`, with its traps.
@Suite struct UpsertTests {
  private func upsert(_ asking: Asking, _ members: String) throws -> Asking.Written {
    try asking.write("POST", "/contacts/upsert", asking.object(#""locationId":"\#(asking.location)","# + members))
  }

  private func id(_ written: Asking.Written) throws -> String { try #require(written.body["contact"]?["id"]?.stringValue) }

  @Test(arguments: ContactWriteTests.versions, [[], ["no-duplicates"]])
  func `it creates, then updates by either identity`(version: String, faults: [String]) throws {
    let asking = try Asking(contacts: 0, faults: faults, version: version)
    let first = try upsert(asking, DuplicateTests.ada + #","gender":"female","companyName":"Acme","tags":["a","b"]"#)
    #expect(first.status == 200 && first.body["new"] == .bool(true) && first.body["traceId"] != nil)
    let id = try id(first)
    for members in [#""email":"ADA@example.com""#, #""phone":"415 555 0123""#] {
      let again = try upsert(asking, members + #","city":"Rome","gender":"male","companyName":"Globex","tags":["c"]"#)
      #expect(again.status == 200 && again.body["new"] == .bool(false))
      #expect(try self.id(again) == id)
      let contact = try asking.get("/contacts/" + id)["contact"]
      #expect(again.body["contact"] == contact)
      #expect(contact?["city"]?.stringValue == "Rome" && contact?["companyName"]?.stringValue == "Globex")
      #expect(contact?["gender"]?.stringValue == "female", "gender is dropped on contacts that exist")
      #expect(contact?["tags"] == .array([.string("c")]), "tags are replaced")
    }
    #expect(asking.data.liveCount == 1)
  }

  @Test func `the phone of another contact is silently ignored`() throws {
    let asking = try Asking(contacts: 0)
    let ada = try id(try upsert(asking, #""email":"ada@example.com","phone":"+14155550100""#))
    let grace = try id(try upsert(asking, #""email":"grace@example.com","phone":"+14155550199""#))
    let both = try upsert(asking, #""email":"ada@example.com","phone":"+14155550199","city":"Rome""#)
    #expect(try id(both) == ada)
    #expect(both.body["contact"]?["phone"]?.stringValue == "+14155550100")
    #expect(both.body["contact"]?["city"]?.stringValue == "Rome")
    #expect(try asking.get("/contacts/" + grace)["contact"]?["city"] == nil)
    // A phone that nobody has is stored.
    let new = try upsert(asking, #""email":"ada@example.com","phone":"+14155550177""#)
    #expect(new.body["contact"]?["phone"]?.stringValue == "+14155550177")
  }

  @Test func `the phone of another contact is ignored in whichever form it was sent`() throws {
    let asking = try Asking(contacts: 0)
    let ada = try id(try upsert(asking, #""email":"ada@example.com","phone":"+447911000000","country":"GB""#))
    let grace = try id(try upsert(asking, #""email":"grace@example.com","phone":"+447911123456","country":"GB""#))
    // Read as a number of the contact's country, it is that of the other contact.
    let both = try upsert(asking, #""email":"ada@example.com","phone":"07911 123456","city":"Leeds""#)
    #expect(try id(both) == ada)
    #expect(both.body["contact"]?["phone"]?.stringValue == "+447911000000")
    #expect(both.body["contact"]?["city"]?.stringValue == "Leeds")
    #expect(try asking.get("/contacts/" + grace)["contact"]?["phone"]?.stringValue == "+447911123456")
    // Nobody has this one.
    let new = try upsert(asking, #""email":"ada@example.com","phone":"07911 777777""#)
    #expect(new.body["contact"]?["phone"]?.stringValue == "+447911777777")
  }

  @Test func `an additional address becomes the primary one, which is lost`() throws {
    let asking = try Asking(contacts: 1000)
    let contact = try #require(
      (0..<1000).map(asking.data.contact(at:)).first { !$0.additionalEmails.isEmpty && $0.additionalPhones.isEmpty })
    let answer = try upsert(asking, #""email":"\#(contact.additionalEmails[0])""#)
    #expect(answer.body["new"] == .bool(false))
    #expect(try id(answer) == contact.id)
    let after = try asking.get("/contacts/" + contact.id)["contact"]
    #expect(after?["email"]?.stringValue == contact.additionalEmails[0])
    #expect(after?["additionalEmails"] == .array([]))
    let email = try #require(contact.email)
    #expect(!(try asking.find(#"{"field":"email","operator":"eq","value":"\#(email)"}"#)).contains(contact.id))
  }

  @Test func `an upsert can be refused and carried out, or lose a member`() throws {
    let refused = try Asking(contacts: 0, faults: ["422-created=1"])
    #expect(try upsert(refused, DuplicateTests.ada).status == 422)
    #expect(refused.data.liveCount == 1)
    let lossy = try Asking(contacts: 0, faults: ["discard=1"])
    let answer = try upsert(lossy, DuplicateTests.ada + #","city":"Rome""#)
    let contact = try lossy.get("/contacts/" + id(answer))["contact"]
    #expect(contact?["email"]?.stringValue == "ada@example.com" && contact?["city"] == nil)
  }

  @Test func `a duplicate is created only where it is asked for and allowed`() throws {
    for (faults, isNew) in [([], true), (["no-duplicates"], false)] {
      let asking = try Asking(contacts: 0, faults: faults)
      let first = try upsert(asking, DuplicateTests.ada)
      let second = try upsert(asking, DuplicateTests.ada + #","createNewIfDuplicateAllowed":true"#)
      #expect(second.body["new"] == .bool(isNew))
      let isAnother = try id(first) != id(second)
      #expect(isAnother == isNew)
    }
  }

  @Test(arguments: [#""firstName":"Ada""#, #""email":"","phone":"""#, #""email":null"#])
  func `it needs an e-mail or a phone`(members: String) throws {
    let asking = try Asking(contacts: 0)
    #expect(try upsert(asking, members).status == 400)
    #expect(asking.data.liveCount == 0)
  }
}
