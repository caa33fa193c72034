/// Walks a list by `limit` and `skip` to its end: an empty page, never a short one or a count. Records that moved between
/// pages are returned once; if some did, or the source's count shows that some are missing, the list is walked a second
/// time. Several pages in a row without new records are a failure, not an endless loop.
package struct SkipWalk: Sendable {
  private let member: String
  private let scope: RecordScope
  private let request: @Sendable (_ skip: Int) -> GHLRequest
  private var skip = 0
  private var seen = IdentifierSet()
  private var knownStrays = StraySet()
  private var lastPage = PageMark()
  private var isAtEnd = false
  private var pass = 1
  private var pages = 0
  private var pagesOfFirstPass = 0
  private var stalePages = 0
  private var sawTwice = false
  /// The number of records that the source last reported.
  package private(set) var claimed: Int?

  /// After this many pages without new records, the pages are considered to repeat; in a second pass, this many more than
  /// the first pass had.
  private static let stalePagesAtMost = 3

  /// - Parameters:
  ///   - member: The member of the response that has the records.
  ///   - scope: What they must belong to.
  ///   - request: a whole request for the page that starts there.
  package init(member: String, scope: RecordScope, request: @escaping @Sendable (_ skip: Int) -> GHLRequest) {
    self.member = member
    self.scope = scope
    self.request = request
  }

  /// For messages: the request for the walk's current page.
  var lastRequest: GHLRequest { request(skip) }

  /// Different records so far.
  package var count: Int { seen.count }

  /// The source reports more records than it returned.
  package var isShort: Bool { claimed.map { seen.count < $0 } ?? false }

  /// The next page with new records; nil at the end.
  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    while !isAtEnd {
      let last = lastPage
      let request = request(skip)
      let (slices, claimed) = try await client.page(of: member, request, scope) { PageMark($0.map { RawRecord($0) }) == last }
      if let claimed { self.claimed = claimed }
      guard !slices.isEmpty else {
        startAgainOrEnd()
        continue
      }
      lastPage = PageMark(slices.map { RawRecord($0) })
      skip += lastPage.distinct
      pages += 1
      let (own, foreign) = ListAnswer.split(slices, scope)
      let fresh = own.filter { seen.insert($0) }
      // A record seen in the first pass is not new in the second.
      let strays = knownStrays.insert(foreign)
      if pass == 1, fresh.count + foreign.count < lastPage.distinct { sawTwice = true }
      stalePages = fresh.isEmpty && strays.isEmpty ? stalePages + 1 : 0
      if stalePages > Self.stalePagesAtMost + pagesOfFirstPass {
        throw GHLFailure(
          .pagingRepeats, "\(stalePages) pages without a new record", request: request.title, endpoint: request.endpoint)
      }
      if !fresh.isEmpty || !strays.isEmpty { return GHLPage(records: fresh, claimed: self.claimed, strays: strays) }
    }
    return nil
  }

  private mutating func startAgainOrEnd() {
    guard pass == 1, seen.count > 0, sawTwice || isShort else {
      isAtEnd = true
      return
    }
    pass = 2
    pagesOfFirstPass = pages
    stalePages = 0
    skip = 0
    lastPage = PageMark()
  }
}
