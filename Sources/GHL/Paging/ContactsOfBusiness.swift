import Core
import Records

/// Walks the contacts of one business, past the wall that `skip` is assumed to have.
///
/// 1. By `limit` and `skip`, each page with its whole query, until a page is empty. If records moved in the meantime
///    (one came twice, or the source's count shows that some are missing), the list is walked a second time.
/// 2. Beyond the wall, by the cursor of API v3, which is the name and the id of the last contact. The list is slim and
///    has no names, so the last contact of each page is read by its ID: one call per page.
/// 3. If that is refused, or ends before the source's count, by a search through the whole location, keeping the
///    contacts of this business.
///
/// A list that ends before the wall and before the source's count may have ended at a wall that returns an empty page: then
/// the cursor is tried as well. If it returns nothing, the walk ends short (`isShort`): counts are often slightly off, and a
/// search through the whole location for each such business would cost more than all its contacts. A caller that reads many
/// businesses makes one search for all that ended short.
///
/// Contacts are in the order of the pages. Memory: 16 bytes per contact.
package struct ContactsOfBusiness: Sendable {
  private enum Way: Sendable {
    case skip(Int, pass: Int)
    case cursor(id: String, name: String?)
    case search(ContactSearch)
    case ended
  }

  package let business: String
  private var way: Way = .skip(0, pass: 1)
  private var seen = IdentifierSet()
  private var knownStrays = StraySet()
  private var strays: [StrayRecord] = []
  private var lastPage = PageMark()
  private var lastId: String?
  private var sawTwice = false
  private var sawBusinessInSearch = false
  /// There are more records than `skip` reaches.
  private var isPastWall = false
  /// The number of contacts of this business that the source last reported.
  package private(set) var claimed: Int?

  package init(business: String) { self.business = business }

  /// Distinct contacts so far.
  package var count: Int { seen.count }

  /// The next page with new records; nil at the end.
  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    while true {
      let found: [RawRecord]?
      switch way {
      case .ended:
        guard !strays.isEmpty else { return nil }
        found = []
      case .skip(let skip, let pass): found = try await skipPage(client, skip, pass)
      case .cursor(let id, let name): found = try await cursorPage(client, id, name)
      case .search(let walk): found = try await searchPage(client, walk)
      }
      if let found, !found.isEmpty || !strays.isEmpty {
        defer { strays = [] }
        return GHLPage(records: found, claimed: claimed, strays: strays)
      }
    }
  }

  private func scope(_ client: GHLClient) -> RecordScope {
    RecordScope(location: client.configuration.location, business: business)
  }

  /// The source reports more records than it returned.
  package var isShort: Bool { claimed.map { seen.count < $0 } ?? false }

  private func request(_ client: GHLClient, _ query: [GHLRequest.Parameter], version: String? = nil) -> GHLRequest {
    let own: [GHLRequest.Parameter] = [
      .init("locationId", client.configuration.location), .init("limit", String(client.configuration.pageLimit)),
    ]
    return GHLRequest(.get, .contactsByBusiness, path: ["contacts", "business", business], query: own + query, version: version)
  }

  private mutating func skipPage(_ client: GHLClient, _ skip: Int, _ pass: Int) async throws(GHLFailure) -> [RawRecord]? {
    let last = lastPage
    let slices: [JSONSlice]
    do throws(GHLFailure) {
      let (page, claimed) = try await client.page(
        of: "contacts", request(client, [.init("skip", String(skip))]), scope(client)
      ) {
        PageMark($0.map { RawRecord($0) }) == last
      }
      if let claimed { self.claimed = claimed }
      slices = page
    } catch {
      // A wall that comes sooner than ours.
      guard error.kind == .validation, let id = lastId else { throw error }
      isPastWall = true
      way = .cursor(id: id, name: nil)
      return nil
    }
    let all = slices.map { RawRecord($0) }
    guard let end = all.last else {
      lastPage = PageMark()
      if pass == 1, seen.count > 0, sawTwice || isShort {
        way = .skip(0, pass: 2)
      } else if isShort, let id = lastId {
        way = .cursor(id: id, name: nil)
      } else {
        way = .ended
      }
      return nil
    }
    lastPage = PageMark(all)
    lastId = end.id ?? lastId
    let (fresh, foreign) = keepNew(slices, client)
    if fresh.count + foreign < lastPage.distinct { sawTwice = true }
    let next = skip + lastPage.distinct
    if next >= client.configuration.skipWall, let id = end.id {
      isPastWall = true
      way = .cursor(id: id, name: Self.name(in: end))
    } else {
      way = .skip(next, pass: pass)
    }
    return fresh
  }

  private mutating func cursorPage(_ client: GHLClient, _ id: String, _ known: String?) async throws(GHLFailure) -> [RawRecord]? {
    let found: [JSONSlice]
    do throws(GHLFailure) {
      var name = known
      if name == nil { name = try await client.contact(id).flatMap { Self.name(in: $0) } }
      // A comma in the name would be taken for the one between the two parts.
      let cursor: [GHLRequest.Parameter] =
        name?.contains(",") == true
        ? [.init("startAfter", name ?? ""), .init("startAfter", id)] : [.init("startAfter", "\(name ?? ""),\(id)")]
      let known = seen
      let (slices, claimed) = try await client.page(of: "contacts", request(client, cursor, version: "v3"), scope(client)) {
        page in
        page.allSatisfy { $0["id"]?.stringValue.map { known.contains($0) } ?? false }
      }
      if let claimed { self.claimed = claimed }
      found = slices
    } catch {
      let isRefused = [.validation, .notFound, .versionRefused, .pagingRepeats].contains(error.kind)
      guard isRefused || (!isPastWall && !error.endsRun) else { throw error }
      way = isPastWall ? .search(ContactSearch()) : .ended
      return nil
    }
    let all = found.map { RawRecord($0) }
    let (fresh, _) = keepNew(found, client)
    guard let last = all.last, let lastId = last.id, !fresh.isEmpty else {
      way = isPastWall && (!all.isEmpty || isShort) ? .search(ContactSearch()) : .ended
      return nil
    }
    isPastWall = true
    way = .cursor(id: lastId, name: Self.name(in: last))
    return fresh
  }

  private mutating func searchPage(_ client: GHLClient, _ walk: ContactSearch) async throws(GHLFailure) -> [RawRecord]? {
    var walk = walk
    guard let page = try await walk.next(client) else {
      way = .ended
      if !sawBusinessInSearch, isShort {
        throw GHLFailure(
          .malformedAnswer, "paging cannot get past contact \(seen.count) of \(claimed ?? 0) of business \(business)",
          endpoint: .contactsByBusiness)
      }
      return nil
    }
    way = .search(walk)
    strays += knownStrays.insert(page.strays)
    let own = page.records.filter { record in
      guard let id = (try? JSONSlicer.slice(record.line))?["businessId"]?.stringValue else { return false }
      sawBusinessInSearch = true
      return id.isExactly(business)
    }
    return own.filter { seen.insert($0) }
  }

  /// The records of this business that are new, and how many of the records belong elsewhere.
  private mutating func keepNew(_ slices: [JSONSlice], _ client: GHLClient) -> (fresh: [RawRecord], foreign: Int) {
    let (own, foreign) = ListAnswer.split(slices, scope(client))
    strays += knownStrays.insert(foreign)
    return (own.filter { seen.insert($0) }, foreign.count)
  }

  /// The name by which the list is sorted: in lower case, the first and the last one.
  static func name(in record: RawRecord) -> String? {
    guard let slice = try? JSONSlicer.slice(record.line) else { return nil }
    for member in ["fullNameLowerCase", "contactName", "name"] {
      if let name = slice[member]?.stringValue, !name.isEmpty { return name.lowercased() }
    }
    let parts = [slice["firstName"]?.stringValue, slice["lastName"]?.stringValue].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ").lowercased()
  }
}

extension GHLClient {
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
    try await slices(of: "contacts", ContactSearch.request(self, pageLimit: 1)).count
  }
}
