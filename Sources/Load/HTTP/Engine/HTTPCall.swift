/// A request, without credentials.
struct HTTPCall: Sendable {
  var method: String
  /// Path and query, below the base URL or the origin.
  var target: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]?
  /// A call that an earlier process left open: an error that is stored under its key says nothing about the destination.
  var isOld = false
  /// The target is an address that the destination returned, which may be outside the path of the base URL.
  var isBelowOrigin = false
  /// The load can do without it: an error, or no response, is no reason to stop using the destination.
  var isOptional = false
  /// The response keeps its bytes, in addition to the value parsed from them.
  var keepsContent = false
}
