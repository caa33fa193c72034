import Control
import Core
import GHL
import HTTP
import TestSupport
import Testing

@testable import Load
@testable import Sandbox

/// What GHL does that loses data elsewhere, and what Waybill does: contacts.
@Suite struct TrapTests {
  static let generations: [GHLVersions.Generation] = [.dated, .v3]
  static let ann = #"{"key":"k1","firstName":"Ann","lastName":"Lee","email":"ann@x.io","phone":"+14155550101"}"#

  // MARK: Tags

  @Test(arguments: generations)
  func `a change replaces tags only where the pipeline says so`(generation: GHLVersions.Generation) async throws {
    for replaces in [true, false] {
      let bench = try GHLBench(generation) { $0.replacesTags = replaces }
      let id = try bench.create(#""email":"ann@x.io","tags":["theirs"]"#)
      let result = try await bench.load([#"{"key":"k1","email":"ann@x.io","city":"Rome","tags":["ours"]}"#])
      #expect(result.words == ["updated"])
      #expect(try bench.contact(id)?["tags"]?.text == (replaces ? #"["ours"]"# : #"["theirs"]"#))
      #expect(result.codes == (replaces ? [] : ["not-applied"]))
    }
  }

  // MARK: Strict bodies

  @Test(arguments: generations, [GHLPartDocument.Write.create, .upsert])
  func `every body is taken by the strict sandbox`(generation: GHLVersions.Generation, write: GHLPartDocument.Write) async throws
  {
    let bench = try GHLBench(generation) { ($0.write, $0.replacesTags) = (write, true) }
    let user = bench.sandbox.data.userID(at: 1)
    func record(_ city: String) -> String {
      #"""
      {"key":"k1","firstName":"Ann","lastName":"Lee","email":"Ann@x.io","phone":"+1 415-555-0101","gender":"female",
      "address1":"1 Main St","city":"\#(city)","state":"CA","postalCode":"94016","country":"US","website":"https://x.io",
      "timezone":"America/Los_Angeles","dnd":true,"dndSettings":{"Email":{"status":"active"}},"tags":["B","a"],
      "source":"crm","dateOfBirth":"1990-09-25","companyName":"Acme","assignedTo":"\#(user)","ssn":"1","additionalEmails":["b@x.io"],
      "customFields":{"job_title":"CEO","employees":12,"interests":["Training"],"renewal_date":"2027-01-31"}}
      """#.replacing("\n", with: "")
    }
    #expect(try await bench.load([record("Rome")]).words == ["created"])
    #expect(try await bench.load([record("Rome")]).words == ["unchanged"])
    let changed = try await bench.load([record("Oslo")])
    #expect(changed.words == ["updated"])
    #expect(changed.codes.isEmpty)
    // GHL does not take some of them, so they never leave.
    #expect(bench.statistics.byStatus[422] == nil)
    #expect(bench.writes.allSatisfy { $0.body?["additionalEmails"] == nil && $0.body?["ssn"] == nil && $0.body?["key"] == nil })
    #expect(try bench.values("city") == ["Oslo"])
    let contacts = try bench.contacts()
    let contact = try #require(contacts.first)
    #expect(try bench.custom("employees", of: contact) == .number("12"))
    #expect(try bench.custom("interests", of: contact)?.text == #"["Training"]"#)
  }

  @Test func `a 422 list is one line for each field`() async throws {
    let bench = try GHLBench()
    let body = #"{"statusCode":422,"message":["city should not exist","email must be an email"],"error":"Unprocessable Entity"}"#
    bench.api.setScript { $0.isWrite ? .respond(422, body) : nil }
    let result = try await bench.load([#"{"key":"k1","email":"ann","city":"Rome"}"#])
    #expect(result.words == ["failed"] && result.codes == ["destination-refused", "destination-refused"])
    #expect(Set(result.problems.map(\.column)) == [1, 2] && bench.writes.count == 1)
  }

  // MARK: Duplicates

  @Test(arguments: [nil, ConflictDocument.Then.update, .adopt, .reject])
  func `a duplicate that GHL finds becomes what the pipeline says`(existing: ConflictDocument.Then?) async throws {
    for field in [#""email":"ann@x.io""#, #""phone":"+14155550101""#] {
      let bench = try GHLBench(faults: ["no-duplicates"]) { $0.existing = existing }
      // Somebody creates it between the lookup and the create.
      bench.api.once(.first { _ = try? bench.create(#""city":"Oslo",\#(field)"#) }) { $0.isCreate }
      let result = try await bench.load([#"{"key":"k1","city":"Rome",\#(field)}"#])
      let outcome = [ConflictDocument.Then.adopt: "unchanged", .reject: "failed"][existing ?? .update] ?? "updated"
      #expect(result.words == [outcome])
      #expect(result.codes == (existing == .reject ? ["already-exists"] : []))
      #expect(try bench.values("city") == [existing == nil || existing == .update ? "Rome" : "Oslo"])
      if existing != .reject {
        #expect(try await bench.load([#"{"key":"k1","city":"Rome",\#(field)}"#]).words == ["unchanged"])
      }
    }
  }

  @Test func `of two records with one e-mail address, the second one fails where the location allows one contact`() async throws {
    let bench = try GHLBench(faults: ["no-duplicates"])
    let records = [Self.ann, #"{"key":"k2","firstName":"Bob","email":"ANN@x.io"}"#]
    for run in 0..<2 {
      let result = try await bench.load(records)
      #expect(result.words == [run == 0 ? "created" : "unchanged", "failed"] && result.codes == ["already-exists"])
      #expect(try bench.values("firstName") == ["Ann"])
    }
  }

  @Test func `a change to the phone of another contact fails, and changes nothing`() async throws {
    let bench = try GHLBench(faults: ["no-duplicates"])
    let id = try bench.create(#""firstName":"Bob","phone":"+14155550102""#)
    try await bench.load([Self.ann])
    let changed = Self.ann.replacing("0101", with: "0102").replacing("Lee", with: "Roe")
    for _ in 0..<2 {
      let result = try await bench.load([changed])
      #expect(result.words == ["failed"] && result.codes == ["conflict-not-ours"])
      #expect(result.problems.first?.detail.contains(id) == true && result.problems.first?.detail.contains("phone") == true)
      #expect(try bench.values("lastName") == ["-", "Lee"])
    }
    #expect(bench.writes.count { $0.method == "PUT" } == 2)
  }

  // MARK: Creates that are lost, or refused and carried out

  static let identities = [
    #""email":"ann@x.io""#, #""phone":"+14155550101""#, #""email":"ann@x.io","phone":"+14155550101""#,
    #""firstName":"Ann","lastName":"Lee""#, #""firstName":" Ann","lastName":"Lee\u00a0""#, #""companyName":"Acme""#,
  ]

  @Test(arguments: identities, [GHLPartDocument.Write.create, .upsert])
  func `a 422 that created is one contact, and created`(identity: String, write: GHLPartDocument.Write) async throws {
    let bench = try GHLBench(faults: ["422-created=1", "search-lag=5"]) { $0.write = write }
    let result = try await bench.load([#"{"key":"k1","city":"Rome",\#(identity)}"#])
    #expect(result.words == ["created"] && result.codes.isEmpty)
    #expect(try bench.values("city") == ["Rome"] && bench.writes.count == 1)
    #expect(try await bench.load([#"{"key":"k1","city":"Rome",\#(identity)}"#]).words == ["unchanged"])
  }

  @Test(arguments: identities) func `a real 422 is refused once, and sent once`(identity: String) async throws {
    let bench = try GHLBench(faults: ["search-lag=5"])
    bench.api.setScript {
      $0.isWrite ? .respond(422, #"{"statusCode":422,"message":["no"],"error":"Unprocessable Entity"}"#) : nil
    }
    let result = try await bench.load([#"{"key":"k1",\#(identity)}"#])
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"] && bench.writes.count == 1)
    #expect(try bench.contacts().isEmpty)
  }

  @Test(arguments: identities, [GHLPartDocument.Write.create, .upsert])
  func `a create without a response is one contact`(identity: String, write: GHLPartDocument.Write) async throws {
    for isDone in [true, false] {
      let bench = try GHLBench(faults: ["search-lag=5"]) { $0.write = write }
      bench.api.once(isDone ? .lostAfter : .lostBefore) { $0.isCreate }
      let result = try await bench.load([#"{"key":"k1","city":"Rome",\#(identity)}"#])
      #expect(result.words == ["created"] && result.codes.isEmpty)
      #expect(try bench.values("city") == ["Rome"])
    }
  }

  @Test(arguments: identities, KillPoint.allCases)
  func `a create of a process that dies is one contact`(identity: String, point: KillPoint) async throws {
    let bench = try GHLBench(faults: ["search-lag=5"])
    let record = #"{"key":"k1","city":"Rome",\#(identity)}"#
    let process = DyingProcess(at: point, of: 1)
    _ = try? await bench.load([record], by: process)
    #expect(process.isDead)
    let result = try await bench.load([record])
    #expect(["created", "unchanged"].contains(result.words.first ?? ""))
    #expect(try bench.values("city") == ["Rome"])
    #expect(try await bench.load([record]).words == ["unchanged"])
  }

  @Test func `twins without an address are as many contacts, whatever happens to their creates`() async throws {
    for fault in [nil, "422-created=1", "timeout-after=0.5", "5xx-after=0.5"] {
      let bench = try GHLBench(faults: [fault, "search-lag=5"].compactMap(\.self))
      let twins = (0..<4).map { #"{"key":"k\#($0)","firstName":"Ann","lastName":"Lee"}"# }
      let first = try await bench.load(twins)
      #expect(first.words == twins.map { _ in "created" }, "\(fault ?? "none")")
      #expect(try bench.contacts().count == 4)
      #expect(try await bench.load(twins).words == twins.map { _ in "unchanged" })
    }
  }

  @Test func `a lost journal takes over contacts by what identifies them, or by their contents`() async throws {
    let bench = try GHLBench()
    let records = Self.identities.enumerated().map { #"{"key":"k\#($0)","city":"Rome \#($0)",\#($1)}"# }
    try await bench.load([records[0], records[1], records[3], records[4]])
    let result = try await bench.withEmptyJournal().load([records[0], records[1], records[3], records[4]])
    #expect(result.words == ["unchanged", "unchanged", "unchanged", "unchanged"] && result.codes.isEmpty)
    #expect(try bench.contacts().count == 4)
  }

  // MARK: Finding

  @Test func `an e-mail address and a phone of different contacts fail, and nothing is written`() async throws {
    let bench = try GHLBench()
    let ids = [try bench.create(#""email":"ann@x.io""#), try bench.create(#""phone":"+14155550101""#)]
    let result = try await bench.load([Self.ann])
    #expect(result.words == ["failed"] && result.codes == ["identity-split"] && bench.writes.isEmpty)
    #expect(ids.allSatisfy { result.problems.first?.detail.contains($0) == true })
  }

  @Test(arguments: [[], ["422-created=0.3"], ["timeout-after=0.3", "5xx=0.1"], ["search-lag=5", "422-created=1"]])
  func `three records with one e-mail address are three contacts where the location allows that`(faults: [String]) async throws {
    let bench = try GHLBench(faults: faults)
    let records = (0..<3).map { #"{"key":"k\#($0)","firstName":"Ann \#($0)","email":"ann@x.io"}"# }
    for _ in 0..<3 { _ = try await bench.load(records) }
    #expect(try await bench.load(records).words == ["unchanged", "unchanged", "unchanged"])
    #expect(try bench.values("firstName").sorted() == ["Ann 0", "Ann 1", "Ann 2"])
    // With an empty journal, each takes over its own.
    let result = try await bench.withEmptyJournal().load(records)
    #expect(result.words == ["unchanged", "unchanged", "unchanged"] && result.codes.isEmpty)
  }

  @Test func `without a match, existing contacts are never taken over`() async throws {
    for fault in [SandboxTransport.Fault.lostAfter, .lostBefore] {
      let bench = try GHLBench(age: .seconds(3_600)) { $0.match = [] }
      try bench.create(#""firstName":"Old","email":"ann@x.io""#)
      bench.timekeeper.advance(by: .seconds(3_600))
      bench.api.once(fault) { $0.isCreate }
      let result = try await bench.load([Self.ann])
      #expect(result.words == ["created"])
      #expect(try bench.values("firstName") == ["Old", "Ann"])
    }
  }

  @Test func `a contact is found among 300 with one phone`() async throws {
    let bench = try GHLBench()
    for number in 0..<300 { try bench.create(#""firstName":"P\#(number)","phone":"+14155550101""#) }
    let result = try await bench.load([#"{"key":"k1","firstName":"P250","phone":"+14155550101"}"#])
    #expect(result.words == ["unchanged"])
    let other = try await bench.load([#"{"key":"k2","firstName":"Nobody","phone":"+14155550101"}"#])
    #expect(other.words == ["failed"] && other.codes == ["identity-split"])
  }

  // MARK: What is ignored

  @Test(arguments: [GHLPartDocument.Write.create, .upsert])
  func `a phone of another contact is refused, and not ignored`(write: GHLPartDocument.Write) async throws {
    for faults in [["no-duplicates"], []] {
      let bench = try GHLBench(faults: faults) { $0.write = write }
      bench.api.once(
        .first {
          _ = try? bench.create(#""firstName":"Old","email":"ann@x.io""#)
          _ = try? bench.create(#""firstName":"Bob","phone":"+14155550101""#)
        }
      ) { $0.isCreate }
      let result = try await bench.load([Self.ann])
      // GHL's upsert would change the first one, and would not report that it left out the phone.
      #expect(result.words == [faults.isEmpty ? "created" : "failed"])
      #expect(result.codes == (faults.isEmpty ? [] : ["identity-split"]))
      #expect(try bench.values("firstName") == ["Old", "Bob"] + (faults.isEmpty ? ["Ann"] : []))
      #expect(try bench.values("phone") == ["-", "+14155550101"] + (faults.isEmpty ? ["+14155550101"] : []))
    }
  }

  @Test(arguments: [GHLPartDocument.Write.create, .upsert], [true, false])
  func `the primary e-mail address survives`(write: GHLPartDocument.Write, isFoundFirst: Bool) async throws {
    // The synthetic contacts have additional addresses.
    let bench = try GHLBench(contacts: 300, faults: ["no-duplicates"]) { ($0.write, $0.readBack) = (write, nil) }
    let data = bench.sandbox.data
    let contact = try #require(
      (0..<300).lazy.map(data.contact(at:)).first { contact in
        contact.email != nil && contact.additionalEmails.first.map { data.holders(ofEmail: $0.lowercased()).count == 1 } ?? false
      })
    let additional = try #require(contact.additionalEmails.first)
    if !isFoundFirst {
      // The lookup comes too early.
      bench.api.once(.respond(200, #"{"contact":null}"#)) { $0.target.contains("/search/duplicate") }
    }
    let record = #"{"key":"k1","city":"Rome","email":"\#(additional)"}"#
    let result = try await bench.load([record])
    #expect(result.words == ["updated"] && result.codes == ["not-applied"])
    // Also when the record changes later.
    _ = try await bench.load([record.replacing("Rome", with: "Oslo")])
    let shown = try bench.contact(contact.id)
    let now = try #require(shown)
    #expect(now["email"]?.stringValue == contact.email && now["city"]?.stringValue == "Oslo")
    #expect(bench.writes.allSatisfy { $0.method != "PUT" || $0.body?["email"] == nil })
  }

  @Test(arguments: generations)
  func `additional e-mail addresses and phones are never sent`(generation: GHLVersions.Generation) async throws {
    let bench = try GHLBench(generation)
    for city in ["Rome", "Oslo"] {
      let result = try await bench.load([
        #"{"key":"k1","email":"ann@x.io","city":"\#(city)","additionalEmails":["b@x.io"],"additionalPhones":["+14155550102"]}"#
      ])
      #expect(result.words == [city == "Rome" ? "created" : "updated"] && result.codes.isEmpty)
    }
    #expect(bench.writes.count == 2 && bench.statistics.byStatus[422] == nil)
    #expect(bench.writes.allSatisfy { $0.body?["additionalEmails"] == nil && $0.body?["additionalPhones"] == nil })
    #expect(try bench.values("city") == ["Oslo"])
  }

  @Test(arguments: generations)
  func `each generation gets its own names of channels, and never RCS`(generation: GHLVersions.Generation) async throws {
    let bench = try GHLBench(generation)
    let result = try await bench.load([
      #"{"key":"k1","email":"ann@x.io","dndSettings":{"Email":{"status":"active"},"RCS":{"status":"active"}}}"#
    ])
    #expect(result.words == ["created"] && result.codes == ["not-applied"])
    let sent = bench.writes.compactMap { $0.body?["dndSettings"] }
    let name = generation == .v3 ? "email" : "Email"
    #expect(
      !sent.isEmpty && sent.allSatisfy { $0.objectValue?.map(\.name) == [name] && $0[name]?["status"] == .string("active") })
    #expect(bench.statistics.byStatus[422] == nil)
  }

  // MARK: Custom fields

  @Test(arguments: generations)
  func `custom fields are named by key, and sent by the IDs of the location`(generation: GHLVersions.Generation) async throws {
    let bench = try GHLBench(generation)
    try await bench.load([#"{"key":"k1","email":"ann@x.io","customFields":{"job_title":"CEO"}}"#])
    let sent = try #require(bench.writes.first?.body?["customFields"]?.arrayValue?.first)
    #expect(sent["id"]?.stringValue == (try bench.field("job_title")) && sent["key"] == nil)
    #expect(sent[generation == .v3 ? "fieldValue" : "field_value"] == .string("CEO"))
  }

  @Test func `a key that the location lacks ends the part before a write`() async throws {
    let bench = try GHLBench()
    await #expect {
      try await bench.load([#"{"key":"k1","email":"ann@x.io","customFields":{"job_titel":"CEO"}}"#])
    } throws: { error in
      (error as? OperationFailure)?.code == .configuration && "\(error)".contains("job_title")
    }
    #expect(bench.writes.isEmpty)
  }

  // MARK: Deleted in between

  @Test(arguments: [[], ["not-found-404"]])
  func `a contact that is deleted in between is gone, and created again by the next run`(faults: [String]) async throws {
    let bench = try GHLBench(faults: faults)
    try await bench.load([Self.ann])
    let contacts = try bench.contacts()
    let id = try #require(contacts.first?["id"]?.stringValue)
    bench.api.once(.first { _ = try? bench.ask("DELETE", "/contacts/\(id)") }) { $0.method == "PUT" }
    let changed = Self.ann.replacing("Lee", with: "Roe")
    let result = try await bench.load([changed])
    #expect(result.words == ["failed"] && result.codes == ["gone"])
    #expect(try await bench.load([changed]).words == ["created"])
    #expect(try bench.values("lastName") == ["Roe"])
  }

  @Test func `a page of a proxy does not mean that a contact is gone`() async throws {
    let bench = try GHLBench()
    try await bench.load([Self.ann])
    bench.api.once(.respond(404, "<html>not here</html>", type: "text/html")) { $0.method == "PUT" }
    #expect(try await bench.load([Self.ann.replacing("Lee", with: "Roe")]).words == ["updated"])
    #expect(try bench.values("lastName") == ["Roe"])
  }

  // MARK: Responses

  @Test(arguments: generations, ["succeded", "succeeded"])
  func `a success that says that it did not succeed is refused`(generation: GHLVersions.Generation, flag: String) async throws {
    let bench = try GHLBench(generation)
    try await bench.load([Self.ann])
    bench.api.setScript { $0.isWrite ? .respond(200, #"{"\#(flag)":false,"contact":{}}"#) : nil }
    let result = try await bench.load([Self.ann.replacing("Lee", with: "Roe")])
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"])
  }

  @Test(arguments: [
    (401, #"{"statusCode":401,"message":"The token is not authorized for this scope."}"#, OperationFailure.Code.notAuthorised),
    (403, #"{"statusCode":403,"message":"The token does not have access to this location."}"#, .configuration),
    (404, #"{"statusCode":404,"message":"Cannot POST /contacts/","error":"Not Found"}"#, .configuration),
    (400, #"{"statusCode":400,"message":"Invalid API version segment 'x' at position 0","error":"Bad Request"}"#, .configuration),
  ])
  func `what every call would meet ends the use of the destination`(
    status: Int, body: String, code: OperationFailure.Code
  ) async throws {
    let bench = try GHLBench()
    bench.api.setScript { $0.isWrite ? .respond(status, body) : nil }
    let result = try await bench.load([Self.ann, #"{"key":"k2","email":"bob@x.io"}"#])
    #expect(result.words == ["pending", "pending"] && result.failure?.code == code)
    #expect(bench.writes.count <= 2)
    bench.api.setScript { _ in nil }
    #expect(try await bench.load([Self.ann, #"{"key":"k2","email":"bob@x.io"}"#]).words == ["created", "created"])
  }

  @Test func `a spent limit of requests delays calls, and loses none`() async throws {
    let bench = try GHLBench(faults: ["429=0.3"])
    let records = (0..<20).map { #"{"key":"k\#($0)","email":"a\#($0)@x.io"}"# }
    #expect(try await bench.load(records).words == records.map { _ in "created" })
    #expect(try bench.contacts().count == 20)
  }

  @Test func `a spent day leaves the rest pending, and the next day continues`() async throws {
    var bench = try GHLBench(faults: ["daily-limit=35"])
    let records = (0..<20).map { #"{"key":"k\#($0)","email":"a\#($0)@x.io"}"# }
    bench.quota = RequestGate(options: .init(), timekeeper: bench.timekeeper) { _ in }
    let first = try await bench.load(records)
    #expect(first.failure?.code == .dailyQuotaSpent && first.failure?.exitCode == .tryLater)
    #expect(Set(first.words) == ["created", "pending"] && Set(first.codes).isSubset(of: ["not-sent", "not-compared"]))
    #expect(bench.writes.count < 20)
    bench.timekeeper.advance(by: .seconds(86_400))
    bench.quota = RequestGate(options: .init(), timekeeper: bench.timekeeper) { _ in }
    let second = try await bench.load(records, run: "run2")
    #expect(
      second.failure == nil
        && second.words.enumerated().allSatisfy { index, word in
          word == (first.words[index] == "created" ? "unchanged" : "created")
        })
    #expect(bench.writes.count == 20)
  }

  @Test(arguments: ["/contacts/search/duplicate", "/contacts/", "/contacts/id"])
  func `a server error costs one record`(path: String) async throws {
    let bench = try GHLBench()
    let records = (0..<8).map { #"{"key":"k\#($0)","email":"a\#($0)@x.io","city":"Rome"}"# }
    var words = records.map { _ in "created" }
    var sent = records
    if path == "/contacts/id" {
      #expect(try await bench.load(records).words == words)
      words = records.map { _ in "updated" }
      sent = records.map { $0.replacing("Rome", with: "Oslo") }
    }
    let bad = path == "/contacts/id" ? "/contacts/\(try bench.id("k3"))" : path
    bench.api.setScript { sent in
      guard sent.target.prefix(while: { $0 != "?" }) == bad,
        sent.method == "PUT" || sent.target.contains("a3%40") || sent.body?["email"] == .string("a3@x.io")
      else { return nil }
      return .respond(500, #"{"statusCode":500,"message":"Internal server error"}"#)
    }
    words[3] = "pending"
    let result = try await bench.load(sent)
    #expect(result.words == words && result.failure == nil)
    #expect(result.codes.count == 1 && Set(result.codes).isSubset(of: ["not-sent", "result-unknown"]))
    bench.api.setScript { _ in nil }
    let next = try await bench.load(sent)
    #expect(next.words[3] == "created" || next.words[3] == "updated" || next.words[3] == "unchanged")
    #expect(try bench.contacts().count == 8)
  }

  // MARK: Forms of values

  @Test(
    "values that GHL shows in another form are not differences",
    arguments: generations,
    [
      #""email":"Ann@X.io""#, #""phone":"+1 (415) 555-0101""#, #""email":"a@x.io","dateOfBirth":"1990-09-25""#,
      #""email":"a@x.io","dndSettings":{"Email":{"status":"active","message":"no"}}"#, #""email":"a@x.io","tags":["B","a"]"#,
      #""email":"a@x.io","country":"US""#, #""email":"a@x.io","customFields":{"interests":["Training","R&D"]}"#,
      #""email":"a@x.io","customFields":{"renewal_date":"2027-01-31"}"#, #""email":"a@x.io","customFields":{"employees":12}"#,
    ])
  func forms(generation: GHLVersions.Generation, members: String) async throws {
    let bench = try GHLBench(generation) { $0.replacesTags = true }
    let record = #"{"key":"k1",\#(members)}"#
    let first = try await bench.load([record])
    #expect(first.words == ["created"] && first.codes.isEmpty)
    #expect(try await bench.withEmptyJournal().load([record]).words == ["unchanged"])
  }

  @Test(
    "an absent member is not sent, and null only where GHL takes it",
    arguments: ["firstName", "city", "website", "companyName", "dateOfBirth", "assignedTo"])
  func nulls(member: String) async throws {
    let bench = try GHLBench()
    let value = member == "assignedTo" ? bench.sandbox.data.userID(at: 1) : member == "dateOfBirth" ? "1990-09-25" : "Acme"
    try await bench.load([#"{"key":"k1","email":"ann@x.io","\#(member)":"\#(value)"}"#])
    let result = try await bench.load([#"{"key":"k1","email":"ann@x.io"}"#], columns: ["email", member])
    #expect(result.words == ["updated"] && result.codes == ["not-applied"])
    #expect(bench.statistics.byStatus[422] == nil && bench.writes.last?.body?[member] == nil)
    #expect(try bench.values(member) == [value])
  }
}
