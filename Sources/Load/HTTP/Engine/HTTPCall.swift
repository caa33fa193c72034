/// A request, without credentials.
struct HTTPCall: Sendable {
  var method: String
  /// Path and query, below the base URL.
  var target: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]?
  /// A call that an earlier process left open: an error that is stored under its key says nothing about the destination.
  var isOld = false
}
