import Control
import Core
import Records

/// The calls that an extraction makes.
extension GHLClient {
  /// The location itself: its time zone and country are the defaults of its contacts.
  package func location() async throws(GHLFailure) -> GHLLocation {
    let request = GHLRequest(.get, .location, path: ["locations", configuration.location])
    let slice = try await record("location", request)
    func text(_ name: String) -> String? { slice[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    // These are looked up and compared with what exists, which takes time proportional to their length.
    for name in ["timezone", "country", "companyId"] where (text(name)?.utf8.count ?? 0) > 256 {
      throw GHLFailure(
        .malformedAnswer, "the location's \(name) is too long to be valid", request: request.title, endpoint: request.endpoint)
    }
    return GHLLocation(
      id: text("id") ?? configuration.location, name: text("name"), timezone: text("timezone"), country: text("country"),
      companyId: text("companyId"), record: RawRecord(slice))
  }

  /// The whole record of a contact.
  package func contact(_ id: String) async throws(GHLFailure) -> RawRecord? {
    RawRecord(try await record("contact", GHLRequest(.get, .contact, path: ["contacts", id])))
  }

  package func notes(ofContact id: String) async throws(GHLFailure) -> GHLPage {
    try await records(of: "notes", GHLRequest(.get, .contactNotes, path: ["contacts", id, "notes"]), scope(contact: id))
  }

  package func tasks(ofContact id: String) async throws(GHLFailure) -> GHLPage {
    try await records(of: "tasks", GHLRequest(.get, .contactTasks, path: ["contacts", id, "tasks"]), scope(contact: id))
  }

  package func appointments(ofContact id: String) async throws(GHLFailure) -> GHLPage {
    try await records(
      of: "events", GHLRequest(.get, .contactAppointments, path: ["contacts", id, "appointments"]), scope(contact: id))
  }

  private func scope(contact: String) -> RecordScope { RecordScope(location: configuration.location, contact: contact) }

  /// The definitions of the contacts' custom fields, as the API returned them. One from another location is a failure,
  /// because it would affect how every record is read.
  package func customFields() async throws(GHLFailure) -> [RawRecord] {
    let request = GHLRequest(
      .get, .customFields, path: ["locations", configuration.location, "customFields"], query: [.init("model", "contact")])
    return try await wholeList(of: "customFields", request)
  }

  package func tags() async throws(GHLFailure) -> [RawRecord] {
    try await wholeList(of: "tags", GHLRequest(.get, .tags, path: ["locations", configuration.location, "tags"]))
  }

  /// Pages of all businesses.
  package func businesses() -> GHLPages {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return pages(of: "businesses", RecordScope(location: location)) { skip in
      GHLRequest(
        .get, .businesses, path: ["businesses", ""],
        query: [.init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip))])
    }
  }

  /// Pages of all tasks of a business's contacts.
  package func tasks(ofBusiness business: String) -> GHLPages {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return pages(of: "tasks", RecordScope(location: location, business: business)) { skip in
      GHLRequest(
        .post, .taskSearch, path: ["locations", location, "tasks", "search"],
        body: .object([.init("businessId", .string(business)), .init("limit", .number(limit)), .init("skip", .number(skip))]))
    }
  }

  /// Pages of the users of the location; the company is the location's.
  package func users(company: String) -> GHLPages {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return pages(of: "users", RecordScope(location: location)) { skip in
      GHLRequest(
        .get, .users, path: ["users", "search"],
        query: [
          .init("companyId", company), .init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip)),
        ])
    }
  }

  /// Pages of the contacts of one business, past the wall of `skip`; see `PageWalk`.
  package func contacts(ofBusiness business: String) -> GHLPages {
    GHLPages(.contactsOfBusiness(business), .members(wall: configuration.skipWall))
  }

  /// Pages of all contacts of the location, by search.
  package func contacts() -> GHLPages { GHLPages(.contacts, .search) }

  private func pages(
    of member: String, _ scope: RecordScope, request: @escaping @Sendable (_ skip: Int) -> GHLRequest
  ) -> GHLPages {
    GHLPages(.records(member: member, scope, request: request), .list)
  }

  /// The number of contacts of a business that the source reports, by one small call; nil if it does not.
  package func claimedContacts(ofBusiness business: String) async throws(GHLFailure) -> Int? {
    let query: [GHLRequest.Parameter] = [
      .init("locationId", configuration.location), .init("limit", "1"), .init("skip", "0"),
    ]
    return try await slices(
      of: "contacts", GHLRequest(.get, .contactsByBusiness, path: ["contacts", "business", business], query: query)
    ).count
  }

  /// The number of contacts of the location that the source reports, by one small call; nil if it does not.
  package func claimedContacts() async throws(GHLFailure) -> Int? {
    try await slices(of: "contacts", GHLPages.search(self, pageLimit: 1)).count
  }

  /// Everything of one kind, for `waybill list`. A location's token sees only that location.
  package func list(_ listing: GHLListing) async throws(GHLFailure) -> [RawRecord] {
    switch listing {
    case .locations:
      let own = try await location()
      return [own.record]
    case .fields: return try await customFields()
    case .tags: return try await tags()
    case .businesses: return try await all(businesses())
    case .users:
      guard let company = try await location().companyId else {
        throw GHLFailure(.malformedAnswer, "the location has no companyId, which is needed to list users", endpoint: .users)
      }
      return try await all(users(company: company))
    }
  }

  private func all(_ walk: GHLPages) async throws(GHLFailure) -> [RawRecord] {
    var walk = walk
    var records: [RawRecord] = []
    while let page = try await walk.next(self) {
      records += page.records
      if let stray = page.strays.first { throw walk.wrong(stray) }
    }
    return records
  }

  // MARK: Cutting answers

  /// A list without pages: all of its records, even if one occurs twice.
  func records(of name: String, _ request: GHLRequest, _ scope: RecordScope) async throws(GHLFailure) -> GHLPage {
    var walk = PageWalk(.single)
    while true {
      let (slices, claimed) = try await slices(of: name, request)
      let listed = slices.map { ListedRecord($0, scope) }
      guard walk.take(PageWalk.Page(listed.map { $0.walked() })) != nil else { continue }
      return GHLPage(
        records: listed.filter { $0.stray == nil }.map(\.record), claimed: claimed, strays: listed.compactMap(\.stray))
    }
  }

  private func wholeList(of name: String, _ request: GHLRequest) async throws(GHLFailure) -> [RawRecord] {
    let list = try await records(of: name, request, RecordScope(location: configuration.location))
    if let stray = list.strays.first { throw Self.wrong(stray, request) }
    return list.records
  }

  private static func wrong(_ stray: StrayRecord, _ request: GHLRequest) -> GHLFailure {
    GHLFailure(
      .wrongRecord, "\(stray.shownId ?? "a record") \(stray.owner)", request: request.title,
      endpoint: request.endpoint)
  }

  func slices(of name: String, _ request: GHLRequest) async throws(GHLFailure) -> (slices: [JSONSlice], count: Int?) {
    let answer = try await send(request) { ListAnswer.fault(in: $0, name) }
    return ListAnswer.read(try root(of: answer, request), name)
  }

  /// The single record of an answer, with the requested id.
  private func record(_ name: String, _ request: GHLRequest) async throws(GHLFailure) -> JSONSlice {
    let answer = try await send(request) { root in
      let records = root.members.filter { $0.name == name }
      guard let record = records.first, record.value.kind == .object else {
        return AnswerFault(.malformedAnswer, "the object '\(name)' is missing")
      }
      guard records.count == 1 else { return AnswerFault(.malformedAnswer, "the object '\(name)' occurs twice") }
      // Its value was compared with the request.
      guard AnswerIdentity.text(record.value["id"] ?? record.value["_id"]) != nil else {
        return AnswerFault(.wrongRecord, "a \(name) without an id")
      }
      return nil
    }
    guard let slice = try root(of: answer, request)[name] else { throw missing("an object '\(name)'", request, answer) }
    return slice
  }

  func root(of answer: GHLAnswer, _ request: GHLRequest) throws(GHLFailure) -> JSONSlice {
    guard let root = answer.root else { throw missing("JSON", request, answer) }
    return root
  }

  private func missing(_ what: String, _ request: GHLRequest, _ answer: GHLAnswer) -> GHLFailure {
    GHLFailure(
      .malformedAnswer, "\(what) is missing", request: request.title, endpoint: request.endpoint, status: answer.status,
      traceId: answer.traceId)
  }
}

/// The data of a location that mappings need.
package struct GHLLocation: Sendable, Hashable {
  package var id: String
  package var name: String?
  /// An IANA name.
  package var timezone: String?
  package var country: String?
  package var companyId: String?
  /// As the API returned it.
  package var record: RawRecord
}

/// What `waybill list` can list.
package enum GHLListing: String, Sendable, CaseIterable { case locations, businesses, users, fields, tags }
