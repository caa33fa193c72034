import Core
import Records

/// Walks all contacts of the location by search: the cursor is the `searchAfter` of the last contact, the sort order
/// stays the same throughout, the end is an empty page. Has no wall.
package struct ContactSearch: Sendable {
  private var cursor: JSONValue?
  private var seen = IdentifierSet()
  private var isAtEnd = false
  /// What the source says is the number of all contacts of the location.
  package private(set) var total: Int?

  package init() {}

  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    while !isAtEnd {
      let request = Self.request(client, pageLimit: client.configuration.pageLimit, after: cursor)
      let (slices, count) = try await client.slices(of: "contacts", request)
      if let count { total = count }
      guard let last = slices.last else { break }
      guard let raw = last["searchAfter"]?.raw, let next = try? JSONReader.read(Array(raw)), next.arrayValue?.isEmpty == false else {
        throw GHLFailure(.malformedAnswer, "a contact without `searchAfter`", request: request.title, endpoint: request.endpoint)
      }
      if next == cursor {
        throw GHLFailure(.pagingRepeats, "the cursor does not move", request: request.title, endpoint: request.endpoint)
      }
      cursor = next
      let fresh = slices.map { RawRecord($0) }.filter { $0.id.map { seen.insert($0) } ?? true }
      if fresh.isEmpty {
        throw GHLFailure(.pagingRepeats, "a page without a new contact", request: request.title, endpoint: request.endpoint)
      }
      return GHLPage(records: fresh, claimed: total)
    }
    isAtEnd = true
    return nil
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
