import Core

/// The operations of Your App. The OpenAPI document is made from this list.
enum AppRoute: Hashable, Sendable {
  case list(AppResource)
  case create(AppResource)
  case batch(AppResource)
  case read(AppResource)
  case replace(AppResource)
  case merge(AppResource)
  case delete(AppResource)
  /// The records of a contact.
  case listChildren(AppResource)
  case job
  case document

  static let all: [AppRoute] =
    AppResource.allCases.flatMap { resource -> [AppRoute] in
      let own: [AppRoute] = [
        .list(resource), .create(resource), .batch(resource), .read(resource), .replace(resource), .merge(resource),
        .delete(resource),
      ]
      return resource.isChild ? own + [.listChildren(resource)] : own
    } + [.job, .document]

  var method: String {
    switch self {
    case .list, .listChildren, .read, .job, .document: "GET"
    case .create, .batch: "POST"
    case .replace: "PUT"
    case .merge: "PATCH"
    case .delete: "DELETE"
    }
  }

  /// The path below the base path, with variables in braces.
  var template: String {
    switch self {
    case .list(let resource): "/" + resource.rawValue
    case .create(let resource) where resource.isChild, .listChildren(let resource): "/contacts/{id}/" + resource.rawValue
    case .create(let resource): "/" + resource.rawValue
    case .batch(let resource): "/\(resource.rawValue)/batch"
    case .read(let resource), .replace(let resource), .merge(let resource), .delete(let resource):
      "/\(resource.rawValue)/{id}"
    case .job: "/jobs/{id}"
    case .document: "/openapi.json"
    }
  }

  var resource: AppResource? {
    switch self {
    case .list(let resource), .create(let resource), .batch(let resource), .read(let resource), .replace(let resource),
      .merge(let resource), .delete(let resource), .listChildren(let resource):
      resource
    case .job, .document: nil
    }
  }

  var name: String { method + " " + template }

  /// The document is public: a client reads it before it has a token.
  var needsToken: Bool { self != .document }
  var isWrite: Bool { method != "GET" }

  enum Match: Sendable {
    /// A route and the value of its path's variable, if it has one.
    case route(AppRoute, id: String)
    /// The path exists, but only with other methods.
    case otherMethod(allowed: [String])
    case none
  }

  private static let table = all.map { (route: $0, parts: $0.template.split(separator: "/").map(String.init)) }

  /// - Parameter path: the parts below the base path.
  static func match(_ method: String, _ path: [String]) -> Match {
    let fitting = table.filter { entry in
      entry.parts.count == path.count && zip(entry.parts, path).allSatisfy { $0 == "{id}" || $0.isExactly($1) }
    }
    // `/contacts/batch` is not the contact with the ID `batch`.
    let literal = fitting.filter { !$0.parts.contains("{id}") }
    let candidates = literal.isEmpty ? fitting : literal
    guard let parts = candidates.first?.parts else { return .none }
    guard let found = candidates.first(where: { $0.route.method == method }) else {
      return .otherMethod(allowed: candidates.map(\.route.method).sorted())
    }
    return .route(found.route, id: parts.firstIndex(of: "{id}").map { path[$0] } ?? "")
  }
}
