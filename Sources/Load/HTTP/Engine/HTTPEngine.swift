package import Control
import Core
package import HTTP

/// What all parts of a run share that load into one `http` destination: its connections, its pace, its credentials, and whether
/// it is still in use. Safe to use from many tasks.
package final class HTTPEngine: Sendable {
  package let name: String
  package let document: HTTPDocument
  let gate: DestinationGate
  let timekeeper: any Timekeeper
  private let transport: any HTTPTransport
  private let credentials: Credentials

  /// A response of more bytes is not read.
  package static let longestResponse = 1 << 20
  private static let redirectsAtMost = 5

  package init(
    name: String, _ document: HTTPDocument, environment: [String: String], transport: any HTTPTransport,
    timekeeper: any Timekeeper = SystemTimekeeper(), circuit: CircuitBreaker.Options = .init(),
    onPause: @escaping @Sendable (Duration) -> Void = { _ in }
  ) {
    self.name = name
    self.document = document
    self.timekeeper = timekeeper
    self.transport = transport
    credentials = Credentials(document.authorization, environment: environment)
    let options = DestinationPacer.Options(perSecond: document.perSecond, maxInFlight: document.concurrent)
    gate = DestinationGate(name: name, pacer: options, circuit: circuit, timekeeper: timekeeper, onPause: onPause)
  }

  package func close() async { await transport.close() }

  /// How one call ended.
  enum Outcome: Sendable {
    case response(ReadResponse, retryAfter: Duration?)
    /// No byte of it has left.
    case notSent(String)
    /// It was sent, in part or whole.
    case noResponse(String)
    case cancelled
    /// The destination is not in use any more; nothing was sent.
    case stopped(OperationFailure)
  }

  /// Makes one call when the destination allows it.
  ///
  /// - Parameter goes: asked when the call may be made. False: it is not made after all, because too much time has passed.
  func call(_ request: HTTPCall, if goes: () async throws -> Bool = { true }) async throws -> Outcome? {
    let pass: DestinationGate.Pass
    do { pass = try await gate.enter() } catch {
      switch error {
      case .cancelled: return .cancelled
      case .stopped(let failure): return .stopped(failure)
      }
    }
    let exchange: HTTPExchange
    do {
      guard try await goes() else {
        await gate.leave(pass, .withdrawn)
        return nil
      }
      exchange = try await self.exchange(for: request)
    } catch {
      await gate.leave(pass, .withdrawn)
      if error is CancellationError { return .cancelled }
      // A state that cannot be written ends the load; credentials that cannot be read stop this destination.
      guard let failure = error as? Credentials.Missing else { throw error }
      await gate.stop(failure.underlying)
      return .stopped(failure.underlying)
    }
    return await send(exchange, pass)
  }

  private func exchange(for request: HTTPCall) async throws -> HTTPExchange {
    var headers = request.headers
    var target = request.target
    try await credentials.apply(to: &headers, target: &target)
    headers.append(("accept", "application/json, application/problem+json"))
    headers.append(("user-agent", "waybill"))
    if request.body != nil, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      headers.append(("content-type", "application/json"))
    }
    return HTTPExchange(method: request.method, url: document.address.text + target, headers: headers, body: request.body)
  }

  private func send(_ first: HTTPExchange, _ pass: DestinationGate.Pass) async -> Outcome {
    var exchange = first
    for _ in 0...Self.redirectsAtMost {
      let answer: HTTPAnswer
      do { answer = try await transport.send(exchange) } catch {
        return await failed(error, pass)
      }
      if (300..<400).contains(answer.status), answer.status != 304 {
        if let target = redirect(answer, of: exchange) {
          exchange.url = target.url
          exchange.method = target.method
          continue
        }
        await gate.leave(pass, .responded, answer.remainingCalls)
        return .response(refusedRedirect(answer), retryAfter: nil)
      }
      let read = document.responses.read(answer)
      let result = Self.result(of: read.kind)
      let why = result == .failed ? "status \(read.status)\(read.detail.isEmpty ? "" : ": \(read.detail)")" : ""
      await gate.leave(pass, result, answer.remainingCalls, why: why)
      return .response(read, retryAfter: answer.retryAfter)
    }
    await gate.leave(pass, .responded)
    return .response(
      ReadResponse(.refused, status: 310, detail: "the destination redirects in a circle"), retryAfter: nil)
  }

  private func failed(_ failure: TransportFailure, _ pass: DestinationGate.Pass) async -> Outcome {
    let outcome: Outcome
    let why: String
    switch failure {
    case .cancelled:
      await gate.leave(pass, .withdrawn)
      return .cancelled
    case .unreachable(let trouble):
      why = trouble.reason + (trouble.remedy.map { "; \($0)" } ?? "")
      outcome = .notSent(why)
    case .broken(let trouble):
      why = trouble.reason
      outcome = .noResponse(why)
    case .timedOut:
      why = "there was no response within \(document.timeout.wholeSeconds) s"
      outcome = .noResponse(why)
    case .tooLarge(let limit):
      why = "the response has more than \(limit >> 10) KiB"
      outcome = .noResponse(why)
    }
    await gate.leave(pass, .noResponse, why: why)
    return outcome
  }

  private static func result(of kind: CallFlow.Response) -> DestinationGate.Result {
    switch kind {
    case .throttled: .throttled
    case .retry, .serverError: .failed
    default: .responded
    }
  }

  // MARK: Redirects

  /// A write follows 307 and 308, which keep method and body; a read follows all. None leaves the origin, so that neither
  /// credentials nor records go to another address.
  private func redirect(_ answer: HTTPAnswer, of exchange: HTTPExchange) -> (url: String, method: String)? {
    let isKept = answer.status == 307 || answer.status == 308
    guard isKept || exchange.method == "GET" && [301, 302, 303].contains(answer.status), let location = answer.headers["location"]
    else { return nil }
    return document.address.sameOrigin(location, from: exchange.url).map { ($0, exchange.method) }
  }

  private func refusedRedirect(_ answer: HTTPAnswer) -> ReadResponse {
    ReadResponse(
      .refused, status: answer.status, headers: answer.headers,
      detail:
        "the destination redirects to another address, and records are not sent there: check base_url, which is \(document.address.text)"
    )
  }

  // MARK: Credentials

  /// Reads the credentials again, once they were refused. False: they are the same.
  func renewCredentials() async -> Bool { await credentials.renew() }
}
