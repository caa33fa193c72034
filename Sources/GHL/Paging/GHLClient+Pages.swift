import Core
import Records

extension GHLClient {
  /// What is known where the pages of a list end.
  package enum End: Sendable, Hashable {
    /// Nothing follows.
    case reached
    /// Nobody knows how this list goes on, or whether it does.
    case unknown
  }

  /// So many pages without a new record are taken for a circle.
  private static let stalePagesAtMost = 3

  /// All pages of any list that a user asks for: `waybill ghl METHOD PATH --all`. How a list is paged follows from its
  /// route; an answer without a list, or of a route that is not known to be paged, is one page.
  ///
  /// - Parameter body: hears each page's records (the whole answer as one record where there is no list).
  @discardableResult
  package func pages(of request: GHLRequest, _ body: ([RawRecord]) async throws -> Void) async throws -> End {
    var request = request
    var lastPage: [[UInt8]] = []
    var seen = IdentifierSet()
    var stalePages = 0
    while true {
      let answer = try await send(request)
      let root = try root(of: answer, request)
      guard let list = root.members.first(where: { $0.value.kind == .array })?.value else {
        try await body([RawRecord(root)])
        return .reached
      }
      let elements = list.elements
      guard let last = elements.last else { return .reached }
      let records = elements.map { RawRecord($0) }
      let lines = records.map(\.line)
      if lines == lastPage {
        throw GHLFailure(.pagingRepeats, "the same page came twice", request: request.title, endpoint: request.endpoint)
      }
      lastPage = lines
      var isStale = true
      for record in records where seen.insert(record) { isStale = false }
      stalePages = isStale ? stalePages + 1 : 0
      guard stalePages <= Self.stalePagesAtMost else {
        throw GHLFailure(
          .pagingRepeats, "\(stalePages) pages without a new record", request: request.title, endpoint: request.endpoint)
      }
      try await body(records)
      guard let next = Self.request(after: request, root: root, last: last, count: elements.count) else {
        return Self.isEnd(request, root, count: seen.count) ? .reached : .unknown
      }
      guard next != request else {
        throw GHLFailure(.pagingRepeats, "the cursor does not move", request: request.title, endpoint: request.endpoint)
      }
      request = next
    }
  }

  /// For want of a next request: whether that says that nothing follows.
  private static func isEnd(_ request: GHLRequest, _ root: JSONSlice, count: Int) -> Bool {
    if let total = (root["total"] ?? root["count"] ?? root["meta"]?["total"])?.integerValue { return count >= total }
    switch request.endpoint {
    case .contactList: return root["meta"].map { $0["nextPageUrl"]?.kind == .null || $0["nextPage"]?.kind == .null } ?? false
    // These give all that there is.
    case .contact, .contactTasks, .contactNotes, .contactAppointments, .location, .customFields, .tags, .calendarEvents:
      return true
    default: return false
    }
  }

  private static func request(after request: GHLRequest, root: JSONSlice, last: JSONSlice, count: Int) -> GHLRequest? {
    var next = request
    switch request.endpoint {
    case .contactList:
      // Both parts, or the first page comes again for ever.
      guard let meta = root["meta"], let id = meta["startAfterId"]?.stringValue,
        let after = meta["startAfter"].map({ $0.stringValue ?? String(decoding: $0.line, as: UTF8.self) })
      else { return nil }
      next[query: "startAfterId"] = id
      next[query: "startAfter"] = after
    case .contactSearch:
      guard case .object(var members) = request.body ?? .object([]) else { return nil }
      if let page = members.firstIndex(where: { $0.name == "page" }) {
        members[page].value = .number((members[page].value.intValue ?? 1) + 1)
      } else {
        guard let raw = last["searchAfter"]?.raw, let cursor = try? JSONReader.read(Array(raw)) else { return nil }
        members.removeAll { $0.name == "searchAfter" }
        members.append(.init("searchAfter", cursor))
      }
      next.body = .object(members)
    case .taskSearch:
      guard case .object(var members) = request.body ?? .object([]) else { return nil }
      let skip = members.last { $0.name == "skip" }?.value.intValue ?? 0
      members.removeAll { $0.name == "skip" }
      members.append(.init("skip", .number(skip + count)))
      next.body = .object(members)
    case .contactsByBusiness, .businesses, .users:
      next[query: "skip"] = String((request[query: "skip"].flatMap { Int($0) } ?? 0) + count)
    default:
      guard let skip = request[query: "skip"].flatMap({ Int($0) }) else { return nil }
      next[query: "skip"] = String(skip + count)
    }
    return next
  }
}
