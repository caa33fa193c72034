import Core
import GHL
import TestSupport
import Testing

/// What GHL's official documents say about each body that a load sends in these tests. Where the documents are not beside this checkout,
/// nothing is compared.
enum OfficialBodies {
  private static let documents = GHLVersions.Generation.allCases.map { generation in
    (generation, OfficialRequests("contacts", isV3: generation == .v3))
  }

  /// Why the document does not accept a body; nil if it does.
  static func fault(_ sent: SandboxTransport.Sent, version: String) -> String? {
    let segments = sent.target.split(separator: "?")[0].split(separator: "/").map(String.init)
    guard sent.isWrite, let method = GHLRequest.Method(rawValue: sent.method),
      let route = GHLRoute.matching(method, segments),
      let (generation, found) = documents.first(where: { GHLRoute.contact.version(in: $0.0) == version }), let document = found
    else { return nil }
    let title = "\(sent.method) \(route.template)"
    guard let operation = document.operations.first(where: { $0.title == title }) else {
      return "the document of \(generation) has no operation '\(title)'"
    }
    guard let schema = operation.body else { return sent.body == nil ? nil : "the operation takes no body" }
    guard let body = sent.body else { return "the operation needs a body" }
    return document.fault(body, in: schema)
  }
}

/// Without this, a comparison that compares nothing would look like a success.
@Suite struct OfficialBodiesTests {
  @Test(arguments: GHLVersions.Generation.allCases)
  func `a body that GHL would refuse is noticed`(_ generation: GHLVersions.Generation) throws {
    guard OfficialRequests("contacts", isV3: generation == .v3) != nil else {
      print("not checked: GHL's documents are not beside this checkout")
      return
    }
    func fault(_ method: String, _ target: String, _ body: String?) throws -> String? {
      let sent = SandboxTransport.Sent(
        method: method, target: target, body: try body.map { try JSONReader.read($0) }, number: 1, isWrite: true)
      return OfficialBodies.fault(sent, version: GHLRoute.contact.version(in: generation))
    }
    #expect(try fault("POST", "/contacts/", #"{"locationId":"l","email":"ann@x.io"}"#) == nil)
    #expect(try fault("POST", "/contacts/", #"{"locationId":"l","ssn":"1"}"#) == "body.ssn is unknown")
    #expect(try fault("POST", "/contacts/", #"{"email":"ann@x.io"}"#) == "body.locationId is missing")
    #expect(try fault("POST", "/contacts/", nil) == "the operation needs a body")
    #expect(try fault("POST", "/contacts/c1/tasks", #"{"title":1}"#) == "body.title has the wrong type")
    #expect(try fault("DELETE", "/contacts/c1", "{}") == "the operation takes no body")
  }
}
