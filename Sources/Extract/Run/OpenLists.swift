import GHL

/// Lists of businesses that did not bring what the source says these have: they broke off, or ended short. At the end of
/// a run it is told what is missing of each.
struct OpenLists: Sendable {
  struct List: Sendable, Hashable {
    var business: String
    /// Different contacts that the list brought.
    var came: Int
    /// What the source says is their number.
    var claimed: Int?
    /// The writer's number of its refusal; nil: the list ended short.
    var refusal: Int?
  }

  private(set) var lists: [List] = []
  /// Records of other businesses or locations that lists gave, by the business whose list it was, in their order.
  private(set) var strays: [(business: String, record: StrayRecord)] = []

  /// Members that only the search brought, by business.
  private var recovered: [String: Int] = [:]
  /// Businesses whose list gave strays, and whose number of contacts the source says.
  private var sizedWithStrays: Set<String> = []

  var isEmpty: Bool { lists.isEmpty }

  mutating func add(_ list: List) { lists.append(list) }

  /// - Parameter claimed: what the source says is the number of contacts of the business.
  mutating func add(_ strays: [StrayRecord], in business: String, claimed: Int?) {
    guard !strays.isEmpty else { return }
    self.strays += strays.map { (business, $0) }
    if claimed != nil { sizedWithStrays.insert(business) }
  }

  mutating func recover(_ business: String) { recovered[business, default: 0] += 1 }

  /// Businesses of which only an earlier snapshot can say how large they are.
  var unsized: Set<String> { Set(lists.filter { $0.claimed == nil }.map(\.business)) }

  /// Records that are missing for `list`; nil: nobody knows.
  ///
  /// - Parameters:
  ///   - searched: the whole location was searched, and the index says who belongs to which business: then whoever is
  ///     not there is nowhere.
  ///   - sizes: of an earlier snapshot.
  func missing(for list: List, searched: Bool, sizes: [String: Int]?) -> Int? {
    let came = list.came + recovered[list.business, default: 0]
    if let claimed = list.claimed { return max(0, claimed - came) }
    if searched { return 0 }
    return sizes?[list.business].map { max(0, $0 - came) }
  }

  /// How many strays of each business stood in the place of a contact that came by the search, or that is counted as
  /// missing already; further ones are missing themselves.
  ///
  /// - Parameters:
  ///   - missing: what is known to be missing of each business.
  ///   - searched: as for `missing(for:searched:sizes:)`.
  func accounted(missing: [String: Int], searched: Bool) -> [String: Int] {
    var accounted = missing.merging(recovered) { $0 + $1 }
    // What the source says of an open list is accounted for to the last contact.
    for list in lists where list.claimed != nil { accounted[list.business] = .max }
    guard searched else { return accounted }
    for (business, _) in strays where !sizedWithStrays.contains(business) { accounted[business] = .max }
    return accounted
  }
}
