import AsyncHTTPClient
import Core
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
    // The guard's deadline covers the whole response.
    configuration.timeout.read = nil
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, connections)
    configuration.connectionPool.retryConnectionEstablishment = false
    // Only one protocol, so that the guard sees every response before the client does.
    configuration.httpVersion = .http1Only
    configuration.http1_1ConnectionDebugInitializer = { ConnectionHandlers.install(on: $0, timeout: TimeAmount(timeout)) }
    // Nothing collects spans.
    configuration.tracing.tracer = nil
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maxBytes = maxBytes
    self.budget = budget
  }

  package func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    // The client would send the request, and only then notice the cancellation.
    if Task.isCancelled { throw .cancelled }
    var request = HTTPClientRequest(url: exchange.url)
    request.method = HTTPMethod(rawValue: exchange.method)
    // The client adds two: Host and Content-Length.
    request.headers.reserveCapacity(exchange.headers.count + 2)
    for (name, value) in exchange.headers { request.headers.add(name: name, value: value) }
    // In memory, as `RequestJoiner` requires.
    request.body = exchange.body.map { .bytes(ByteBuffer(bytes: $0)) }
    do {
      // No client deadline: the connection's guard enforces one.
      let response = try await client.execute(request, deadline: .distantFuture)
      return try await AnswerReader(maxBytes: maxBytes, budget: budget).read(response)
    } catch {
      throw classify(error, exchange.url)
    }
  }

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
      case .deadlineExceeded, .readTimeout, .writeTimeout: return .timedOut
      // Nothing was sent.
      case .getConnectionFromPoolTimeout: return .unreachable(.silence(port: nil, connectTimeout))
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
