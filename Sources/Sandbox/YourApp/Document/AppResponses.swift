import Core

/// The responses that an operation can have, by status.
enum AppResponses {
  /// Refusals: the status, the name of the component, and what the response says.
  static let refusals: [(status: Int, name: String, headers: [String])] = [
    (400, "BadRequest", []), (401, "Unauthorized", ["WWW-Authenticate"]), (403, "Forbidden", []), (404, "NotFound", []),
    (409, "Conflict", ["Retry-After"]), (410, "Gone", []), (412, "PreconditionFailed", []), (413, "TooLarge", []),
    (415, "UnsupportedMediaType", ["Accept", "Accept-Patch"]), (422, "Unprocessable", []),
    (429, "TooManyRequests", ["Retry-After"]), (500, "InternalError", []), (503, "Unavailable", ["Retry-After"]),
  ]

  /// The components that all operations refer to.
  static var common: [JSONValue.Member] {
    refusals.map { refusal in
      let codes = AppProblem.Code.allCases.filter { $0.status == refusal.status }
      let description = codes.map { "`\($0.rawValue)`: \($0.title)." }.joined(separator: " ")
      return .init(
        refusal.name,
        response(
          description, .reference("schemas", "Problem"), AppProblem.contentType,
          headers: refusal.headers + (isStored(refusal.status) ? ["Idempotent-Replayed"] : [])
            + (refusal.status == 401 ? [] : limits)))
    }
  }

  /// Whether a refusal with this status can come from the application, which stores it under the idempotency key.
  private static func isStored(_ status: Int) -> Bool { ![401, 403, 429, 503].contains(status) }

  /// The headers of the request limit.
  static let limits = ["RateLimit-Policy", "RateLimit"]

  static func response(
    _ description: String, _ schema: JSONValue?, _ mediaType: String = AppCall.json, headers: [String]
  ) -> JSONValue {
    var members: [JSONValue.Member] = [.init("description", .string(description))]
    if !headers.isEmpty {
      members.append(.init("headers", .object(headers.map { .init($0, .reference("headers", component($0))) })))
    }
    if let schema {
      members.append(.init("content", .object([.init(mediaType, .object([.init("schema", schema)]))])))
    }
    return .object(members)
  }

  /// The name of a header's component: `RateLimitPolicy`.
  static func component(_ header: String) -> String { header.split(separator: "-").joined() }
}
