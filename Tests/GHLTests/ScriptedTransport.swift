import Control
import Core
import Records

@testable import GHL
@testable import HTTP

/// Answers from a closure, without a network.
final class ScriptedTransport: HTTPTransport {
  typealias Script = @Sendable (_ number: Int, _ exchange: HTTPExchange) -> Result<HTTPAnswer, TransportFailure>

  private let script: Script
  private let sent = Locked<[HTTPExchange]>([])

  init(_ script: @escaping Script) { self.script = script }

  var exchanges: [HTTPExchange] { sent.withLock { $0 } }

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    let number = sent.withLock { sent in
      sent.append(exchange)
      return sent.count
    }
    return try script(number, exchange).get()
  }

  /// The script's answer to somebody else's request.
  func answer(to exchange: HTTPExchange) throws(TransportFailure) -> HTTPAnswer { try script(0, exchange).get() }

  func close() async {}
}

/// A clock on which sleeping takes no time.
final class JumpingTimekeeper: Timekeeper {
  private let moment = Locked(Moment())

  func now() -> Moment { moment.withLock { $0 } }

  func sleep(until wanted: Moment) async throws {
    try Task.checkCancellation()
    moment.withLock { $0 = max($0, wanted) }
    await Task.yield()
  }
}

extension HTTPAnswer {
  static func json(_ status: Int, _ text: String, headers: [String: String] = [:]) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: headers, body: Array(text.utf8))
  }
}

extension HTTPAnswer {
  /// A contact with the requested id.
  static func contact(of exchange: HTTPExchange) -> HTTPAnswer {
    let id = PercentEncoding.decoded(typed: exchange.url.split(separator: "/").last ?? "")
    return .json(200, JSONValue.object([.init("contact", .object([.init("id", .string(id))]))]).text)
  }
}

extension GHLClient {
  /// A client of a script.
  static func scripted(
    fallback: Secret? = nil, retry: RetryPolicy = .init(), wall: Int = 10_000, pageLimit: Int = 100,
    _ transport: any HTTPTransport
  ) throws -> GHLClient {
    let configuration = GHLConfiguration(
      baseURL: "http://127.0.0.1:1", location: "loc", token: Secret("first"), fallbackToken: fallback, pageLimit: pageLimit,
      skipWall: wall, retry: retry)
    return try GHLClient(configuration, transport: transport, timekeeper: JumpingTimekeeper())
  }
}

extension HTTPExchange {
  /// A query parameter, decoded.
  func query(_ name: String) -> String? {
    let typed = String(url.dropFirst("http://127.0.0.1:1".count))
    return GHLRequest(method: .get, typed: typed)[query: name]
  }

  var path: String { String(url.dropFirst("http://127.0.0.1:1".count).prefix { $0 != "?" }) }
  var json: JSONValue? { body.flatMap { try? JSONReader.read($0) } }
}
