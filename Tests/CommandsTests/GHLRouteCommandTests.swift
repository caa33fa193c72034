import Core
import TestSupport
import Testing

@testable import Commands
@testable import GHL
@testable import Sandbox

/// Every GHL route, called by hand: `waybill ghl` against the sandbox, in both generations.
@Suite struct GHLRouteCommandTests {
  typealias Generation = GHLVersions.Generation

  private static func sample(_ route: GHLRoute) throws -> GHLRouteSample {
    let title = "\(route.method.rawValue) \(route.template)"
    return try #require(GHLRouteSample.all.first { $0.title.isExactly(title) }, "\(title)")
  }

  private static func routes(_ generation: Generation) -> [GHLRoute] {
    GHLRoute.all.filter { $0.generations.contains(generation) }
  }

  private static func run(_ words: [String], _ generation: Generation, _ address: SandboxAddress) async -> Ended {
    await waybill(
      ["ghl"] + words + ["--api-version", generation.rawValue, "--project", "/nowhere"],
      environment: ["GHL_BASE_URL": address.baseURL, "GHL_TOKEN": address.token, "GHL_LOCATION": address.location])
  }

  /// Contacts that have at least one of everything, so that each sample has a contact of its own.
  private static func rich(_ data: SyntheticData) -> [Int] {
    let found = (0..<data.contactCount).lazy.filter { index in
      guard !data.tasks(of: index).isEmpty, !data.notes(of: index).isEmpty, !data.appointments(of: index).isEmpty else {
        return false
      }
      let contact = data.contact(at: index)
      return !contact.tags.isEmpty && !contact.followers.isEmpty && contact.email?.isEmpty == false
    }
    return Array(found.prefix(GHLRoute.all.count))
  }

  /// The values of a sample's placeholders, except `{location}`, which the command knows.
  private static func values(_ number: Int, _ contacts: [Int], _ data: SyntheticData) -> [(name: String, text: String)] {
    let index = contacts[number % contacts.count]
    let contact = data.contact(at: index)
    let fields = data.customFieldDefinitions
    let appointment = data.appointments(of: index)[0]
    return [
      ("contactId", contact.id), ("taskId", data.tasks(of: index)[0].id), ("id", data.notes(of: index)[0].id),
      ("eventId", appointment.id), ("eventUser", appointment.assignedUserID), ("businessId", data.businessID(at: number % 4)),
      ("locationId", data.locationID), ("companyId", data.companyID), ("userId", data.userID(at: 2)), ("type", "add"),
      ("campaignId", "campaign"), ("workflowId", "workflow"), ("tag", contact.tags[0]), ("follower", contact.followers[0]),
      ("email", (contact.email ?? "").replacing("+", with: "%2B")), ("plainEmail", contact.email ?? ""),
      ("textField", fields[0].id), ("textKey", fields[0].key),
      ("listField", fields[10].id),
    ]
  }

  private static func filled(_ text: String, _ values: [(name: String, text: String)]) -> String {
    values.reduce(text) { $0.replacing("{\($1.name)}", with: $1.text) }
  }

  @Test(arguments: Generation.allCases)
  func `every route is accepted by the sandbox, and what it wrote is read back`(generation: Generation) async throws {
    let options = SandboxOptions(contacts: 4_000, businesses: 6, seed: 21, limitScale: 1_000)
    try await SandboxServer.withServer(options) { address, sandbox in
      let contacts = Self.rich(sandbox.data)
      let routes = Self.routes(generation)
      #expect(contacts.count >= routes.count)
      for (number, route) in routes.enumerated() {
        let sample = try Self.sample(route)
        // The businesses of the first samples are still there for the last ones.
        var values = Self.values(number, contacts, sandbox.data)
        if sample.title == "DELETE /businesses/{businessId}" {
          values = values.map { $0.name == "businessId" ? ($0.name, sandbox.data.businessID(at: 5)) : $0 }
        }
        let path = Self.filled(sample.template + sample.query, values)
        var words = [sample.method, path, "--yes"]
        if let body = sample.body(isV3: generation == .v3) { words += ["--body", Self.filled(body, values)] }
        let ended = await Self.run(words, generation, address)
        if case .notHosted = sample.proof {
          #expect(ended.code != .done && Route.allCases.allSatisfy { $0.rawValue != sample.title }, "\(sample.title)")
          continue
        }
        #expect(ended.code == .done && ended.error == "", "\(words): \(ended.error)")
        #expect(sandbox.statistics.byRoute[sample.title, default: 0] > 0, "\(sample.title)")
        let response = try JSONReader.read(ended.output)
        try await Self.prove(sample, values, response, generation, address)
      }
    }
  }

  private static func prove(
    _ sample: GHLRouteSample, _ values: [(name: String, text: String)], _ response: JSONValue, _ generation: Generation,
    _ address: SandboxAddress
  ) async throws {
    var values = values + [("location", address.location)]
    // GHL spells the business of a response like this.
    if let id = ["contact", "task", "note", "buiseness"].lazy.compactMap({ response[$0]?["id"]?.stringValue }).first {
      values.append(("created", id))
    }
    let search =
      #"{"locationId":"{location}","pageLimit":20,"filters":[{"field":"email","operator":"eq","value":"{plainEmail}"}]}"#
    func read(_ path: String) async -> Ended {
      let words =
        path == GHLRouteSample.search ? ["POST", path, "--body", filled(search, values)] : ["GET", filled(path, values)]
      return await run(words, generation, address)
    }
    switch sample.proof {
    case .notHosted: break
    case .response(let text):
      #expect(response.contains(try JSONReader.read(filled(text, values))), "\(sample.title): \(response.text)")
    case .gone(let path):
      let ended = await read(path)
      #expect(ended.code == .configuration && ended.output == "", "\(sample.title): \(ended.error)")
      #expect(["no such record", "not found"].contains { ended.error.contains($0) }, "\(sample.title): \(ended.error)")
    case .shows(let path, let text):
      let found = try JSONReader.read(await read(path).output)
      #expect(found.contains(try JSONReader.read(filled(text, values))), "\(sample.title): \(found.text)")
    case .lacks(let path, let text):
      let found = try JSONReader.read(await read(path).output)
      #expect(!found.contains(try JSONReader.read(filled(text, values))), "\(sample.title): \(found.text)")
      #expect(found.text.contains(filled("{contactId}", values)), "\(sample.title): \(found.text)")
    }
  }

  @Test(arguments: Generation.allCases)
  func `a wrong body of any route is refused, and nothing is sent`(generation: Generation) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 50, businesses: 6, seed: 21, limitScale: 1_000)) {
      address, sandbox in
      for route in Self.routes(generation) {
        let sample = try Self.sample(route)
        for body in try Self.wrong(route, sample, generation) {
          let ended = await Self.run(
            [sample.method, sample.template, "--yes"] + body.map { ["--body", $0] }.joined(), generation, address)
          #expect(ended.code == .usage && ended.error.contains("was not sent"), "\(sample.title) \(body): \(ended.error)")
        }
      }
      #expect(sandbox.statistics.requests == 0)
    }
  }

  /// Bodies that a route does not accept; `[]` is none at all.
  private static func wrong(_ route: GHLRoute, _ sample: GHLRouteSample, _ generation: Generation) throws -> [[String]] {
    guard let shape = route.body(in: generation) else { return [[#"{"waybill":1}"#], ["{}"]] }
    let right = try JSONReader.read(try #require(sample.body(isV3: generation == .v3)))
    let members = try #require(right.objectValue)
    var wrong: [[String]] = [[JSONValue.object(members + [.init("waybill", .number(1))]).text], ["[]"]]
    if let required = shape.members.first(where: \.isRequired) {
      wrong += [[], [JSONValue.object(members.filter { $0.name != required.name }).text]]
    }
    return wrong
  }
}
