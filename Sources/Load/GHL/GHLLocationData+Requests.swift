import Core
import GHL

/// Which data of the location a mapping needs, and what is requested for it: the only list of that. Scopes, the proof of scopes and
/// the cost of a load follow from it.
extension GHLLocationData {
  enum Kind: Sendable, Hashable, CaseIterable {
    case customFields, users, businesses

    /// What is requested for it, in this order. Users are listed by the company, which only the location knows.
    fileprivate var requests: [Request] {
      switch self {
      case .customFields: [.customFields]
      case .users: [.location, .users]
      case .businesses: [.businesses]
      }
    }
  }

  /// A list or a record that is requested. Each has a scope of its own.
  enum Request: Sendable, Hashable, CaseIterable {
    case customFields, location, users, businesses

    var route: GHLRoute {
      switch self {
      case .customFields: .customFields
      case .location: .location
      case .users: .users
      case .businesses: .businesses
      }
    }

    /// A list that is read page by page; it ends with a page without anything new.
    var isPaged: Bool { self == .users || self == .businesses }

    /// - Parameters:
    ///   - company: of the location; only the list of users needs it.
    ///   - limit: the size of a page.
    ///   - skip: nil: the first page.
    func target(in location: String, company: String? = nil, limit: Int = GHLLocationData.pageSize, skip: Int? = nil) -> String {
      var query: [(name: String, value: String)] = []
      switch self {
      case .customFields: return route.target(location, query: [("model", "contact")])
      case .location: return route.target(location)
      case .users: query = [("companyId", company ?? ""), ("locationId", location)]
      case .businesses: query = [("locationId", location)]
      }
      query.append(("limit", String(limit)))
      if let skip { query.append(("skip", String(skip))) }
      return route.target(query: query)
    }
  }

  /// What a mapping needs: definitions of custom fields, users and businesses only where it writes such fields.
  ///
  /// - Parameter columns: the paths that the mapping writes.
  static func kinds(for part: GHLPartDocument, columns: [[String]]) -> Set<Kind> {
    let names = columns.compactMap(\.first)
    var kinds: Set<Kind> = []
    if part.target == .contacts, names.contains(exactly: GHLFields.customFields) { kinds.insert(.customFields) }
    if part.target.hasRecords, names.contains(where: { GHLFields.users.contains($0) }) { kinds.insert(.users) }
    if part.target == .business { kinds.insert(.businesses) }
    return kinds
  }

  /// What is requested for these kinds.
  static func requests(of kinds: Set<Kind>) -> [Request] { Kind.allCases.filter(kinds.contains).flatMap(\.requests) }
}
