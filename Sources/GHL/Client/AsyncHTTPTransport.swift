import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// HTTP over async-http-client: keeps connections, follows no redirects (a token goes to no other address).
final class AsyncHTTPTransport: HTTPTransport {
  private let client: HTTPClient
  private let timeout: TimeAmount
  private let maxBytes: Int

  init(timeout: Duration, connectTimeout: Duration, maxBytes: Int, connections: Int) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = TimeAmount(connectTimeout)
    configuration.timeout.read = TimeAmount(timeout)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, connections)
    configuration.connectionPool.retryConnectionEstablishment = false
    // HTTP/2 over TLS is taken where the server offers it.
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.timeout = TimeAmount(timeout)
    self.maxBytes = maxBytes
  }

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    var request = HTTPClientRequest(url: exchange.url)
    request.method = HTTPMethod(rawValue: exchange.method)
    for header in exchange.headers { request.headers.add(name: header.name, value: header.value) }
    if let body = exchange.body { request.body = .bytes(body) }
    do {
      return try await withThrowingTaskGroup(of: HTTPAnswer.self) { [request] group in
        group.addTask { try await self.answer(to: request) }
        // The client's own deadline ends with the head: a body that drips would never end.
        group.addTask { [timeout] in
          try await Task.sleep(for: .nanoseconds(timeout.nanoseconds))
          throw TransportFailure.timedOut("deadline exceeded")
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw TransportFailure.cancelled }
        return first
      }
    } catch {
      throw Self.classify(error)
    }
  }

  private func answer(to request: HTTPClientRequest) async throws -> HTTPAnswer {
    let response = try await client.execute(request, timeout: timeout)
    var body: [UInt8] = []
    for try await chunk in response.body {
      guard body.count + chunk.readableBytes <= maxBytes else { throw TransportFailure.tooLarge(limit: maxBytes) }
      body.append(contentsOf: chunk.readableBytesView)
    }
    // A body that was cancelled may end early without an error.
    try Task.checkCancellation()
    var headers: [String: String] = [:]
    for (name, value) in response.headers { headers[name.lowercased()] = value }
    return HTTPAnswer(status: Int(response.status.code), headers: headers, body: body)
  }

  func close() async {
    // A second shutdown is the only error that it knows.
    try? await client.shutdown()
  }

  /// What the libraries below say of a failed connection, without the names of their types.
  private static func plainText(of text: String) -> String {
    let lowered = text.lowercased()
    let known: [(sign: String, text: String)] = [
      ("connection refused", "connection refused"), ("unknownhost", "the host's name cannot be resolved"),
      ("getaddrinfo", "the host's name cannot be resolved"), ("nxdomain", "the host's name cannot be resolved"),
      ("no route", "no route to the host"), ("network is unreachable", "the network is unreachable"),
      ("certificate", "the server's certificate is not trusted"),
    ]
    return known.first { lowered.contains($0.sign) }?.text ?? text
  }

  private static func classify(_ error: any Error) -> TransportFailure {
    if let failure = error as? TransportFailure { return failure }
    if error is CancellationError || Task.isCancelled { return .cancelled }
    if let failure = error as? HTTPClientError {
      switch failure {
      case .cancelled: return .cancelled
      case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
        return .timedOut(failure.shortDescription)
      case .connectTimeout, .tlsHandshakeTimeout: return .unreachable(failure.shortDescription)
      case .invalidURL, .emptyHost, .emptyScheme: return .unreachable(failure.shortDescription)
      default: return .broken(failure.shortDescription)
      }
    }
    let text = plainText(of: String(describing: error))
    let lowered = text.lowercased()
    let signs = [
      "nioconnectionerror", "refused", "resolve", "unreachable", "getaddrinfo", "unknown host", "nxdomain", "certificate",
      "no route",
    ]
    return signs.contains { lowered.contains($0) } ? .unreachable(text) : .broken(text)
  }
}
