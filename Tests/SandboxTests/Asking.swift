import Core

@testable import Sandbox

/// Asks a sandbox without a server in between.
struct Asking {
  let sandbox: Sandbox
  var version: String? = "2021-07-28"

  init(contacts: Int = 300, businesses: Int = 4, seed: UInt64 = 1, faults: [String] = [], version: String? = "2021-07-28") throws
  {
    var options = SandboxOptions(contacts: contacts, businesses: businesses, seed: seed, limitScale: 1e6)
    options.faults = try FaultPlan(faults)
    sandbox = Sandbox(options, now: { 1_700_000_000_000 })
    self.version = version
  }

  var data: SyntheticData { sandbox.data }
  var location: String { data.locationID }

  func raw(_ method: String, _ target: String, body: String = "") -> SandboxAnswer {
    sandbox.respond(
      to: SandboxRequest(
        method, target, authorization: "Bearer " + sandbox.tokens.location, version: version, body: Array(body.utf8)))
  }

  func get(_ target: String) throws -> JSONValue { try JSONReader.read(raw("GET", target).body) }
  func post(_ target: String, _ body: String) throws -> JSONValue { try JSONReader.read(raw("POST", target, body: body).body) }

  func contacts(_ value: JSONValue) -> [JSONValue] { value["contacts"]?.arrayValue ?? [] }
  func ids(_ value: JSONValue) -> [String] { contacts(value).compactMap { $0["id"]?.stringValue } }
}

extension SyntheticData {
  func ids(_ range: Range<Int>) -> [String] { range.map(contactID(at:)) }
}
