package import Control
package import Core
package import HTTP

/// What all parts of a run share that load into one `http` destination: its connections, its pace, its credentials, and whether
/// it is still in use. Safe to use from many tasks.
package final class HTTPEngine: Sendable {
  package let name: String
  package let document: HTTPDocument
  let gate: DestinationGate
  let timekeeper: any Timekeeper
  /// Counts the calls together with those of others, in addition to the destination's own pace.
  private let quota: RequestGate?
  private let transport: any HTTPTransport
  private let credentials: Credentials
  /// The seed of random pauses; each call adds its own number. Asking the system each time is slow.
  let seed = UInt64.random(in: .min ... .max)

  /// A response of more bytes is not read.
  package static let longestResponse = 1 << 20
  /// Why a longer response was not read.
  static let tooLarge = text(ofTooLarge: longestResponse)

  private static func text(ofTooLarge limit: Int) -> String { "the response has more than \(limit >> 10) KiB" }

  private static let redirectsAtMost = 5

  /// - Parameters:
  ///   - quota: entered for each request, if the API has a quota that others use as well, such as that of a GHL location.
  ///   - onFallback: called when the credentials are refused and the fallback comes into use.
  package init(
    name: String, _ document: HTTPDocument, environment: [String: String], transport: any HTTPTransport,
    quota: RequestGate? = nil, timekeeper: any Timekeeper = SystemTimekeeper(), circuit: CircuitBreaker.Options = .init(),
    onPause: @escaping @Sendable (Duration) -> Void = { _ in }, onFallback: @escaping @Sendable () -> Void = {}
  ) {
    self.name = name
    self.document = document
    self.timekeeper = timekeeper
    self.transport = transport
    self.quota = quota
    credentials = Credentials(
      document.authorization, fallback: document.fallback, environment: environment, onFallback: onFallback)
    let options = DestinationPacer.Options(perSecond: document.perSecond, maxInFlight: document.concurrent)
    gate = DestinationGate(name: name, pacer: options, circuit: circuit, timekeeper: timekeeper, onPause: onPause)
  }

  package func close() async { await transport.close() }

  /// As in `Destination.prove`.
  package func prove(_ fields: [Name: [[String]]]) async throws { try await document.proof?.prove(self, fields) }

  /// How one call ended.
  enum Outcome: Sendable {
    /// - Parameter credentials: the generation of those that were sent.
    case response(ReadResponse, retryAfter: Duration?, credentials: Int)
    /// No byte of it has left.
    case notSent(String)
    /// It was sent, in part or whole.
    case noResponse(String)
    /// - Parameter wasSent: some of it may have left.
    case cancelled(wasSent: Bool)
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
      case .cancelled: return .cancelled(wasSent: false)
      case .stopped(let failure): return .stopped(failure)
      }
    }
    let ticket: Pacer.Ticket?
    do throws(RequestGate.Closed) { ticket = try await quota?.enter() } catch { return closed(error, pass, wasSent: false) }
    // A pause of the quota may be long.
    if ticket != nil, let stopped = gate.stopped {
      await withdraw(pass, ticket)
      return .stopped(stopped)
    }
    let exchange: HTTPExchange
    let generation: Int
    do {
      guard try await goes() else {
        await withdraw(pass, ticket)
        return nil
      }
      (exchange, generation) = try await self.exchange(for: request)
      try Task.checkCancellation()
    } catch {
      await withdraw(pass, ticket)
      if error is CancellationError { return .cancelled(wasSent: false) }
      // A state that cannot be written ends the load; credentials that cannot be read stop this destination.
      guard let failure = error as? Credentials.Missing else { throw error }
      gate.stop(failure.underlying)
      return .stopped(failure.underlying)
    }
    return await send(exchange, pass, ticket, generation, for: request)
  }

  /// With the generation of its credentials.
  private func exchange(for request: HTTPCall) async throws -> (HTTPExchange, Int) {
    var headers = request.headers
    var target = request.target
    let generation = try await credentials.apply(to: &headers, target: &target)
    // What the pipeline says about these comes first.
    func add(_ name: String, _ value: String) {
      // Most names differ in length, and comparing lengths costs less than making a lowercase copy.
      let isStated = headers.contains { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }
      if !isStated { headers.append((name, value)) }
    }
    add("accept", "application/json, application/problem+json")
    add("user-agent", "waybill")
    if request.body != nil { add("content-type", "application/json") }
    let url = (request.isBelowOrigin ? document.address.origin : document.address.text) + target
    return (HTTPExchange(method: request.method, url: url, headers: headers, body: request.body), generation)
  }

  private func send(
    _ first: HTTPExchange, _ pass: DestinationGate.Pass, _ ticket: Pacer.Ticket?, _ generation: Int, for request: HTTPCall
  ) async -> Outcome {
    var exchange = first
    var ticket = ticket
    for hop in 0...Self.redirectsAtMost {
      if hop > 0 {
        do throws(RequestGate.Closed) { ticket = try await quota?.enter() } catch { return closed(error, pass, wasSent: true) }
      }
      let answer: HTTPAnswer
      do { answer = try await transport.send(exchange) } catch {
        if let ticket { await quota?.broke(ticket) }
        return await failed(error, pass, isOptional: request.isOptional)
      }
      if let ticket { await quota?.answered(ticket, status: answer.status, limits: answer.limits) }
      if (300..<400).contains(answer.status), answer.status != 304 {
        if let target = redirect(answer, of: exchange) {
          exchange.url = target.url
          exchange.method = target.method
          continue
        }
        // A write may have been carried out before such a redirect. The response rules may decide that.
        let mayBeDone = exchange.method != "GET" && 301...303 ~= answer.status
        guard mayBeDone else {
          gate.leave(pass, .responded, answer.remainingCalls)
          return .response(refusedRedirect(answer), retryAfter: nil, credentials: generation)
        }
      }
      var read = document.responses.read(answer, to: request)
      if request.keepsContent { read.content = answer.body }
      if case .redirected(let status) = read.kind {
        read.detail =
          "the destination responded with a redirect (\(status)): check base_url, or add an `ok` rule if this is how it confirms writes"
      }
      var result = Self.result(of: read.kind)
      if request.isOld, result == .failed { result = .responded }
      if let stop = read.stops, !request.isOptional {
        gate.leave(pass, .responded, answer.remainingCalls)
        let failure = OperationFailure(stop.code, "'\(name)': \(stop.message)")
        gate.stop(failure)
        return .stopped(gate.stopped ?? failure)
      }
      if read.kind == .accepted, read.isPage { result = .failed }
      if request.isOptional, result == .failed { result = .withdrawn }
      let why = result == .failed ? "status \(read.status)\(read.detail.isEmpty ? "" : ": \(read.detail)")" : ""
      gate.leave(pass, result, answer.remainingCalls, why: why)
      return .response(read, retryAfter: answer.retryAfter, credentials: generation)
    }
    gate.leave(pass, .responded)
    return .response(
      ReadResponse(.refused, status: 310, detail: "the destination redirects in a loop"), retryAfter: nil, credentials: generation
    )
  }

  // MARK: Quota

  private func withdraw(_ pass: DestinationGate.Pass, _ ticket: Pacer.Ticket?) async {
    gate.leave(pass, .withdrawn)
    if let ticket { await quota?.withdrew(ticket) }
  }

  /// The quota lets nothing more through: unless the call was cancelled, the destination is no longer in use.
  private func closed(_ closed: RequestGate.Closed, _ pass: DestinationGate.Pass, wasSent: Bool) -> Outcome {
    gate.leave(pass, .withdrawn)
    let failure: OperationFailure
    switch closed {
    case .cancelled: return .cancelled(wasSent: wasSent)
    case .comeBackLater(let pause): failure = .comeBackLater(to: name, after: pause)
    case .dailyQuotaSpent:
      failure = OperationFailure(
        .dailyQuotaSpent,
        "'\(name)': the daily quota of requests, or the share of it that this run may use, is spent: continue tomorrow, or raise `budget.daily_percent`"
      )
    case .budgetSpent:
      failure = OperationFailure(
        .budgetSpent, "'\(name)': the run's request budget is spent: raise \(CommandOption.budget), or continue without it")
    }
    gate.stop(failure)
    return .stopped(failure)
  }

  private func failed(_ failure: TransportFailure, _ pass: DestinationGate.Pass, isOptional: Bool) async -> Outcome {
    let outcome: Outcome
    let why: String
    switch failure {
    case .cancelled:
      gate.leave(pass, .withdrawn)
      return .cancelled(wasSent: true)
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
      why = Self.text(ofTooLarge: limit)
      outcome = .noResponse(why)
    }
    gate.leave(pass, isOptional ? .withdrawn : .noResponse, why: isOptional ? "" : why)
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
  /// credentials nor records go to another address. After any other redirect, a write may have been carried out.
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

  /// Reads the credentials again, once those of this generation were refused. False: they are the same.
  func renewCredentials(after generation: Int) async -> Bool { await credentials.renew(after: generation) }

  /// Why the fallback of the credentials cannot be read; nil: it can, there is none, or it is a command, which is run only when it is
  /// needed.
  package func checkFallback() -> OperationFailure? { credentials.checkFallback() }

  /// 401, also with credentials that were read again.
  func refusedCredentials(_ detail: String) -> OperationFailure {
    let fallback = credentials.fallbackTrouble.map { "; the fallback cannot be read: \($0)" } ?? ""
    let why = detail.isEmpty ? "" : ": \(detail)"
    return OperationFailure(.notAuthorised, "'\(name)' refuses the credentials (401)\(why): check `auth`\(fallback)")
  }
}
