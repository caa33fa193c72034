/// A request as the routes see it, without the server: tests make them directly.
package struct SandboxRequest: Sendable {
  package var method: String
  /// Path and query as on the request line, percent-encoded.
  package var target: String
  package var authorization: String?
  package var version: String?
  package var body: [UInt8]
  /// By lowercase name; the values of repeated headers are joined by commas. Only Your App reads them.
  package var headers: [String: String]
  /// The body was larger than `mostBodyBytes`, so it is left out.
  package var bodyIsTooLarge = false

  static let mostBodyBytes = 1 << 20

  package init(
    _ method: String = "GET", _ target: String, authorization: String? = nil, version: String? = nil, body: [UInt8] = [],
    headers: [String: String] = [:]
  ) {
    self.method = method
    self.target = target
    self.authorization = authorization
    self.version = version
    self.body = body
    self.headers = headers
  }

  func header(_ name: String) -> String? { headers[name] }

  /// The token behind `Bearer`, without spaces around it; nil if there is none.
  var token: String? {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return nil }
    return String(authorization.dropFirst("bearer ".count).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The parts between slashes, decoded; a slash at the end makes no part.
  var path: [String] {
    target.prefix { $0 != "?" }.split(separator: "/").map { Self.decoded($0, plusIsSpace: false) }
  }

  var query: QueryItems {
    guard let mark = target.firstIndex(of: "?") else { return QueryItems(items: []) }
    return QueryItems(
      items: target[target.index(after: mark)...].split(separator: "&").map { item in
        let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (Self.decoded(parts[0], plusIsSpace: true), parts.count > 1 ? Self.decoded(parts[1], plusIsSpace: true) : "")
      })
  }

  private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16), rest.count >= 2 {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The members of a query string, in order, repeated ones kept.
struct QueryItems: Sendable {
  var items: [(name: String, value: String)]

  subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

  /// All values of `name` and of `name[]`.
  func all(_ name: String) -> [String] { items.filter { $0.name == name || $0.name == name + "[]" }.map(\.value) }
}
