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
      companyId: text("companyId"), line: slice.line)
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
  package func businesses() -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "businesses", scope: RecordScope(location: location)) { skip in
      GHLRequest(
        .get, .businesses, path: ["businesses", ""],
        query: [.init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip))])
    }
  }

  /// Pages of all tasks of a business's contacts.
  package func tasks(ofBusiness business: String) -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "tasks", scope: RecordScope(location: location, business: business)) { skip in
      GHLRequest(
        .post, .taskSearch, path: ["locations", location, "tasks", "search"],
        body: .object([.init("businessId", .string(business)), .init("limit", .number(limit)), .init("skip", .number(skip))]))
    }
  }

  /// Pages of the users of the location; the company is the location's.
  package func users(company: String) -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "users", scope: RecordScope(location: location)) { skip in
      GHLRequest(
        .get, .users, path: ["users", "search"],
        query: [
          .init("companyId", company), .init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip)),
        ])
    }
  }

  /// Everything of one kind, for `waybill list`. A location's token sees only that location.
  package func list(_ listing: GHLListing) async throws(GHLFailure) -> [RawRecord] {
    switch listing {
    case .locations:
      let own = try await location()
      return [RawRecord(id: own.id, line: own.line)]
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

  private func all(_ walk: SkipWalk) async throws(GHLFailure) -> [RawRecord] {
    var walk = walk
    var records: [RawRecord] = []
    while let page = try await walk.next(self) {
      records += page.records
      if let stray = page.strays.first { throw Self.wrong(stray, walk.lastRequest) }
    }
    return records
  }

  // MARK: Cutting answers

  /// A list without pages.
  func records(of name: String, _ request: GHLRequest, _ scope: RecordScope) async throws(GHLFailure) -> GHLPage {
    let (slices, claimed) = try await page(of: name, request, scope) { _ in false }
    let (own, strays) = ListAnswer.split(slices, scope)
    return GHLPage(records: own, claimed: claimed, strays: strays)
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

  /// A page that looks like an earlier one, or that contains records that do not belong there, is requested again: the
  /// second answer may be right. If it stays the same, the walk ends, since it would otherwise never end.
  func page(
    of name: String, _ request: GHLRequest, _ scope: RecordScope, isRepeated: ([JSONSlice]) -> Bool
  ) async throws(GHLFailure) -> (slices: [JSONSlice], count: Int?) {
    var last: (slices: [JSONSlice], count: Int?) = ([], nil)
    for _ in 0..<3 {
      last = try await slices(of: name, request)
      if last.slices.isEmpty { return last }
      if !isRepeated(last.slices), last.slices.allSatisfy({ scope.stray($0) == nil }) { return last }
    }
    guard isRepeated(last.slices) else { return last }
    throw GHLFailure(
      .pagingRepeats, "a page is the same as the one before it, even when requested again", request: request.title,
      endpoint: request.endpoint
    )
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
  package var line: [UInt8]
}

/// What `waybill list` can list.
package enum GHLListing: String, Sendable, CaseIterable { case locations, businesses, users, fields, tags }
