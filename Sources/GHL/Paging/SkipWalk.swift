/// Walks a list by `limit` and `skip` to its end: an empty page, never a short one or a count. Records that moved
/// between pages come once; a page that comes twice in a row is a failure, not a loop.
package struct SkipWalk: Sendable {
  private let member: String
  private let request: @Sendable (_ skip: Int) -> GHLRequest
  private var skip = 0
  private var seen = IdentifierSet()
  private var lastPage = PageMark()
  private var isAtEnd = false

  /// - Parameters:
  ///   - member: where the answer has its records.
  ///   - request: a whole request for the page that starts there.
  package init(member: String, request: @escaping @Sendable (_ skip: Int) -> GHLRequest) {
    self.member = member
    self.request = request
  }

  /// The next page; nil at the end.
  package mutating func next(_ client: GHLClient) async throws(GHLFailure) -> GHLPage? {
    guard !isAtEnd else { return nil }
    let last = lastPage
    let (slices, claimed) = try await client.page(of: member, request(skip)) { PageMark($0.map { RawRecord($0) }) == last }
    guard !slices.isEmpty else {
      isAtEnd = true
      return nil
    }
    let all = slices.map { RawRecord($0) }
    lastPage = PageMark(all)
    skip += lastPage.distinct
    return GHLPage(records: all.filter { $0.id.map { seen.insert($0) } ?? true }, claimed: claimed)
  }
}
