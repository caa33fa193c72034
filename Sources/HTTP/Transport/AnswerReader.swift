import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1

/// Reads the response to one request, and continues reading only when there is memory for more.
struct AnswerReader {
  /// A longer body is refused.
  let maxBytes: Int
  let budget: ByteBudget

  /// - Throws: `TransportFailure.tooLarge`, `CancellationError`, and what the client throws.
  func read(_ response: HTTPClientResponse) async throws -> HTTPAnswer {
    var headers: [String: String] = [:]
    headers.reserveCapacity(response.headers.count)
    for (name, value) in response.headers { HTTPAnswer.add(name.lowercased(), value, to: &headers) }
    let announced = headers["content-length"].flatMap { HeaderNumber.count($0) }
    if let announced, announced > maxBytes { throw TransportFailure.tooLarge(limit: maxBytes) }
    var answer = HTTPAnswer(status: Int(response.status.code), headers: headers, body: [])
    var body: [UInt8] = []
    for try await part in response.body {
      let count = body.count + part.readableBytes
      guard count <= maxBytes else { throw TransportFailure.tooLarge(limit: maxBytes) }
      if count > body.capacity {
        // Doubles each time, up to the limit. An announced size alone reserves nothing.
        let room = max(count, min(body.capacity * 2, announced ?? maxBytes, maxBytes))
        if room > ByteBudget.free {
          let lease = answer.lease ?? budget.lease(AnswerHold.current)
          answer.lease = lease
          try await lease.grow(to: room)
        }
        body.reserveCapacity(room)
      }
      body.append(contentsOf: part.readableBytesView)
    }
    answer.body = body
    return answer
  }
}
