/// A request, without credentials.
struct HTTPCall: Sendable {
  var method: String
  /// Path and query, below the base URL.
  var target: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]?
}
