package import Control
package import Core
import HTTP
package import Records

/// Calls the GHL API for one location: paces requests by the rate-limit headers, retries where that may help, and
/// classifies each failure. Safe to call from many tasks. Call `close()` at the end.
package final class GHLClient: Sendable {
  package let configuration: GHLConfiguration
  private let address: ServerAddress
  let transport: any HTTPTransport
  private let gate: RequestGate
  private let tokens: TokenChoice
  private let outages = OutageWatch()
  private let timekeeper: any Timekeeper
  private let observer: any RunObserver

  /// - Parameter gates: shared with everything else that uses the location at the same time.
  /// - Throws: `GHLFailure` of kind `configuration` when the address or the token cannot be right.
  package convenience init(
    _ configuration: GHLConfiguration, gates: LocationGates = LocationGates(), observer: any RunObserver = SilentObserver()
  ) throws(GHLFailure) {
    // A transport must be closed, so none is created before it is certain to be used.
    _ = try configuration.check()
    let transport = AsyncHTTPTransport(
      timeout: configuration.timeout, connectTimeout: configuration.connectTimeout,
      maxBytes: configuration.maxAnswerBytes, connections: configuration.maxInFlight)
    try self.init(configuration, transport: transport, timekeeper: SystemTimekeeper(), gates: gates, observer: observer)
  }

  init(
    _ configuration: GHLConfiguration, transport: any HTTPTransport, timekeeper: any Timekeeper,
    gates: LocationGates = LocationGates(), observer: any RunObserver = SilentObserver()
  ) throws(GHLFailure) {
    address = try configuration.check()
    self.configuration = configuration
    self.transport = transport
    self.timekeeper = timekeeper
    self.observer = observer
    tokens = TokenChoice(configuration.token, fallback: configuration.fallbackToken)
    var options = Pacer.Options()
    options.maxInFlight = configuration.maxInFlight
    options.budget = configuration.budget
    gate = gates.gate(
      address, configuration.location, options, longestWait: configuration.retry.longestWait, timekeeper: timekeeper
    ) { pause in
      observer.receive(.pausedForRateLimit(seconds: pause.wholeSeconds))
    }
  }

  package func close() async { await transport.close() }

  /// Requests to the location so far, by all users of its gate, and what remains of the daily quota.
  package var quota: Quota { get async { await gate.quota } }

  /// Which token worked last.
  package var tokenInUse: TokenRole { get async { await tokens.role } }

  /// Sends `request`, retries it as its failures permit, and returns the response, checked to be JSON (or empty, if the
  /// request changes something). A request that changes something is retried only if the API has certainly not executed it:
  /// after a 429, or with the other token after a 401.
  ///
  /// - Parameter check: finds what is wrong with the JSON of a read request's response; nil if it can be used. A wrong
  /// response is requested again. If there is a check, a response without a body is wrong as well.
  package func send(
    _ request: GHLRequest, check: ((JSONSlice) -> AnswerFault?)? = nil
  ) async throws(GHLFailure) -> GHLAnswer {
    var attempts = 0
    var throttled = 0
    while true {
      if Task.isCancelled { throw cancelled(request) }
      let token = await tokens.current
      let ticket = try await enter(request)
      let failure: GHLFailure
      switch await attempt(request, token: token.secret, ticket, check) {
      case .success(let good):
        outages.answered()
        if let lease = good.lease { AnswerHold.current?.keep(lease) }
        return good
      case .failure(let refusal): failure = refusal
      }
      if failure.kind == .cancelled { throw failure }
      switch failure.trouble {
      case .refused, .throttled: outages.answered()
      case .serverError: break
      case .broken, .timedOut: if outages.unanswered(at: timekeeper.now()) { throw down(failure) }
      }
      if failure.kind == .badToken, await tokens.giveUp(token.role) {
        observer.receive(.fallbackTokenUsed)
        await gate.noteRetry()
        continue
      }
      if failure.kind == .throttled { throttled += 1 } else { attempts += 1 }
      let trouble = request.isRepeatable || failure.trouble == .throttled ? failure.trouble : .refused
      switch configuration.retry.verdict(
        on: trouble, attempts: attempts, throttled: throttled, retryAfter: failure.retryAfter, jitter: .random(in: 0..<1))
      {
      case .giveUp:
        if failure.isUnanswered, outages.gaveUp() { throw down(failure) }
        throw failure
      case .comeBack(let pause):
        throw GHLFailure(
          .comeBackLater, "", request: request.title, endpoint: request.endpoint, status: failure.status,
          traceId: failure.traceId, retryAfter: pause)
      case .retry(let pause):
        await gate.noteRetry()
        if pause > .zero {
          do { try await timekeeper.sleep(until: timekeeper.now() + pause) } catch { throw cancelled(request) }
        }
      }
    }
  }

  private func down(_ last: GHLFailure) -> GHLFailure {
    GHLFailure(
      .down, last.detail, request: last.request, endpoint: last.endpoint, status: last.status, traceId: last.traceId,
      remedy: last.remedy)
  }

  private func cancelled(_ request: GHLRequest) -> GHLFailure {
    GHLFailure(.cancelled, "", request: request.title, endpoint: request.endpoint)
  }

  private func enter(_ request: GHLRequest) async throws(GHLFailure) -> Pacer.Ticket {
    do throws(RequestGate.Closed) {
      return try await gate.enter()
    } catch {
      let (kind, pause): (GHLFailure.Kind, Duration?) =
        switch error {
        case .dailyQuotaSpent: (.dailyQuotaSpent, nil)
        case .budgetSpent: (.budgetSpent, nil)
        case .cancelled: (.cancelled, nil)
        case .comeBackLater(let pause): (.comeBackLater, pause)
        }
      throw GHLFailure(kind, "", request: request.title, endpoint: request.endpoint, retryAfter: pause)
    }
  }

  /// Sends the request once. A response that cannot be used is released when this returns: a pause may follow.
  private func attempt(
    _ request: GHLRequest, token: Secret, _ ticket: Pacer.Ticket, _ check: ((JSONSlice) -> AnswerFault?)?
  ) async -> Result<GHLAnswer, GHLFailure> {
    switch await exchange(request, token: token) {
    case .success(let answer):
      await gate.answered(ticket, status: answer.status, limits: answer.limits)
      return AnswerJudge.judge(answer, of: request, location: configuration.location, check)
    case .failure(let broken):
      await gate.broke(ticket)
      return .failure(broken)
    }
  }

  private func exchange(_ request: GHLRequest, token: Secret) async -> Result<HTTPAnswer, GHLFailure> {
    var headers = [
      (name: "Authorization", value: "Bearer \(token.value)"),
      (name: "Version", value: request.version ?? configuration.versions.version(for: request.endpoint)),
      (name: "Accept", value: "application/json"),
      (name: "User-Agent", value: "waybill"),
    ]
    if request.body != nil { headers.append((name: "Content-Type", value: "application/json")) }
    let exchange = HTTPExchange(
      method: request.method.rawValue, url: address.text + request.target, headers: headers,
      body: request.body.map { Array($0.text.utf8) })
    do throws(TransportFailure) {
      return .success(try await transport.send(exchange))
    } catch {
      let (kind, detail, remedy): (GHLFailure.Kind, String, String?) =
        switch error {
        case .unreachable(let trouble), .broken(let trouble): (.unreachable, trouble.reason, trouble.remedy)
        case .timedOut: (.timedOut, "no complete response within \(configuration.timeout.seconds) s", nil)
        case .tooLarge(let limit): (.answerTooLarge, "over \(limit) bytes", nil)
        case .cancelled: (.cancelled, "", nil)
        }
      return .failure(GHLFailure(kind, detail, request: request.title, endpoint: request.endpoint, remedy: remedy))
    }
  }
}

extension GHLFailure {
  /// The source did not respond at all.
  package var isUnanswered: Bool { kind == .timedOut || kind == .unreachable }

  /// As the retry policy sees it.
  var trouble: RetryPolicy.Trouble {
    switch kind {
    case .throttled: .throttled
    case .serverError where status == 501: .refused
    case .serverError, .malformedAnswer, .wrongRecord, .blocked: .serverError
    case .unreachable: .broken
    case .timedOut: .timedOut
    default: .refused
    }
  }
}
