import Control
import Core
import HTTP
package import Records
import Values

extension GHLClient {
  /// What is known at the end of a list's pages.
  package enum End: Sendable, Hashable {
    /// Nothing follows.
    case reached
    /// It is unknown how this list continues, or whether it does.
    case unknown
  }

  /// All pages of any list that a user requests: `waybill ghl METHOD PATH --all`. The route determines how a list is paged;
  /// a response without a list, or of a route that is not known to be paged, is one page.
  ///
  /// - Parameter body: Receives each page's records (the whole response as one record if there is no list).
  @discardableResult
  package func pages(of request: GHLRequest, _ body: ([RawRecord]) async throws -> Void) async throws -> End {
    var request = request
    var walk = PageWalk(.links(from: request.identity))
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
      let next = Result { () throws(GHLFailure) in
        try Self.request(after: request, root: root, last: last, count: elements.count)
      }
      let isAccepted =
        walk.take(
          PageWalk.Page(
            records.map { .init($0.mark, content: IdentityMark(of: $0.line)) },
            next: (try? next.get()).map { .link($0.identity) })) != nil
      // A page that repeats is not shown; one that leads nowhere is.
      if isAccepted { try await body(records) }
      if case .fail(let failure) = walk.action { throw Self.failure(failure, of: request) }
      guard let following = try next.get() else {
        return Self.isEnd(request, root, count: walk.count) ? .reached : .unknown
      }
      request = following
    }
  }

  private static func failure(_ failure: PageWalk.Failure, of request: GHLRequest) -> GHLFailure {
    let detail =
      switch failure {
      case .stale(let pages): "\(pages) pages without a new record"
      case .standing: "the cursor does not advance"
      case .repeatedPage, .missingCursor, .stuck: "the same page was returned twice"
      }
    return GHLFailure(.pagingRepeats, detail, request: request.title, endpoint: request.endpoint)
  }

  /// If there is no next request: whether that means that nothing follows.
  private static func isEnd(_ request: GHLRequest, _ root: JSONSlice, count: Int) -> Bool {
    if let total = (root["total"] ?? root["count"] ?? root["meta"]?["total"])?.countValue { return count >= total }
    switch request.endpoint {
    case .contactList: return root["meta"].map { $0["nextPageUrl"]?.kind == .null || $0["nextPage"]?.kind == .null } ?? false
    // These return everything at once.
    case .contact, .contactTasks, .contactNotes, .contactAppointments, .location, .customFields, .tags, .calendarEvents:
      return true
    default: return false
    }
  }

  /// Where `--all` can continue from: a page or a number of records, well below the largest integer.
  package static let countable = 0...1_000_000_000

  /// The value of `skip` or `page` from which the next page is computed; nil if there is none.
  ///
  /// - Throws: `GHLFailure` of kind `configuration` if it is not a whole number, or out of range.
  private static func position(_ name: String, _ typed: String?) throws(GHLFailure) -> Int? {
    guard let typed else { return nil }
    guard let number = Int(typed), countable.contains(number) else {
      throw GHLFailure(
        .configuration,
        "\(name)=\(ShownText.identifier(typed) ?? "''") is not a valid start for paging: use a number from 0 to \(countable.upperBound)"
      )
    }
    return number
  }

  /// Whether all pages from `request` on can be read.
  ///
  /// - Throws: `GHLFailure` of kind `configuration`.
  package static func checkPosition(of request: GHLRequest) throws(GHLFailure) {
    switch request.endpoint {
    case .contactSearch: _ = try position("page", text(of: "page", in: request.body))
    case .taskSearch: _ = try position("skip", text(of: "skip", in: request.body))
    case .contactList: break
    default: _ = try position("skip", request[query: "skip"])
    }
  }

  private static func text(of member: String, in body: JSONValue?) -> String? {
    switch body?[member] {
    case nil, .null: nil
    case .number(let digits): digits
    case .string(let text): text
    case .some(let other): other.text
    }
  }

  /// The cursor for the next page in a response; nil if it is too long to be one.
  private static func cursor(_ value: JSONSlice?) -> String? {
    guard let value, value.raw.count <= 4_096 else { return nil }
    return switch value.kind {
    case .string, .number: AnswerIdentity.text(value)
    default: nil
    }
  }

  /// The request for the next page; nil if none can be derived.
  ///
  /// - Throws: `GHLFailure` of kind `configuration` if the request does not say where to continue from.
  package static func request(
    after request: GHLRequest, root: JSONSlice, last: JSONSlice, count: Int
  ) throws(GHLFailure) -> GHLRequest? {
    var next = request
    switch request.endpoint {
    case .contactList:
      // Both parts, or the first page would repeat forever. The answer's `nextPageUrl` could lead anywhere.
      guard let meta = root["meta"], let id = cursor(meta["startAfterId"]), let after = cursor(meta["startAfter"]) else {
        return nil
      }
      next[query: "startAfterId"] = id
      next[query: "startAfter"] = after
    case .contactSearch:
      guard case .object(var members) = request.body ?? .object([]) else { return nil }
      if let page = members.firstIndex(where: { $0.name == "page" }) {
        members[page].value = .number((try position("page", text(of: "page", in: request.body)) ?? 1) + 1)
      } else {
        guard let raw = last["searchAfter"]?.raw, raw.count <= 4_096, let cursor = try? JSONReader.read(Array(raw)) else {
          return nil
        }
        members.removeAll { $0.name == "searchAfter" }
        members.append(.init("searchAfter", cursor))
      }
      next.body = .object(members)
    case .taskSearch:
      guard case .object(var members) = request.body ?? .object([]) else { return nil }
      let skip = try position("skip", text(of: "skip", in: request.body)) ?? 0
      members.removeAll { $0.name == "skip" }
      members.append(.init("skip", .number(skip + count)))
      next.body = .object(members)
    case .contactsByBusiness, .businesses, .users:
      next[query: "skip"] = String((try position("skip", request[query: "skip"]) ?? 0) + count)
    default:
      guard let skip = try position("skip", request[query: "skip"]) else { return nil }
      next[query: "skip"] = String(skip + count)
    }
    return next
  }
}

extension GHLRequest {
  /// Equal for equal requests, and only for these.
  fileprivate var identity: String { "\(method.rawValue) \(target) \(version ?? "") \(body?.text ?? "")" }
}
