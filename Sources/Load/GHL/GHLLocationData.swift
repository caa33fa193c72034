import Core
import GHL
import Records

/// What names in records mean in the target location: its custom fields, users and businesses. Each location has its own IDs for
/// them.
struct GHLLocationData: Sendable {
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

  /// - Parameter get: the JSON of a response to GET, below the base URL.
  /// - Throws: what `get` throws; `OperationFailure` if a response does not have the expected form.
  init(
    _ kinds: Set<Kind>, location: String, get: (_ target: String) async throws -> JSONValue
  ) async throws {
    var company: String?
    for request in Self.requests(of: kinds) {
      switch request {
      case .customFields: customFields = try Self.customFields(in: try await get(request.target(in: location)))
      case .location:
        company = try await get(request.target(in: location))["location"]?["companyId"]?.stringValue
        if company == nil { throw Self.failure("the location has no 'companyId', without which its users cannot be listed") }
      case .users:
        let found = try await Self.pages(of: "users") {
          try await get(request.target(in: location, company: company, skip: $0))
        }
        for user in found {
          guard let id = user["id"]?.stringValue, let email = user["email"]?.stringValue else { continue }
          users[Name(email.lowercased())] = id
        }
      case .businesses:
        let found = try await Self.pages(of: "businesses") { try await get(request.target(in: location, skip: $0)) }
        for business in found {
          guard let id = business["id"]?.stringValue else { continue }
          businessIDs.insert(Name(id))
          if let name = business["name"]?.stringValue { businessesByName[Name(name), default: []].append(id) }
        }
      }
    }
  }

  /// The definitions in a response to `GHLRoute.customFields`.
  ///
  /// - Throws: `OperationFailure` if the response does not have the expected form.
  static func customFields(in body: JSONValue) throws(OperationFailure) -> [CustomFieldDefinition] {
    CustomFieldDefinition.read(.object([.init("customFields", .array(try list(body, "customFields")))]))
  }

  static let pageSize = 100
  private static let pagesAtMost = 10_000

  /// All elements of a list. Elements that an earlier page already had are left out.
  ///
  /// - Parameter get: a page.
  private static func pages(of name: String, _ get: (_ skip: Int) async throws -> JSONValue) async throws -> [JSONValue] {
    var found: [JSONValue] = []
    var seen: Set<Name> = []
    var skip = 0
    for _ in 0..<pagesAtMost {
      let page = try list(try await get(skip), name)
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
