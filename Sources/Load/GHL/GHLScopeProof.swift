import Control
import Core
import GHL

/// Asks GHL whether a token belongs to the location, and whether it has the scopes that a load needs. Scopes cannot be listed, but each
/// route reveals its own.
///
/// For each scope that reads, it makes a small GET. That of `contacts.readonly` is a search for duplicates, which names the location:
/// GHL refuses it with a 403 if the token belongs to another one, and it needs no other scope, as reading the location would. For
/// `contacts.write`, it makes a PUT of `{}` to a contact that cannot exist: every response but a refusal of the token means that the
/// token has the scope, and nothing is written. The GET of the custom fields also shows whether the location has those that the
/// mappings write. Calls that fail are made again; a location that still does not respond proves nothing, and the load finds out.
struct GHLScopeProof: DestinationProof {
  let document: GHLDestinationDocument

  /// No ID of GHL's has this form.
  static let nobody = "waybill-scope-probe"
  /// No contact has this e-mail address: the domain is reserved.
  private static let noAddress = "waybill-scope-probe@example.invalid"

  /// The location did not respond.
  private struct Silence: Error {}

  func prove(_ engine: HTTPEngine, _ fields: [Name: [[String]]]) async throws {
    do { try await proveAll(engine, fields) } catch is Silence { return }
  }

  private func proveAll(_ engine: HTTPEngine, _ fields: [Name: [[String]]]) async throws {
    var kinds: Set<GHLLocationData.Kind> = []
    // What the mappings write that name custom fields.
    var named: [[[String]]] = []
    for part in document.parts {
      guard let columns = fields[Name(part.mapping)] else { continue }
      let own = GHLLocationData.kinds(for: part, columns: columns)
      kinds.formUnion(own)
      if own.contains(.customFields) { named.append(columns) }
    }
    let search = GHLRoute.findDuplicate.target(query: [("locationId", document.location), ("email", Self.noAddress)])
    try await call(engine, .findDuplicate, search)
    var company: String?
    for request in GHLLocationData.requests(of: kinds) {
      // Without the company, the users cannot be listed, and the load finds out.
      if request == .users, company == nil { continue }
      let body = try await call(engine, request.route, request.target(in: document.location, company: company, limit: 1))
      if request == .customFields { try check(named, body) }
      if request == .location { company = body?["location"]?["companyId"]?.stringValue }
    }
    try await call(engine, .updateContact, GHLRoute.updateContact.target(Self.nobody), body: Array("{}".utf8))
  }

  /// A response without definitions shows nothing about them, and the load finds out.
  ///
  /// - Throws: `OperationFailure` with the code `configuration` if the location lacks a custom field.
  private func check(_ named: [[[String]]], _ body: JSONValue?) throws(OperationFailure) {
    guard let body, let known = try? GHLLocationData.customFields(in: body) else { return }
    for columns in named { _ = try GHLCustomFieldNames(columns, known, location: document.location) }
  }

  /// - Returns: the body of the response; nil if it is not JSON, or too large.
  /// - Throws: `Silence`, `OperationFailure`, `CancellationError`, what reading the credentials throws.
  @discardableResult
  private func call(
    _ engine: HTTPEngine, _ route: GHLRoute, _ target: String, body: [UInt8]? = nil
  ) async throws -> JSONValue? {
    let version = route.version(in: document.generation)
    var call = HTTPCall(method: route.method.rawValue, target: target, headers: [("Version", version)], body: body)
    // The location may work again by the time that there are records to send.
    call.isOptional = true
    switch try await PatientCall(engine: engine).end(of: call) {
    case .response(let response): return response.body
    case .tooLarge: return nil
    case .failed: throw Silence()
    case .comeBack(let pause, _): throw OperationFailure.comeBackLater(to: engine.name, after: pause)
    }
  }
}
