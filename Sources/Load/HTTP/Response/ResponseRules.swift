import Control
package import Core
package import HTTP

/// What responses mean: by their status (RFC 9110), unless the pipeline has rules of its own.
package struct ResponseRules: Sendable {
  package init() {}

  package func read(_ answer: HTTPAnswer) -> ReadResponse {
    read(status: answer.status, headers: answer.headers, body: try? JSONReader.read(answer.body))
  }

  /// - Parameter headers: names in lower case.
  package func read(status: Int, headers: [String: String], body: JSONValue?) -> ReadResponse {
    ReadResponse(Self.kind(of: status), status: status, body: body, headers: headers)
  }

  private static func kind(of status: Int) -> CallFlow.Response {
    switch status {
    case 202: .started
    case 200..<300: .accepted
    case 401: .unauthorized
    case 403: .forbidden
    case 404, 410: .gone
    case 409, 412: .conflict
    case 413: .tooLarge
    case 429: .throttled
    case 408, 425: .retry(status: status)
    case 500...: .serverError(status: status)
    default: .refused
    }
  }
}
