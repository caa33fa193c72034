import Core

/// The contacts of a search in the requested order.
enum SearchOrder: Sendable {
  /// All of them by `dateAdded`, computed.
  case arrival(descending: Bool)
  /// Some of them, or another order: numbers of contacts.
  case list([UInt32])

  func count(in data: SyntheticData) -> Int {
    switch self {
    case .arrival: data.contactCount
    case .list(let indices): indices.count
    }
  }

  func index(at place: Int, in data: SyntheticData) -> Int {
    switch self {
    case .arrival(let descending): data.contact(arrivedAs: descending ? data.contactCount - 1 - place : place)
    case .list(let indices): Int(indices[place])
    }
  }

  func place(of index: Int, in data: SyntheticData) -> Int? {
    switch self {
    case .arrival(let descending):
      let rank = data.rank(ofContact: index)
      return descending ? data.contactCount - 1 - rank : rank
    case .list(let indices): return indices.firstIndex(of: UInt32(index))
    }
  }
}

/// The orders of the last searches, so that the pages of one walk do not each filter and sort the whole location.
final class SearchOrders: Sendable {
  private static let capacity = 4
  private let kept = Locked<[(key: String, order: SearchOrder)]>([])

  /// Call this when the contacts have changed.
  func removeAll() { kept.withLock { $0 = [] } }

  func order(_ key: String, make: () -> SearchOrder) -> SearchOrder {
    if let known = kept.withLock({ $0.first { $0.key == key }?.order }) { return known }
    let order = make()
    kept.withLock { kept in
      kept.append((key, order))
      if kept.count > Self.capacity { kept.removeFirst() }
    }
    return order
  }
}
