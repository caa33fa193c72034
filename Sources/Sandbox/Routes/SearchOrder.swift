import Core

/// The contacts of a search in the requested order.
enum SearchOrder: Sendable {
  /// All of them by `dateAdded`, computed.
  case arrival(descending: Bool)
  /// Some of them, or another order: numbers of contacts.
  case list([UInt32])

  func count(in data: SyntheticData) -> Int {
    switch self {
    case .arrival: data.liveCount
    case .list(let indices): indices.count
    }
  }

  func index(at place: Int, in data: SyntheticData) -> Int {
    switch self {
    case .arrival(let descending): data.contact(arrivedAs: descending ? data.liveCount - 1 - place : place)
    case .list(let indices): Int(indices[place])
    }
  }

  /// The place behind a contact, also where a contact was that is deleted; nil if a list does not have it.
  func place(after index: Int, in data: SyntheticData) -> Int? {
    switch self {
    case .arrival(let descending):
      let rank = data.rank(ofContact: index)
      return descending ? data.liveCount - rank : data.isThere(index) ? rank + 1 : rank
    case .list(let indices): return indices.firstIndex(of: UInt32(index)).map { $0 + 1 }
    }
  }
}

/// The orders of the last searches, so that the pages of one walk do not each filter and sort the whole location.
final class SearchOrders: Sendable {
  private static let capacity = 4
  private let kept = Locked<[(key: String, order: SearchOrder)]>([])

  /// - Parameter key: says what is ordered, and as of which write.
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
