import HTTP
package import Records

/// A valid response: JSON, checked.
package struct GHLAnswer: Sendable {
  package var status: Int
  /// Empty if the response has only a status.
  package var body: [UInt8]
  package var traceId: String?
  /// The value of `body`; nil if the body is empty.
  package var root: JSONSlice?
  /// Its share of the memory for answers, held as long as the answer exists.
  var lease: ByteBudget.Lease?
}

extension HTTPAnswer {
  var traceId: String? { ShownText.identifier(headers["traceid"] ?? headers["x-trace-id"]) }
}
