import Core
import GHL
import HTTP
import Testing

@testable import Load

@Suite struct GHLFormTests {
  static let place = SourcePlace(file: "waybill.yaml", line: 1, column: 1)

  static func json(_ text: String) throws -> JSONValue { try JSONReader.read(text) }

  static func document(_ generation: GHLVersions.Generation = .dated) throws -> GHLDestinationDocument {
    var document = GHLDestinationDocument(
      location: "loc1", address: try ServerAddress("https://services.leadconnectorhq.com"), token: .environment("GHL_TOKEN"))
    document.generation = generation
    return document
  }

  static func part(_ target: GHLPartDocument.Target, _ change: (inout GHLPartDocument) -> Void = { _ in }) -> GHLPartDocument {
    var part = GHLPartDocument(mapping: target.rawValue, target: target, place: place)
    if target.needsContact {
      part.contact = .init(mapping: "contacts", field: "contactKey", mappingPlace: place, fieldPlace: place)
    }
    change(&part)
    return part
  }

  /// What the location has: fields of several types, two users, and three businesses, two of them with one name.
  static func data() async throws -> GHLLocationData {
    let answers = [
      "/locations/loc1/customFields?model=contact": """
      {"customFields":[
        {"id":"f1","name":"Tier","fieldKey":"contact.tier","dataType":"TEXT","model":"contact"},
        {"id":"f2","name":"Staff","fieldKey":"contact.staff","dataType":"NUMERICAL","model":"contact"},
        {"id":"f3","name":"Interests","fieldKey":"contact.interests","dataType":"MULTIPLE_OPTIONS","model":"contact"},
        {"id":"f4","name":"Renewal","fieldKey":"contact.renewal","dataType":"DATE","model":"contact"},
        {"id":"f5","name":"Stage","fieldKey":"opportunity.stage","dataType":"TEXT","model":"opportunity"}]}
      """,
      "/locations/loc1": #"{"location":{"id":"loc1","companyId":"co1"}}"#,
      "/users/search?companyId=co1&locationId=loc1&limit=100&skip=0":
        #"{"users":[{"id":"u1","email":"Eva@x.io"},{"id":"u2","email":"max@x.io"}]}"#,
      "/users/search?companyId=co1&locationId=loc1&limit=100&skip=2": #"{"users":[]}"#,
      "/businesses/?locationId=loc1&limit=100&skip=0":
        #"{"businesses":[{"id":"b1","name":"Acme"},{"id":"b2","name":"Twin"},{"id":"b3","name":"Twin"}]}"#,
      "/businesses/?locationId=loc1&limit=100&skip=3": #"{"businesses":[]}"#,
    ]
    return try await GHLLocationData(Set(GHLLocationData.Kind.allCases), location: "loc1") { target in
      try json(#require(answers[target], "\(target)"))
    }
  }

  static func form(
    _ target: GHLPartDocument.Target, _ generation: GHLVersions.Generation = .dated, columns: [[String]] = [],
    _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) async throws -> GHLForm {
    try GHLForm(
      part(target, change), of: document(generation), key: target.hasRecords ? ["key"] : ["contactKey"], columns: columns,
      await data())
  }

  // MARK: Contacts

  /// A field as the mapping writes it, as it is in a body of each generation, and as GHL shows it.
  static let members: [(mapped: String, dated: String, v3: String, shown: String, canonical: String)] = [
    (
      #"{"email":"Ann@x.io"}"#, #"{"email":"Ann@x.io"}"#, #"{"email":"Ann@x.io"}"#, #"{"email":"Ann@x.io","emailLowerCase":"a"}"#,
      #"{"email":"Ann@x.io"}"#
    ),
    (
      #"{"customFields":{"tier":"gold"}}"#, #"{"customFields":[{"id":"f1","field_value":"gold"}]}"#,
      #"{"customFields":[{"id":"f1","fieldValue":"gold"}]}"#, #"{"customFields":[{"id":"f1","value":"gold"}]}"#,
      #"{"customFields":{"tier":"gold"}}"#
    ),
    (
      #"{"customFields":{"staff":"12"}}"#, #"{"customFields":[{"id":"f2","field_value":12}]}"#,
      #"{"customFields":[{"id":"f2","fieldValue":12}]}"#, #"{"customFields":[{"id":"f2","value":"12"}]}"#,
      #"{"customFields":{"staff":12}}"#
    ),
    (
      #"{"customFields":{"staff":"about ten"}}"#, #"{"customFields":[{"id":"f2","field_value":"about ten"}]}"#,
      #"{"customFields":[{"id":"f2","fieldValue":"about ten"}]}"#, #"{"customFields":[{"id":"f2","value":"about ten"}]}"#,
      #"{"customFields":{"staff":"about ten"}}"#
    ),
    (
      #"{"customFields":{"interests":"R&D"}}"#, #"{"customFields":[{"id":"f3","field_value":["R&D"]}]}"#,
      #"{"customFields":[{"id":"f3","fieldValue":["R&D"]}]}"#, #"{"customFields":[{"id":"f3","value":["R&D"]}]}"#,
      #"{"customFields":{"interests":["R&D"]}}"#
    ),
    (
      #"{"customFields":{"renewal":"2026-03-01"}}"#, #"{"customFields":[{"id":"f4","field_value":"2026-03-01"}]}"#,
      #"{"customFields":[{"id":"f4","fieldValue":"2026-03-01"}]}"#, #"{"customFields":[{"id":"f4","value":1772323200000}]}"#,
      #"{"customFields":{"renewal":"2026-03-01"}}"#
    ),
    (
      #"{"customFields":{"tier":null,"interests":null}}"#,
      #"{"customFields":[{"id":"f1","field_value":""},{"id":"f3","field_value":[]}]}"#,
      #"{"customFields":[{"id":"f1","fieldValue":""},{"id":"f3","fieldValue":[]}]}"#, "{}",
      #"{"customFields":{"tier":null,"interests":null}}"#
    ),
    (
      #"{"dndSettings":{"Email":{"status":"active"}}}"#, #"{"dndSettings":{"Email":{"status":"active"}}}"#,
      #"{"dndSettings":{"email":{"status":"active"}}}"#, #"{"dndSettings":{"email":{"status":"active"}}}"#,
      #"{"dndSettings":{"Email":{"status":"active"}}}"#
    ),
    (
      #"{"dndSettings":{"whatsapp":{"status":"inactive"}}}"#, #"{"dndSettings":{"WhatsApp":{"status":"inactive"}}}"#,
      #"{"dndSettings":{"whatsApp":{"status":"inactive"}}}"#, #"{"dndSettings":{"whatsApp":{"status":"inactive"}}}"#,
      #"{"dndSettings":{"whatsapp":{"status":"inactive"}}}"#
    ),
    (
      #"{"dndSettings":{"RCS":{"status":"active"}}}"#, "{}", "{}", #"{"dndSettings":{"RCS":{"status":"active"}}}"#,
      #"{"dndSettings":{"RCS":{"status":"active"}}}"#
    ),
    (
      #"{"dateOfBirth":"1990-09-25"}"#, #"{"dateOfBirth":"1990-09-25"}"#, #"{"dateOfBirth":"1990-09-25"}"#,
      #"{"dateOfBirth":"1990-09-25T00:00:00.000Z"}"#, #"{"dateOfBirth":"1990-09-25"}"#
    ),
    (
      #"{"assignedTo":"eva@X.io"}"#, #"{"assignedTo":"u1"}"#, #"{"assignedTo":"u1"}"#, #"{"assignedTo":"u1"}"#,
      #"{"assignedTo":"u1"}"#
    ),
    (
      #"{"tags":["Vip","new"]}"#, #"{"tags":["Vip","new"]}"#, #"{"tags":["Vip","new"]}"#, #"{"tags":["new","vip"]}"#,
      #"{"tags":["Vip","new"]}"#
    ),
    (#"{"dnd":true}"#, #"{"dnd":true}"#, #"{"dnd":true}"#, #"{"dnd":true}"#, #"{"dnd":true}"#),
    // Null where the document allows it, and nothing where it does not.
    (
      #"{"phone":null,"country":null}"#, #"{"phone":null}"#, #"{"phone":null}"#, "{}", #"{"phone":null,"country":null}"#
    ),
    // GHL does not take these, or it would be ours to say.
    (#"{"additionalEmails":["b@x.io"],"ssn":"1","id":"c9"}"#, "{}", "{}", "{}", "{}"),
    (#"{"locationId":"other"}"#, "{}", "{}", "{}", "{}"),
  ]

  @Test("a contact's fields, as mapped, as sent and as shown", arguments: members.indices)
  func contact(index: Int) async throws {
    let row = Self.members[index]
    let columns = [["dndSettings", row.mapped.contains("whatsapp") ? "whatsapp" : "Email", "status"]]
    for (generation, body) in [(GHLVersions.Generation.dated, row.dated), (.v3, row.v3)] {
      let form = try await Self.form(.contacts, generation, columns: columns)
      var mapped = try Self.json(row.mapped)
      mapped.set(.string("7"), at: ["key"])
      let canonical = try form.outgoing(mapped)
      var expected = try Self.json(row.canonical)
      expected.set(.string("7"), at: ["key"])
      #expect(canonical == expected, "\(canonical.text)")
      let sent = try #require(form.body(.updateContact, of: canonical))
      #expect(sent.text == body)
      #expect(GHLRoute.updateContact.faults(in: sent, generation) == [])
      // What was sent, and what GHL shows, are the same in this form.
      let comparison = RecordComparison(try #require(try Self.http(.contacts).resources.first).normalizes)
      let shown = form.canonical(try Self.json(row.shown), key: "7")
      #expect(comparison.differences(from: canonical, in: shown) == [], "\(shown.text)")
      if row.dated != "{}" {
        let again = form.canonical(sent, key: "7")
        #expect(comparison.differences(from: again, in: canonical) == [], "\(again.text)")
      }
    }
  }

  static func http(_ target: GHLPartDocument.Target) throws -> HTTPDocument {
    var document = try document()
    document.parts = [part(target)]
    return document.httpDocument
  }

  @Test func `a new contact names the location, and has what only new contacts get`() async throws {
    let form = try await Self.form(.contacts)
    let record = try form.outgoing(
      Self.json(#"{"key":"7","email":"a@x.io","gender":"f","companyName":"Acme","source":null}"#))
    let body = try #require(form.body(.createContact, of: record))
    #expect(body.text == #"{"email":"a@x.io","locationId":"loc1","gender":"f","companyName":"Acme"}"#)
    #expect(form.body(.upsertContact, of: record) == body)
    #expect(form.body(.updateContact, of: record)?.text == #"{"email":"a@x.io","source":null}"#)
    #expect(form.body(.updateContact, of: record, omitting: ["email"])?.text == #"{"source":null}"#)
    #expect(form.body(.deleteContact, of: record) == nil)
  }

  @Test func `keys stand for other IDs in another location, and IDs of deleted fields stay`() async throws {
    let form = try await Self.form(.contacts, columns: [["customFields", "f2"]])
    let shown = form.canonical(
      try Self.json(#"{"id":"c1","customFields":[{"id":"f1","value":"gold"},{"id":"gone","value":1},{"id":"f2","value":"3"}]}"#),
      key: "7")
    #expect(shown.text == #"{"id":"c1","customFields":{"tier":"gold","cf_gone":1,"f2":3},"key":"7"}"#)
  }

  @Test func `a key that the location lacks is a failure that names all of them`() async throws {
    let failure = await #expect(throws: OperationFailure.self) {
      _ = try await Self.form(
        .contacts, columns: [["customFields", "teir"], ["customFields", "tier"], ["customFields", "stage"], ["email"]])
    }
    #expect(failure?.code == .configuration)
    #expect(failure?.description.contains("'teir', 'stage'") == true)
    #expect(failure?.description.contains("tier") == true)
  }

  @Test(
    "what cannot be resolved is refused without its value",
    arguments: [
      (GHLPartDocument.Target.contacts, #"{"assignedTo":"nobody@x.io"}"#, ["assignedTo"], "user"),
      (.contacts, #"{"customFields":{"other":1}}"#, ["customFields", "other"], "custom field"),
      (.notes, #"{"userId":"nobody@x.io"}"#, ["userId"], "user"),
      (.tasks, #"{"assignedTo":"nobody@x.io"}"#, ["assignedTo"], "user"),
      (.business, #"{"business":"Nowhere"}"#, ["business"], "no business"),
      (.business, #"{"business":"Twin"}"#, ["business"], "2 businesses"),
    ])
  func unresolved(target: GHLPartDocument.Target, record: String, field: [String], says: String) async throws {
    let form = try await Self.form(target)
    let json = try Self.json(record)
    let refusal = #expect(throws: GHLForm.Refusal.self) { _ = try form.outgoing(json) }
    #expect(refusal?.field == field)
    #expect(refusal?.why.contains(says) == true)
    #expect(refusal?.why.contains("nobody") == false)
  }

  // MARK: Children

  @Test(
    "due dates are compared as moments, and sent without fractions",
    arguments: [
      ("2021-07-08T02:30:00.000Z", "2021-07-08T02:30:00Z"), ("2021-07-08T04:30:00+02:00", "2021-07-08T02:30:00Z"),
      ("2021-07-08", "2021-07-08T00:00:00Z"), ("2021-07-08T02:30:00Z", "2021-07-08T02:30:00Z"),
      ("2021-07-08 02:30", "2021-07-08 02:30"), ("soon", "soon"),
    ])
  func dueDate(text: String, canonical: String) async throws {
    let form = try await Self.form(.tasks)
    let task = JSONValue.object([
      .init("key", .string("t1")), .init("contactKey", .string("7")), .init("title", .string("Call")),
      .init("dueDate", .string(text)), .init("completed", .bool(false)),
    ])
    let record = try form.outgoing(task)
    #expect(record["dueDate"]?.stringValue == canonical)
    let body = try #require(form.body(.updateTask, of: record))
    #expect(body.text == #"{"title":"Call","dueDate":"\#(canonical)","completed":false}"#)
    let shown = form.canonical(
      .object([.init("id", .string("x")), .init("contactId", .string("c1")), .init("dueDate", .string(text))]), sent: record)
    #expect(shown["dueDate"] == record["dueDate"])
    #expect(shown["contactKey"]?.stringValue == "7")
    #expect(shown["key"]?.stringValue == "t1")
  }

  @Test func `only the completion of a task is sent where the route takes nothing else`() async throws {
    let form = try await Self.form(.tasks)
    let record = try form.outgoing(Self.json(#"{"key":"t1","title":"Call","completed":true}"#))
    #expect(form.body(.completeTask, of: record)?.text == #"{"completed":true}"#)
  }

  @Test func `a note's user is never the location, and its keys are never sent`() async throws {
    let form = try await Self.form(.notes)
    let record = try form.outgoing(
      Self.json(#"{"key":"n1","contactKey":"7","body":"<b>Hi</b>","userId":"MAX@x.io","pinned":true,"title":null}"#))
    #expect(form.body(.createNote, of: record)?.text == #"{"userId":"u2","body":"<b>Hi</b>","pinned":true}"#)
  }

  @Test func `a key that is a number stays one`() async throws {
    let form = try await Self.form(.notes)
    let sent = try Self.json(#"{"key":7,"contactKey":12,"body":"x"}"#)
    let shown = form.canonical(try Self.json(#"{"id":"x","body":"x"}"#), sent: sent, key: "7", contact: "12")
    #expect(shown["key"] == .number("7"))
    #expect(shown["contactKey"] == .number("12"))
    #expect(form.canonical(try Self.json("{}"), key: "7")["key"] == .string("7"))
  }

  // MARK: Tags and businesses

  @Test(
    "added tags are those that the contact has, removed ones those that it has not",
    arguments: [
      (GHLPartDocument.TagAction.add, #"["VIP ","old"]"#, #"["Vip"]"#), (.add, #"["vip","new","old"]"#, #"["Vip","new"]"#),
      (.remove, #"["old"]"#, #"["Vip","new"]"#), (.remove, #"["old","NEW"]"#, #"["Vip"]"#), (.remove, "[]", #"["Vip","new"]"#),
    ])
  func tags(action: GHLPartDocument.TagAction, stored: String, canonical: String) async throws {
    let form = try await Self.form(.tags) { $0.action = action }
    let record = try form.outgoing(Self.json(#"{"contactKey":"7","tags":["Vip","new"],"email":"a@x.io"}"#))
    #expect(record.text == #"{"tags":["Vip","new"],"contactKey":"7"}"#)
    let shown = form.canonical(try Self.json(#"{"id":"c1","tags":\#(stored)}"#), sent: record)
    #expect(shown["tags"]?.text == canonical)
    #expect(shown["contactKey"]?.stringValue == "7")
    let route = action == .add ? GHLRoute.addTags : .removeTags
    let body = try #require(form.body(route, of: record))
    #expect(body.text == #"{"tags":["Vip","new"]}"#)
    #expect(form.canonical(body, key: "7") == record)
    #expect(
      form.body(.bulkTags, of: record, contacts: ["c1", "c2"])?.text
        == #"{"contacts":["c1","c2"],"tags":["Vip","new"],"locationId":"loc1"}"#)
  }

  @Test(
    "a business is an ID or a name, and null unlinks",
    arguments: [(#""Acme""#, #""b1""#), (#""b2""#, #""b2""#), ("null", "null")])
  func business(mapped: String, sent: String) async throws {
    let form = try await Self.form(.business)
    let record = try form.outgoing(Self.json(#"{"contactKey":"7","business":\#(mapped)}"#))
    let body = try #require(form.body(.bulkBusiness, of: record, contacts: ["c1"]))
    #expect(body.text == #"{"locationId":"loc1","ids":["c1"],"businessId":\#(sent)}"#)
    #expect(GHLRoute.bulkBusiness.faults(in: body, .v3) == [])
    #expect(form.canonical(body, key: "7") == record)
    let shown = form.canonical(try Self.json(sent == "null" ? #"{"id":"c1"}"# : #"{"id":"c1","businessId":\#(sent)}"#), key: "7")
    #expect(shown == record)
  }
}
