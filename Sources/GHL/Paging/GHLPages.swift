import Control
import Core
import Records

/// The pages of one list of the API: sends the requests that a `PageWalk` asks for, and cuts the responses.
///
///     var pages = client.contacts(ofBusiness: id)
///     while let page = try await pages.next(client) { write(page.records) }
package struct GHLPages: Sendable {
  /// What is listed.
  enum List: Sendable {
    /// By `limit` and `skip`: the member of the response that has the records, what they must belong to, and a whole request
    /// for the page that starts there.
    case records(member: String, RecordScope, request: @Sendable (_ skip: Int) -> GHLRequest)
    /// All contacts of the location.
    case contacts
    case contactsOfBusiness(String)
  }

  private let list: List
  private var walk: PageWalk
  /// Strays of a page that had nothing else: they are delivered with the next one.
  private var held: [StrayRecord] = []
  private var lastRequest: GHLRequest?
  /// The name of the contact at which the current page begins, where it had to be read.
  private var sortName: (id: String, name: String)?

  init(_ list: List, _ rules: PageWalk.Rules) {
    self.list = list
    walk = PageWalk(rules)
  }

  /// Different records so far.
  package var count: Int { walk.count }

  /// The number of records that the source last reported.
  package var claimed: Int? { walk.total }

  /// The source reports more records than it returned.
  package var isShort: Bool { walk.isIncomplete }

  /// The next page with new records; nil at the end.
  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    while true {
      switch walk.action {
      case .end:
        guard !held.isEmpty else { return nil }
        return deliver([])
      case .fail(let failure): throw self.failure(failure)
      case .request(let place):
        if let page = try await read(place, client) { return page }
      }
    }
  }

  private mutating func read(_ place: PageWalk.Place, _ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    let listed: [ListedRecord]
    let total: Int?
    do throws(GHLFailure) {
      let request = try await request(place, client)
      lastRequest = request
      let (slices, count) = try await client.slices(of: member, request)
      listed = slices.map { [scope = scope(place, client)] in ListedRecord($0, scope) }
      total = count
    } catch {
      guard walk.refuse(error.refusal) else { throw error }
      return nil
    }
    guard let delivery = walk.take(page(listed, total: total, at: place)) else { return nil }
    held += delivery.strays.compactMap { listed[$0].stray }
    let fresh = delivery.fresh.map { listed[$0].record }
    return delivery.isHeld || (fresh.isEmpty && held.isEmpty) ? nil : deliver(fresh)
  }

  private mutating func deliver(_ records: [RawRecord]) -> GHLPage {
    defer { held = [] }
    return GHLPage(records: records, claimed: walk.total, strays: held)
  }

  private func page(_ listed: [ListedRecord], total: Int?, at place: PageWalk.Place) -> PageWalk.Page {
    var wanted: String?
    if case .cursor = place, case .contactsOfBusiness(let business) = list { wanted = business }
    var page = PageWalk.Page(listed.map { [wanted] in $0.walked(wanted: wanted) }, total: total)
    guard let last = listed.last else { return page }
    if case .cursor = place { page.next = last.cursor.map { .cursor($0) } }
    if case .contactsOfBusiness = list { page.last = last.record.id.map { .init(id: $0, name: last.sortName) } }
    return page
  }

  // MARK: Requests

  private var member: String {
    switch list {
    case .records(let member, _, _): member
    case .contacts, .contactsOfBusiness: "contacts"
    }
  }

  /// What the records of a page must belong to. A search returns contacts of every business.
  private func scope(_ place: PageWalk.Place, _ client: GHLClient) -> RecordScope {
    if case .records(_, let scope, _) = list { return scope }
    let location = client.configuration.location
    guard case .contactsOfBusiness(let business) = list else { return RecordScope(location: location) }
    if case .cursor = place { return RecordScope(location: location) }
    return RecordScope(location: location, business: business)
  }

  private mutating func request(_ place: PageWalk.Place, _ client: GHLClient) async throws(GHLFailure) -> GHLRequest {
    switch (place, list) {
    case (.skip(let skip), .records(_, _, let request)): return request(skip)
    case (.skip(let skip), .contactsOfBusiness(let business)):
      return Self.request(business, [.init("skip", String(skip))], client)
    case (.after(let id, let known), .contactsOfBusiness(let business)):
      let name = try await name(of: id, known, client)
      // A comma in the name would be taken for the one between the two parts.
      let cursor: [GHLRequest.Parameter] =
        name.contains(",") ? [.init("startAfter", name), .init("startAfter", id)] : [.init("startAfter", "\(name),\(id)")]
      return Self.request(business, cursor, client, version: "v3")
    case (.cursor(let cursor), _): return Self.search(client, pageLimit: client.configuration.pageLimit, after: cursor)
    // No rules of these lists lead there.
    case (.skip, .contacts), (.after, _), (.link, _):
      throw GHLFailure(.configuration, "a list cannot be read from \(place)")
    }
  }

  /// The list by the cursor of API v3 is slim and has no names, so the contact is read by its ID: one call per page.
  private mutating func name(of id: String, _ known: String?, _ client: GHLClient) async throws(GHLFailure) -> String {
    if let known { return known }
    if let sortName, sortName.id.isExactly(id) { return sortName.name }
    let name = try await client.contact(id).flatMap { ListedRecord.sortName(of: $0.slice) } ?? ""
    sortName = (id, name)
    return name
  }

  private static func request(
    _ business: String, _ query: [GHLRequest.Parameter], _ client: GHLClient, version: String? = nil
  ) -> GHLRequest {
    let own: [GHLRequest.Parameter] = [
      .init("locationId", client.configuration.location), .init("limit", String(client.configuration.pageLimit)),
    ]
    return GHLRequest(.get, .contactsByBusiness, path: ["contacts", "business", business], query: own + query, version: version)
  }

  static func search(_ client: GHLClient, pageLimit: Int, after cursor: JSONValue? = nil) -> GHLRequest {
    var body: [JSONValue.Member] = [
      .init("locationId", .string(client.configuration.location)), .init("pageLimit", .number(pageLimit)),
      .init("sort", .array([.object([.init("field", .string("dateAdded")), .init("direction", .string("asc"))])])),
    ]
    if let cursor { body.append(.init("searchAfter", cursor)) }
    return GHLRequest(.post, .contactSearch, path: ["contacts", "search"], body: .object(body))
  }

  // MARK: Failures

  private func failure(_ failure: PageWalk.Failure) -> GHLFailure {
    func fault(_ kind: GHLFailure.Kind, _ detail: String) -> GHLFailure {
      GHLFailure(kind, detail, request: lastRequest?.title ?? "", endpoint: lastRequest?.endpoint ?? .other)
    }
    switch failure {
    case .repeatedPage: return fault(.pagingRepeats, "a page is the same as the one before it, even when requested again")
    case .stale where lastRequest?.endpoint == .contactSearch: return fault(.pagingRepeats, "pages without a new contact")
    case .stale(let pages): return fault(.pagingRepeats, "\(pages) pages without a new record")
    case .standing: return fault(.pagingRepeats, "the cursor does not advance")
    case .missingCursor: return fault(.malformedAnswer, "a contact without `searchAfter`")
    case .stuck:
      var business = ""
      if case .contactsOfBusiness(let id) = list { business = " of business \(id)" }
      return GHLFailure(
        .malformedAnswer, "paging cannot get past contact \(count) of \(claimed ?? 0)\(business)", endpoint: .contactsByBusiness)
    }
  }

  /// For messages.
  func wrong(_ stray: StrayRecord) -> GHLFailure {
    GHLFailure(
      .wrongRecord, "\(stray.shownId ?? "a record") \(stray.owner)", request: lastRequest?.title ?? "",
      endpoint: lastRequest?.endpoint ?? .other)
  }
}

extension GHLFailure {
  /// As a page walk sees it.
  fileprivate var refusal: PageWalk.Refusal {
    switch kind {
    case .validation: .request
    case .notFound, .versionRefused: .way
    default: .other(endsRun: endsRun)
    }
  }
}
