import Core
import Records

/// The calls that an extraction makes.
extension GHLClient {
  /// The location itself: its time zone and country are the defaults of its contacts.
  package func location() async throws(GHLFailure) -> GHLLocation {
    let request = GHLRequest(.get, .location, path: ["locations", configuration.location])
    let slice = try await member("location", request)
    func text(_ name: String) -> String? { slice[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    return GHLLocation(
      id: text("id") ?? configuration.location, name: text("name"), timezone: text("timezone"), country: text("country"),
      companyId: text("companyId"), line: slice.line)
  }

  /// The whole record of a contact.
  package func contact(_ id: String) async throws(GHLFailure) -> RawRecord? {
    RawRecord(try await member("contact", GHLRequest(.get, .contact, path: ["contacts", id])))
  }

  package func notes(ofContact id: String) async throws(GHLFailure) -> [RawRecord] {
    try await records(of: "notes", GHLRequest(.get, .contactNotes, path: ["contacts", id, "notes"])).records
  }

  package func tasks(ofContact id: String) async throws(GHLFailure) -> [RawRecord] {
    try await records(of: "tasks", GHLRequest(.get, .contactTasks, path: ["contacts", id, "tasks"])).records
  }

  package func appointments(ofContact id: String) async throws(GHLFailure) -> [RawRecord] {
    try await records(of: "events", GHLRequest(.get, .contactAppointments, path: ["contacts", id, "appointments"])).records
  }

  /// The definitions of the contacts' custom fields, as the API gave them.
  package func customFields() async throws(GHLFailure) -> [RawRecord] {
    let request = GHLRequest(
      .get, .customFields, path: ["locations", configuration.location, "customFields"], query: [.init("model", "contact")])
    return try await records(of: "customFields", request).records
  }

  package func tags() async throws(GHLFailure) -> [RawRecord] {
    try await records(of: "tags", GHLRequest(.get, .tags, path: ["locations", configuration.location, "tags"])).records
  }

  /// Pages of all businesses.
  package func businesses() -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "businesses") { skip in
      GHLRequest(
        .get, .businesses, path: ["businesses", ""],
        query: [.init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip))])
    }
  }

  /// Pages of all tasks of a business's contacts.
  package func tasks(ofBusiness business: String) -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "tasks") { skip in
      GHLRequest(
        .post, .taskSearch, path: ["locations", location, "tasks", "search"],
        body: .object([.init("businessId", .string(business)), .init("limit", .number(limit)), .init("skip", .number(skip))]))
    }
  }

  /// Pages of the users of the location; the company is the location's.
  package func users(company: String) -> SkipWalk {
    let (location, limit) = (configuration.location, configuration.pageLimit)
    return SkipWalk(member: "users") { skip in
      GHLRequest(
        .get, .users, path: ["users", "search"],
        query: [
          .init("companyId", company), .init("locationId", location), .init("limit", String(limit)), .init("skip", String(skip)),
        ])
    }
  }

  /// Everything of one kind, for `waybill list`. A token of a location sees that location only.
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
        throw GHLFailure(.malformedAnswer, "the location has no companyId, and users are listed by it", endpoint: .users)
      }
      return try await all(users(company: company))
    }
  }

  private func all(_ walk: SkipWalk) async throws(GHLFailure) -> [RawRecord] {
    var walk = walk
    var records: [RawRecord] = []
    while let page = try await walk.next(self) { records += page.records }
    return records
  }

  // MARK: Cutting answers

  func records(of name: String, _ request: GHLRequest) async throws(GHLFailure) -> (records: [RawRecord], claimed: Int?) {
    let (slices, count) = try await slices(of: name, request)
    return (slices.map { RawRecord($0) }, count)
  }

  func slices(of name: String, _ request: GHLRequest) async throws(GHLFailure) -> (slices: [JSONSlice], count: Int?) {
    let answer = try await send(request)
    let root = try root(of: answer, request)
    guard let list = root[name], list.kind == .array else { throw missing("a list '\(name)'", request, answer) }
    // Counts are added up: no answer may make a sum too large.
    return (list.elements, (root["count"] ?? root["total"])?.integerValue.map { min(max($0, 0), 1 << 40) })
  }

  /// A page that looks like one from before is asked for again: the second answer may be right. One that stays so ends
  /// the walk, since it would go on for ever.
  func page(
    of name: String, _ request: GHLRequest, isRepeated: ([JSONSlice]) -> Bool
  ) async throws(GHLFailure) -> (slices: [JSONSlice], count: Int?) {
    for _ in 0..<3 {
      let (slices, count) = try await slices(of: name, request)
      if slices.isEmpty || !isRepeated(slices) { return (slices, count) }
    }
    throw GHLFailure(
      .pagingRepeats, "a page is the one before it, also when asked for again", request: request.title, endpoint: request.endpoint
    )
  }

  private func member(_ name: String, _ request: GHLRequest) async throws(GHLFailure) -> JSONSlice {
    let answer = try await send(request)
    guard let slice = try root(of: answer, request)[name], slice.kind == .object else {
      throw missing("an object '\(name)'", request, answer)
    }
    return slice
  }

  func root(of answer: GHLAnswer, _ request: GHLRequest) throws(GHLFailure) -> JSONSlice {
    do throws(JSONSlicer.Failure) { return try answer.slice() } catch { throw missing("JSON", request, answer) }
  }

  private func missing(_ what: String, _ request: GHLRequest, _ answer: GHLAnswer) -> GHLFailure {
    GHLFailure(
      .malformedAnswer, "\(what) is missing", request: request.title, endpoint: request.endpoint, status: answer.status,
      traceId: answer.traceId)
  }
}

/// What of a location mappings need.
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
