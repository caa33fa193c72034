import Core
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
    /// Members that only the search brought.
    var recovered = 0
  }

  private(set) var lists: [List] = []
  /// Records of other businesses or locations that lists gave, by the business whose list it was, in their order.
  private(set) var strays: [(business: String, record: StrayRecord)] = []

  var isEmpty: Bool { lists.isEmpty }

  mutating func add(_ list: List) { lists.append(list) }

  mutating func add(_ strays: [StrayRecord], in business: String) {
    self.strays += strays.map { (business, $0) }
  }

  mutating func recover(_ business: String) {
    guard let index = lists.firstIndex(where: { $0.business.isExactly(business) }) else { return }
    lists[index].recovered += 1
  }

  /// Businesses of which only an earlier snapshot can say how large they are.
  var unsized: Set<Name> { Set(names: lists.filter { $0.claimed == nil }.map(\.business)) }

  /// Records that are missing for `list`; nil: nobody knows.
  ///
  /// - Parameters:
  ///   - searched: the whole location was searched, and the index says who belongs to which business: then whoever is
  ///     not there is nowhere.
  ///   - sizes: of an earlier snapshot.
  static func missing(for list: List, searched: Bool, sizes: [Name: Int]?) -> Int? {
    let came = list.came + list.recovered
    if let claimed = list.claimed { return max(0, claimed - came) }
    if searched { return 0 }
    return sizes?[list.business].map { max(0, $0 - came) }
  }
}
