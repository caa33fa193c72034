import Core
import GHL

/// Lists of businesses with fewer contacts than the source reports: they broke off, or ended short. At the end of a run,
/// the missing contacts of each are reported.
struct OpenLists: Sendable {
  struct List: Sendable, Hashable {
    var business: String
    /// Distinct contacts that the list returned.
    var came: Int
    /// The number that the source reports.
    var claimed: Int?
    /// The writer's number of its refusal; nil: the list ended short.
    var refusal: Int?
  }

  private(set) var lists: [List] = []
  /// Records of other businesses or locations that lists returned, by the business whose list it was, in order.
  private(set) var strays: [(business: String, record: StrayRecord)] = []

  /// Members that only the search found, by business.
  private var recovered: [Name: Int] = [:]
  /// Businesses whose list returned strays and whose number of contacts the source reports.
  private var sizedWithStrays: Set<Name> = []

  var isEmpty: Bool { lists.isEmpty }

  mutating func add(_ list: List) { lists.append(list) }

  /// - Parameter claimed: the number of contacts that the source reports for the business.
  mutating func add(_ strays: [StrayRecord], in business: String, claimed: Int?) {
    guard !strays.isEmpty else { return }
    self.strays += strays.map { (business, $0) }
    if claimed != nil { sizedWithStrays.insert(business) }
  }

  mutating func recover(_ business: String) { recovered[business, default: 0] += 1 }

  /// Businesses of which only an earlier snapshot can say how large they are.
  var unsized: Set<Name> { Set(names: lists.filter { $0.claimed == nil }.map(\.business)) }

  /// Records that are missing from `list`; nil if unknown.
  ///
  /// - Parameters:
  ///   - searched: the whole location was searched, and the index names each contact's business: contacts that it lacks
  ///     do not exist.
  ///   - sizes: of an earlier snapshot.
  func missing(for list: List, searched: Bool, sizes: [Name: Int]?) -> Int? {
    let came = list.came + recovered[list.business, default: 0]
    if let claimed = list.claimed { return max(0, claimed - came) }
    if searched { return 0 }
    return sizes?[list.business].map { max(0, $0 - came) }
  }

  /// How many strays of each business took the place of a contact that the search found or that is already counted as
  /// missing. Any others are missing themselves.
  ///
  /// - Parameters:
  ///   - missing: the number known to be missing, by business.
  ///   - searched: as for `missing(for:searched:sizes:)`.
  func accounted(missing: [Name: Int], searched: Bool) -> [Name: Int] {
    var accounted = missing.merging(recovered) { $0 + $1 }
    // The reported size of an open list is fully accounted for.
    for list in lists where list.claimed != nil { accounted[Name(list.business)] = .max }
    guard searched else { return accounted }
    for (business, _) in strays where !sizedWithStrays.contains(business) { accounted[Name(business)] = .max }
    return accounted
  }
}
