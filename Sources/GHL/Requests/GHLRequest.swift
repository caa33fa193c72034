package import Core
import HTTP

/// One call, with everything that a page needs, so that a later page is never requested with only part of its query.
package struct GHLRequest: Sendable, Hashable {
  package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
  }

  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var method: Method
  package var endpoint: GHLEndpoint
  /// Unescaped segments; they are percent-encoded when the request is sent. An empty last one gives the slash that some
  /// routes end with.
  package var path: [String]
  package var query: [Parameter]
  package var body: JSONValue?
  /// Takes precedence over the configured version of the endpoint.
  package var version: String?

  package init(
    _ method: Method, _ endpoint: GHLEndpoint, path: [String], query: [Parameter] = [], body: JSONValue? = nil,
    version: String? = nil
  ) {
    self.method = method
    self.endpoint = endpoint
    self.path = path
    self.query = query
    self.body = body
    self.version = version
  }

  /// From what a user typed: `/contacts/?locationId=x`. Percent escapes in it are resolved, and made again when sent.
  package init(method: Method, typed: String, body: JSONValue? = nil) {
    let parts = typed.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).map { PercentEncoding.decoded(typed: $0) }
    if segments.first == "" { segments.removeFirst() }
    let pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    let query = pairs.map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Parameter(PercentEncoding.decoded(typed: sides[0]), sides.count > 1 ? PercentEncoding.decoded(typed: sides[1]) : "")
    }
    self.init(method, GHLEndpoint(method: method, path: segments), path: segments, query: query, body: body)
  }

  /// Idempotent requests: those that only read. Searches use POST, but read.
  package var isRepeatable: Bool {
    method == .get || method == .post && [.contactSearch, .taskSearch].contains(endpoint)
  }

  /// Path and query as sent.
  package var target: String {
    var target = path.map { "/" + PercentEncoding.encoded($0) }.joined()
    for (index, parameter) in query.enumerated() {
      target += index == 0 ? "?" : "&"
      target += PercentEncoding.encoded(parameter.name) + "=" + PercentEncoding.encoded(parameter.value)
    }
    return target
  }

  /// For messages: without the query, which may contain a name.
  package var title: String { method.rawValue + " " + path.map { "/" + PercentEncoding.encoded($0) }.joined() }

  package subscript(query name: String) -> String? {
    get { query.first { $0.name == name }?.value }
    set {
      if let index = query.firstIndex(where: { $0.name == name }) {
        if let newValue { query[index].value = newValue } else { query.remove(at: index) }
      } else if let newValue {
        query.append(Parameter(name, newValue))
      }
    }
  }
}
