/// Sends bytes and returns bytes: a real connection in the product, a script in tests.
package protocol HTTPTransport: Sendable {
  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer
  func close() async
}

package struct HTTPExchange: Sendable {
  package var method: String
  package var url: String
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]?

  package init(method: String, url: String, headers: [(name: String, value: String)], body: [UInt8]?) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

package struct HTTPAnswer: Sendable {
  package var status: Int
  /// Names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]
  /// The body's share of the memory for responses; nil if it needs no more than `ByteBudget.free`.
  package var lease: ByteBudget.Lease?

  package init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

package enum TransportFailure: Error, Sendable, Hashable {
  /// No connection was established.
  case unreachable(ConnectionTrouble)
  /// The connection ended before the response did.
  case broken(ConnectionTrouble)
  case timedOut
  case tooLarge(limit: Int)
  case cancelled
}
