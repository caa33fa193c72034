import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// HTTP over async-http-client: keeps connections open, follows no redirects (so that a token goes to no other address),
/// and decompresses nothing (so that no response becomes larger than what was sent).
package final class AsyncHTTPTransport: HTTPTransport {
  private let client: HTTPClient
  private let timeout: Duration
  private let connectTimeout: Duration
  private let maxBytes: Int
  private let budget: ByteBudget

  /// - Parameter certificates: a file with certificates (PEM) that are trusted besides those of the system.
  package init(
    timeout: Duration, connectTimeout: Duration, maxBytes: Int, connections: Int, certificates: String? = nil,
    budget: ByteBudget = ByteBudget()
  ) {
    var configuration = HTTPClient.Configuration()
    if let certificates {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.additionalTrustRoots = [.file(certificates)]
      configuration.tlsConfiguration = tls
    }
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.timeout.connect = TimeAmount(connectTimeout)
    // The deadline covers the whole response; time during which we do not read is not held against the server.
    configuration.timeout.read = nil
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, connections)
    configuration.connectionPool.retryConnectionEstablishment = false
    // Only one protocol, so that the guard sees every response before the client does.
    configuration.httpVersion = .http1Only
    configuration.http1_1ConnectionDebugInitializer = { ResponseGuard.install(on: $0) }
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maxBytes = maxBytes
    self.budget = budget
  }

  package func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    var request = HTTPClientRequest(url: exchange.url)
    request.method = HTTPMethod(rawValue: exchange.method)
    for header in exchange.headers { request.headers.add(name: header.name, value: header.value) }
    if let body = exchange.body { request.body = .bytes(body) }
    let deadline = AnswerDeadline(after: timeout)
    do {
      return try await withThrowingTaskGroup(of: HTTPAnswer.self) { [request] group in
        group.addTask { try await self.answer(to: request, deadline) }
        // The client's own deadline ends with the head: a body that drips would never end.
        group.addTask {
          try await deadline.passed()
          throw TransportFailure.timedOut
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw TransportFailure.cancelled }
        return first
      }
    } catch {
      throw classify(error, exchange.url)
    }
  }

  private func answer(to request: HTTPClientRequest, _ deadline: AnswerDeadline) async throws -> HTTPAnswer {
    let response = try await client.execute(request, timeout: TimeAmount(timeout))
    var headers: [String: String] = [:]
    for (name, value) in response.headers { Self.add(name.lowercased(), value, to: &headers) }
    let announced = headers["content-length"].flatMap { HeaderNumber.count($0) }
    if let announced, announced > maxBytes { throw TransportFailure.tooLarge(limit: maxBytes) }
    let lease = budget.lease(AnswerHold.current)
    var body: [UInt8] = []
    for try await chunk in response.body {
      let count = body.count + chunk.readableBytes
      guard count <= maxBytes else { throw TransportFailure.tooLarge(limit: maxBytes) }
      if count > body.capacity {
        // Doubles each time, but never past the limit. A size that was only announced reserves nothing.
        let room = max(count, min(body.capacity * 2, announced ?? maxBytes, maxBytes))
        if !lease.growsAtOnce(to: room) { try await deadline.whilePaused { try await lease.grow(to: room) } }
        body.reserveCapacity(room)
      }
      body.append(contentsOf: chunk.readableBytesView)
    }
    // A body that was cancelled may end early without an error.
    try Task.checkCancellation()
    var answer = HTTPAnswer(status: Int(response.status.code), headers: headers, body: body)
    answer.lease = lease
    return answer
  }

  /// A repeated header is one list (RFC 9110, section 5.3), except where the header has one value: the last one counts.
  static func add(_ name: String, _ value: String, to headers: inout [String: String]) {
    let isSingle = single.contains(name)
    headers[name] = isSingle ? value : headers[name].map { "\($0), \(value)" } ?? value
  }

  private static let single: Set<String> = [
    "age", "content-encoding", "content-length", "content-type", "date", "etag", "last-modified", "location", "retry-after",
  ]

  package func close() async {
    // A second shutdown is the only error that it knows.
    try? await client.shutdown()
  }

  private func classify(_ error: any Error, _ url: String) -> TransportFailure {
    if let failure = error as? TransportFailure { return failure }
    if error is CancellationError || Task.isCancelled { return .cancelled }
    if let refused = error as? ResponseGuard.Refused { return .broken(ConnectionTrouble(refused.description)) }
    if let failure = error as? HTTPClientError {
      switch failure {
      case .cancelled, .requestStreamCancelled: return .cancelled
      case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout: return .timedOut
      case .connectTimeout: return .unreachable(.silence(port: nil, connectTimeout))
      case .tlsHandshakeTimeout: return .unreachable(ConnectionTrouble("the server did not complete the TLS handshake in time"))
      case .invalidURL, .emptyHost, .emptyScheme:
        return .unreachable(ConnectionTrouble("the address is not valid", remedy: "check the address"))
      case .remoteConnectionClosed, .uncleanShutdown: return .broken(.closed)
      default: return .broken(ConnectionTrouble("the connection failed"))
      }
    }
    // A response that ends before its declared length.
    if case .invalidEOFState? = error as? HTTPParserError { return .broken(.closed) }
    if error is HTTPParserError { return .broken(ConnectionTrouble("the response is not valid HTTP")) }
    if let trouble = ConnectionTrouble.connecting(error, to: url, connectTimeout: connectTimeout) {
      return ConnectionTrouble.precedesRequest(error) ? .unreachable(trouble) : .broken(trouble)
    }
    return .broken(.breaking(error))
  }
}
