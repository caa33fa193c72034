/// How much a location has, as far as an extraction's cost depends on it.
package struct LocationSize: Sendable, Hashable {
  /// Businesses of the location: their list is read whole.
  package var businesses: Int
  /// Contacts of each business that is read, in the order of the list.
  package var members: [Int]
  /// Contacts that belong to no business.
  package var outside: Int
  /// All contacts of the location: the search walks through them.
  package var total: Int

  package init(businesses: Int, members: [Int], outside: Int, total: Int) {
    self.businesses = businesses
    self.members = members
    self.outside = outside
    self.total = total
  }
}

/// What an extraction would cost, call by call, as `Extractor` makes them.
extension FetchPlan {
  package struct Estimate: Sendable, Hashable {
    package var calls: [FetchCall: Int]
    /// Contacts that would be read.
    package var contacts: Int
    package var total: Int { calls.values.reduce(0, +) }

  }

  /// How long requests take at the API's pace, in seconds.
  package static func seconds(for requests: Int, perInterval max: Int = 100, intervalSeconds: Double = 10) -> Double {
    Double(requests) * intervalSeconds * 1.05 / Double(Swift.max(1, max))
  }

  /// Pages of `pageLimit`, and each list's last, empty page. How many tasks there are is not known: one for each contact.
  ///
  /// - Parameter limit: At most this many contacts; nil: all.
  package func estimatedRequests(_ size: LocationSize, limit: Int? = nil, pageLimit: Int = 100) -> Estimate {
    func pages(_ records: Int) -> Int { (records + pageLimit - 1) / pageLimit + 1 }
    let limit = limit ?? .max
    var (contacts, lists) = (0, 0)
    for members in size.members where contacts < limit {
      let left = limit - contacts
      // Where the limit is reached within a list, the rest of it is not read.
      lists += members >= left ? (left + pageLimit - 1) / pageLimit : pages(members)
      contacts += min(members, left)
    }
    let searches = makes(.outside) && contacts < limit && (withoutBusiness == .include || businesses == .all)
    let outsiders = searches && withoutBusiness == .include ? min(size.outside, limit - contacts) : 0
    let records = contacts + outsiders
    var calls: [FetchCall: Int] = [:]
    for call in FetchCall.allCases where makes(call) {
      calls[call] =
        switch call {
        case .location, .customFields: 1
        case .businesses: pages(size.businesses)
        case .users: 2
        case .list: lists
        case .detail, .notes, .appointments: records
        case .tasks:
          // One by one for a few contacts; otherwise in bulk, after one small call that checks the token's permission.
          limit < .max
            ? records : size.members.isEmpty ? outsiders : 1 + size.members.map(pages).reduce(0, +) + outsiders
        case .outside: searches ? pages(size.total) : 0
        }
    }
    return Estimate(calls: calls, contacts: records)
  }
}
