import Core
import GHL
import Records

/// What names in records mean in the target location: its custom fields, users and businesses. Each location has its own IDs for
/// them.
struct GHLLocationData: Sendable {
  enum Kind: Sendable, Hashable, CaseIterable { case customFields, users, businesses }

  var customFields: [CustomFieldDefinition] = []
  /// Their IDs, by e-mail address in lower case.
  private var users: [Name: String] = [:]
  private var businessIDs: Set<Name> = []
  private var businessesByName: [Name: [String]] = [:]

  init() {}

  // MARK: Names

  /// The ID of the user with an e-mail address.
  func user(_ email: String) -> String? { users[Name(email.lowercased())] }

  enum Business: Sendable, Hashable {
    case id(String)
    case unknown
    /// Several businesses have the name.
    case ambiguous(Int)
  }

  /// - Parameter text: an ID or a name; an ID comes first.
  func business(_ text: String) -> Business {
    if businessIDs.contains(Name(text)) { return .id(text) }
    let ids = businessesByName[Name(text)] ?? []
    return ids.count > 1 ? .ambiguous(ids.count) : ids.first.map { .id($0) } ?? .unknown
  }

  // MARK: Reading

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

  /// - Parameter get: the JSON of a response to GET, below the base URL.
  /// - Throws: what `get` throws; `OperationFailure` if a response does not have the expected form.
  init(
    _ kinds: Set<Kind>, location: String, get: (_ target: String) async throws -> JSONValue
  ) async throws {
    if kinds.contains(.customFields) {
      customFields = try Self.customFields(
        in: try await get(GHLRoute.customFields.target(location, query: [("model", "contact")])))
    }
    if kinds.contains(.users) {
      let own = try await get(GHLRoute.location.target(location))
      guard let company = own["location"]?["companyId"]?.stringValue else {
        throw Self.failure("the location has no 'companyId', without which its users cannot be listed")
      }
      for user in try await Self.pages(GHLRoute.users, "users", [("companyId", company), ("locationId", location)], get) {
        guard let id = user["id"]?.stringValue, let email = user["email"]?.stringValue else { continue }
        users[Name(email.lowercased())] = id
      }
    }
    if kinds.contains(.businesses) {
      for business in try await Self.pages(GHLRoute.businesses, "businesses", [("locationId", location)], get) {
        guard let id = business["id"]?.stringValue else { continue }
        businessIDs.insert(Name(id))
        if let name = business["name"]?.stringValue { businessesByName[Name(name), default: []].append(id) }
      }
    }
  }

  /// The definitions in a response to `GHLRoute.customFields`.
  ///
  /// - Throws: `OperationFailure` if the response does not have the expected form.
  static func customFields(in body: JSONValue) throws(OperationFailure) -> [CustomFieldDefinition] {
    CustomFieldDefinition.read(.object([.init("customFields", .array(try list(body, "customFields")))]))
  }

  private static let pageSize = 100
  private static let pagesAtMost = 10_000

  /// All elements of a list that is read with `limit` and `skip`. Elements that an earlier page already had are left out.
  private static func pages(
    _ route: GHLRoute, _ name: String, _ query: [(name: String, value: String)], _ get: (String) async throws -> JSONValue
  ) async throws -> [JSONValue] {
    var found: [JSONValue] = []
    var seen: Set<Name> = []
    var skip = 0
    for _ in 0..<pagesAtMost {
      let paging = [(name: "limit", value: String(pageSize)), ("skip", String(skip))]
      let page = try list(try await get(route.target(query: query + paging)), name)
      let new = page.filter { element in element["id"]?.stringValue.map { seen.insert(Name($0)).inserted } ?? false }
      found += new
      skip += page.count
      // A short page is not necessarily the last one; a page without anything new is.
      if new.isEmpty { return found }
    }
    throw failure("the list of \(name) has more than \(pagesAtMost) pages")
  }

  private static func list(_ body: JSONValue, _ name: String) throws(OperationFailure) -> [JSONValue] {
    guard let list = body[name]?.arrayValue else { throw failure("the response has no list '\(name)'") }
    return list
  }

  private static func failure(_ why: String) -> OperationFailure {
    OperationFailure(.unreachable, "the custom fields, users and businesses of the GHL location cannot be read: \(why)")
  }
}
