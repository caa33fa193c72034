import HTTP

/// Reads the responses of an API in place of `ResponseRules`.
///
/// Kinds beyond those of HTTP: `.doubtful` for a refused create that may have been carried out; `.conflict` for a duplicate, with its
/// ID where `conflict.remoteID` of the resource points. A response that ends the use of the destination has `stops`. One that may
/// either refuse a record or say that it is gone has `decidedBy`.
protocol ResponseDialect: Sendable {
  /// For digests: another name means that responses are read in another way.
  var name: String { get }

  /// - Parameter call: what the response is to. A create is recognized by its method and path.
  func read(_ answer: HTTPAnswer, to call: HTTPCall) -> ReadResponse
}
