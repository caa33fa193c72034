import Core
import Testing

@testable import Sandbox

/// `--locations`: locations beside each other, of which a token reaches one.
@Suite struct LocationTests {
  private func sandbox(_ locations: Int, scale: Double = 1e6, faults: [String] = []) throws -> Sandbox {
    var options = SandboxOptions(contacts: 60, businesses: 3, limitScale: scale, faults: try FaultPlan(faults))
    options.locations = locations
    return Sandbox(options, now: { 1_700_000_000_000 })
  }

  private func ask(_ sandbox: Sandbox, _ target: String, token: String) throws -> (status: Int, body: JSONValue) {
    let answer = sandbox.respond(
      to: SandboxRequest("GET", target, authorization: "Bearer " + token, version: "2021-07-28"))
    return (answer.status, try JSONReader.read(answer.body))
  }

  /// The members of the records of a list, through the API.
  private func list(
    _ location: Sandbox, _ target: String, _ list: String, _ member: String, through sandbox: Sandbox
  ) throws -> [String] {
    let data = location.data
    let target = target.replacing("LOCATION", with: data.locationID).replacing("COMPANY", with: data.companyID)
    let answer = try ask(sandbox, target, token: location.tokens.location)
    #expect(answer.status == 200)
    return (answer.body[list]?.arrayValue ?? []).compactMap { $0[member]?.stringValue }
  }

  @Test(arguments: [
    ("/businesses/?locationId=LOCATION", "businesses", "name"),
    ("/users/search?companyId=COMPANY&locationId=LOCATION", "users", "email"),
    ("/users/search?companyId=COMPANY&locationId=LOCATION", "users", "name"),
    ("/locations/LOCATION/customFields", "customFields", "fieldKey"),
    ("/locations/LOCATION/tags", "tags", "name"),
  ])
  func `locations have the same offices under IDs of their own`(target: String, name: String, member: String) throws {
    let sandbox = try sandbox(3)
    let locations = sandbox.sandboxes
    #expect(locations.count == 3)
    let values = try locations.map { try list($0, target, name, member, through: sandbox) }
    #expect(values[0].count > 2 && values[1] == values[0] && values[2] == values[0])
    let ids = try locations.flatMap { try list($0, target, name, "id", through: sandbox) }
    #expect(Set(ids).count == 3 * values[0].count)
  }

  @Test func `only the first location has contacts`() throws {
    let sandbox = try sandbox(2)
    let counts = try sandbox.sandboxes.map { location in
      let target = "/contacts/?limit=100&locationId=" + location.data.locationID
      return try ask(sandbox, target, token: location.tokens.location).body["meta"]?["total"]?.intValue
    }
    #expect(counts == [60, 0])
  }

  @Test func `the first location is that of a sandbox with one location`() throws {
    let (one, three) = (try sandbox(1), try sandbox(3))
    #expect(one.sandboxes.count == 1)
    #expect(three.tokens.location == one.tokens.location && three.tokens.second == one.tokens.second)
    #expect(three.data.locationID == one.data.locationID)
    let target = "/contacts/" + one.data.contactID(at: 7)
    #expect(try ask(three, target, token: one.tokens.location).body == ask(one, target, token: one.tokens.location).body)
  }

  @Test func `a token does not reach another location`() throws {
    let sandbox = try sandbox(2)
    let (first, second) = (sandbox.data, sandbox.sandboxes[1].data)
    let tokens = (sandbox.tokens.location, sandbox.sandboxes[1].tokens.location)
    for (target, token) in [
      ("/businesses/?locationId=" + first.locationID, tokens.1), ("/businesses/?locationId=" + second.locationID, tokens.0),
      ("/locations/" + first.locationID, tokens.1), ("/contacts/" + first.contactID(at: 0), tokens.1),
      ("/contacts/\(first.contactID(at: 0))/notes", tokens.1), ("/businesses/" + second.businessID(at: 0), tokens.0),
      ("/contacts/business/\(first.businessID(at: 0))?locationId=\(second.locationID)", tokens.1),
    ] {
      let answer = try ask(sandbox, target, token: token)
      #expect(answer.status == 403, "\(target)")
      #expect(answer.body["message"]?.stringValue == "The token does not have access to this location.")
    }
    #expect(try ask(sandbox, "/contacts/unknown", token: tokens.1).status == 400)
    #expect(try ask(sandbox, "/contacts/" + first.contactID(at: 0), token: tokens.0).status == 200)
  }

  @Test func `each location has its own limits, statistics and rotation`() throws {
    let sandbox = try sandbox(2, scale: 0.03, faults: ["rotate-after=2"])
    let second = sandbox.sandboxes[1]
    func status(_ location: Sandbox, _ token: String) throws -> Int {
      try ask(sandbox, "/locations/" + location.data.locationID, token: token).status
    }
    #expect(try (0..<4).map { _ in try status(sandbox, sandbox.tokens.location) } == [200, 200, 401, 401])
    #expect(try (0..<2).map { _ in try status(sandbox, sandbox.tokens.second) } == [200, 429])
    #expect(try status(second, second.tokens.second) == 200)
    #expect(try (0..<2).map { _ in try status(second, second.tokens.location) } == [200, 401])
    #expect(sandbox.statistics.byStatus == [200: 3, 401: 2, 429: 1])
    #expect(second.statistics.byStatus == [200: 2, 401: 1])
    #expect(try status(sandbox, "pit-wrong") == 401 && sandbox.statistics.requests == 7)
  }

  @Test func `a server hosts all locations on one port`() async throws {
    var options = SandboxOptions(contacts: 5, businesses: 2)
    options.locations = 2
    try await SandboxServer.withServer(options) { address, sandbox in
      #expect(address.locations.map(\.id) == sandbox.sandboxes.map(\.data.locationID))
      #expect(address.locations.first.map { $0.id } == address.location && address.locations.first?.token == address.token)
      for location in address.locations {
        let answer = try await PlainClient.get(
          port: address.port, "/locations/" + location.id, token: location.token)
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains(location.id))
      }
      #expect(sandbox.sandboxes.map(\.statistics.requests) == [1, 1])
      let view = try await PlainClient.get(port: address.port, "/_sandbox/locations", token: address.appToken)
      for location in address.locations {
        #expect(
          view.contains(#""location":"\#(location.id)","requests":1,"writes":0,"byRoute":{"GET /locations/{locationId}":1}"#))
      }
      #expect(sandbox.sandboxes.map(\.statistics.maximumConcurrent) == [1, 1])
    }
  }
}
