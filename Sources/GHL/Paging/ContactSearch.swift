import Core
import Records

/// Walks all contacts of the location by search: the cursor is the `searchAfter` of the last contact, the sort order
/// stays the same throughout, and an empty page is the end. There is no limit on how far it reaches. If the source's total
/// shows that some are missing (contacts moved in the meantime), it walks a second time.
package struct ContactSearch: Sendable {
  private var cursor: JSONValue?
  private var seen = IdentifierSet()
  private var knownStrays = StraySet()
  private var isAtEnd = false
  private var pass = 1
  private var pages = 0
  private var pagesOfFirstPass = 0
  private var stalePages = 0
  /// Distinct contacts so far.
  package var count: Int { seen.count }

  /// The number of contacts of the location that the source reports.
  package private(set) var total: Int?

  package init() {}

  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    while !isAtEnd {
      let sent = cursor
      let request = Self.request(client, pageLimit: client.configuration.pageLimit, after: sent)
      let scope = RecordScope(location: client.configuration.location)
      let (slices, count) = try await client.page(of: "contacts", request, scope) {
        sent != nil && Self.cursor(of: $0.last) == sent
      }
      if let count { total = count }
      guard let last = slices.last else {
        startAgainOrEnd()
        continue
      }
      guard let next = Self.cursor(of: last) else {
        throw GHLFailure(.malformedAnswer, "a contact without `searchAfter`", request: request.title, endpoint: request.endpoint)
      }
      cursor = next
      pages += 1
      // Repeating cursors bring nothing new.
      let (own, foreign) = ListAnswer.split(slices, scope)
      let fresh = own.filter { seen.insert($0) }
      let strays = knownStrays.insert(foreign)
      stalePages = fresh.isEmpty && strays.isEmpty ? stalePages + 1 : 0
      if stalePages > (pass == 1 ? 3 : pagesOfFirstPass + 3) {
        throw GHLFailure(.pagingRepeats, "pages without a new contact", request: request.title, endpoint: request.endpoint)
      }
      if !fresh.isEmpty || !strays.isEmpty { return GHLPage(records: fresh, claimed: total, strays: strays) }
    }
    return nil
  }

  private mutating func startAgainOrEnd() {
    guard pass == 1, pages > 0, let total, seen.count < total else {
      isAtEnd = true
      return
    }
    pass = 2
    pagesOfFirstPass = pages
    stalePages = 0
    cursor = nil
  }

  private static func cursor(of contact: JSONSlice?) -> JSONValue? {
    // A cursor is a value and an id; it goes into the next request unchanged.
    guard let raw = contact?["searchAfter"]?.raw, raw.count <= 4_096, let value = try? JSONReader.read(Array(raw)),
      value.arrayValue?.isEmpty == false
    else { return nil }
    return value
  }

  static func request(_ client: GHLClient, pageLimit: Int, after cursor: JSONValue? = nil) -> GHLRequest {
    var body: [JSONValue.Member] = [
      .init("locationId", .string(client.configuration.location)), .init("pageLimit", .number(pageLimit)),
      .init("sort", .array([.object([.init("field", .string("dateAdded")), .init("direction", .string("asc"))])])),
    ]
    if let cursor { body.append(.init("searchAfter", cursor)) }
    return GHLRequest(.post, .contactSearch, path: ["contacts", "search"], body: .object(body))
  }
}
