import Core
import TestSupport
import Testing

@testable import GHL

@Suite struct GHLRouteTests {
  typealias Generation = GHLVersions.Generation

  /// Those whose routes are all in the table, and those of which it has some.
  static let (whole, partial) = (["contacts", "businesses"], ["locations", "users", "calendars"])

  static func documents(_ names: [String], _ generation: Generation) -> [OfficialRequests]? {
    let found = names.compactMap { OfficialRequests($0, isV3: generation == .v3) }
    guard found.count == names.count else {
      print("not checked: documents not beside this checkout")
      return nil
    }
    return found
  }

  static func title(_ route: GHLRoute) -> String { route.method.rawValue + " " + route.template }

  @Test(arguments: Generation.allCases)
  func `every route of contacts and businesses is in the table, and no other`(generation: Generation) throws {
    guard let documents = Self.documents(Self.whole, generation) else { return }
    let official = Set(documents.flatMap(\.operations).map(\.title))
    let table = GHLRoute.all.filter { route in
      route.generations.contains(generation) && Self.whole.contains { route.template.hasPrefix("/\($0)/") }
    }
    #expect(official.count > 30)
    #expect(Set(table.map(Self.title)) == official)
  }

  @Test(arguments: Generation.allCases)
  func `scope, version, generations and body are those of the documents`(generation: Generation) throws {
    guard let documents = Self.documents(Self.whole + Self.partial, generation) else { return }
    let operations = Dictionary(uniqueKeysWithValues: documents.flatMap(\.operations).map { ($0.title, $0) })
    for route in GHLRoute.all {
      let operation = operations[Self.title(route)]
      #expect((operation != nil) == route.generations.contains(generation), "\(route.template)")
      guard let operation else { continue }
      // No scope is documented for the bulk routes.
      let isBulk = route == .bulkTags || route == .bulkBusiness
      #expect(operation.scopes == (isBulk ? [] : [route.scope]), "\(operation.title)")
      #expect(operation.versions == [route.version(in: generation)], "\(operation.title)")
      #expect((operation.body != nil) == (route.body(in: generation) != nil), "\(operation.title)")
    }
  }

  @Test func `routes are unique, and each endpoint has one scope`() {
    #expect(Set(GHLRoute.all).count == GHLRoute.all.count)
    for (endpoint, routes) in Dictionary(grouping: GHLRoute.all, by: \.endpoint) {
      #expect(routes.allSatisfy { $0.scope == endpoint.scope }, "\(endpoint)")
    }
    #expect(GHLEndpoint.allCases.filter { $0.scope == nil } == [.otherCalendars, .other])
  }

  @Test func `a read changes nothing, and everything else does`() {
    let reads = GHLRoute.all.filter(\.isRead)
    #expect(reads.allSatisfy { $0.scope.hasSuffix(".readonly") })
    #expect(GHLRoute.all.filter { !$0.isRead }.allSatisfy { $0.scope.hasSuffix(".write") })
    for route in GHLRoute.all {
      let request = GHLRequest(route.method, route.endpoint, path: route.template.split(separator: "/").map(String.init))
      #expect(request.isRepeatable == route.isRead, "\(route.template)")
    }
  }

  static let paths: [(GHLRequest.Method, String, GHLRoute?)] = [
    (.get, "/contacts/", .contactList), (.get, "/contacts", .contactList), (.post, "/contacts/", .createContact),
    (.get, "/contacts/c", .contact), (.get, "/contacts/search", .contact), (.post, "/contacts/search", .searchContacts),
    (.post, "/contacts/upsert", .upsertContact), (.post, "/contacts/c", nil), (.put, "/contacts/", nil),
    (.get, "/contacts/search/duplicate", .findDuplicate), (.get, "/contacts/business/b", .contactsOfBusiness),
    (.get, "/contacts/business/tasks", .contactsOfBusiness), (.get, "/contacts/c/tasks", .tasks),
    (.get, "/contacts/c/tasks/t", .task), (.put, "/contacts/c/tasks/t/completed", .completeTask),
    (.put, "/contacts/c/tasks/t/Completed", nil), (.delete, "/contacts/c/tags", .removeTags),
    (.delete, "/contacts/c/campaigns/x", .removeFromCampaign),
    (.delete, "/contacts/c/campaigns/removeAll", .removeFromAllCampaigns),
    (.delete, "/contacts/c/campaigns/remove-all", .removeFromAllCampaignsV3),
    (.post, "/contacts/bulk/tags/update/add", .bulkTags), (.post, "/contacts/bulk/business", .bulkBusiness),
    (.post, "/contacts/bulk/tags", .addTags), (.get, "/businesses/b", .business), (.delete, "/businesses/b", .deleteBusiness),
    (.get, "/locations/search", .locations), (.get, "/locations/l", .location),
    (.get, "/locations/l/customFields", .customFields), (.post, "/locations/l/tasks/search", .searchTasks),
    (.get, "/calendars/events/appointments/e", .appointment), (.get, "/calendars/", nil), (.get, "/", nil),
    (.get, "/opportunities/search", nil),
  ]

  @Test(arguments: paths)
  func `a path leads to its route`(method: GHLRequest.Method, path: String, route: GHLRoute?) {
    let request = GHLRequest(method: method, typed: path)
    #expect(GHLRoute.matching(method, request.path) == route)
    #expect(request.endpoint == route?.endpoint ?? (path.hasPrefix("/calendars") ? .otherCalendars : .other))
  }

  @Test func `a route of one generation is not found in the other`() {
    #expect(GHLRoute.matching(.get, ["contacts", ""], in: .v3) == nil)
    #expect(GHLRoute.matching(.get, ["contacts", ""], in: .dated) == .contactList)
    // What is a command in one generation is an ID in the other.
    #expect(GHLRoute.matching(.delete, ["contacts", "c", "campaigns", "removeAll"], in: .v3) == .removeFromCampaign)
  }

  @Test func `every route finds itself by a path of its own`() {
    for route in GHLRoute.all {
      let ids = route.parameters.indices.map { "id\($0)" }
      let path =
        switch ids.count {
        case 0: route.path()
        case 1: route.path(ids[0])
        default: route.path(ids[0], ids[1])
        }
      #expect(GHLRoute.matching(route.method, path) == route, "\(route.template)")
      #expect((path.last == "") == route.template.hasSuffix("/"), "\(route.template)")
    }
    #expect(GHLRoute.updateTask.path("a/b", "t") == ["contacts", "a/b", "tasks", "t"])
  }

  @Test(
    arguments: [
      (GHLRoute.contact.target("a/b?c"), "/contacts/a%2Fb%3Fc"),
      (GHLRoute.note.target("c 1", "n+1"), "/contacts/c%201/notes/n%2B1"),
      (GHLRoute.businesses.target(query: [("locationId", "l&1"), ("limit", "1")]), "/businesses/?locationId=l%261&limit=1"),
      (GHLRoute.searchContacts.target(), "/contacts/search"),
    ])
  func `a target has its values encoded`(target: String, expected: String) { #expect(target == expected) }

  @Test func `calendars have a version of their own`() {
    #expect(GHLRoute.calendarEvents.version(in: .dated) == "2021-04-15")
    #expect(
      GHLVersions().version(for: GHLEndpoint(method: .post, path: ["calendars", "events", "appointments"])) == "2021-04-15")
    #expect(GHLRoute.createContact.version(in: .dated) == "2021-07-28")
    #expect(GHLRoute.createContact.version(in: .v3) == "v3")
  }
}
