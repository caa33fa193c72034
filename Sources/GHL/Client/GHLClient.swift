package import Control
package import Core
import Records

/// Calls the GHL API for one location: paced from its rate-limit headers, tried again where that may help, each
/// failure told apart. Safe to call from many tasks. Call `close()` at the end.
package final class GHLClient: Sendable {
  package let configuration: GHLConfiguration
  let transport: any HTTPTransport
  private let gate: RequestGate
  private let tokens: TokenChoice
  private let outages = OutageWatch()
  private let timekeeper: any Timekeeper
  private let observer: any RunObserver

  /// - Throws: `GHLFailure` of kind `configuration` when the address or the token cannot be right.
  package convenience init(_ configuration: GHLConfiguration, observer: any RunObserver = SilentObserver()) throws(GHLFailure) {
    try configuration.check()
    let transport = AsyncHTTPTransport(
      timeout: configuration.timeout, connectTimeout: configuration.connectTimeout,
      maxBytes: configuration.maxAnswerBytes, connections: configuration.maxInFlight)
    try self.init(configuration, transport: transport, timekeeper: SystemTimekeeper(), observer: observer)
  }

  init(
    _ configuration: GHLConfiguration, transport: any HTTPTransport, timekeeper: any Timekeeper,
    observer: any RunObserver = SilentObserver()
  ) throws(GHLFailure) {
    try configuration.check()
    self.configuration = configuration
    self.transport = transport
    self.timekeeper = timekeeper
    self.observer = observer
    tokens = TokenChoice(configuration.token, fallback: configuration.fallbackToken)
    var options = Pacer.Options()
    options.maxInFlight = configuration.maxInFlight
    options.budget = configuration.budget
    gate = RequestGate(options: options, timekeeper: timekeeper) { pause in
      observer.note("waiting \(Int(pause.seconds.rounded(.up))) s for the rate limit")
    }
  }

  package func close() async { await transport.close() }

  /// Requests so far, and what remains of the day.
  package var quota: Quota { get async { await gate.quota } }

  /// Which token worked last.
  package var tokenInUse: TokenRole { get async { await tokens.role } }

  /// Sends `request` as often as its failures deserve, and gives its answer, checked to be JSON (or empty, where a request
  /// changes something). What changes something is sent again only where the API has surely not done it: after an answer
  /// 429, or with the other token after a 401.
  package func send(_ request: GHLRequest) async throws(GHLFailure) -> GHLAnswer {
    var attempts = 0
    var throttled = 0
    while true {
      if Task.isCancelled { throw cancelled(request) }
      let token = await tokens.current
      let ticket = try await enter(request)
      let outcome = await attempt(request, token: token.secret)
      let failure: GHLFailure
      var retryAfter: Duration?
      switch outcome {
      case .success(let answer):
        await gate.answered(ticket, status: answer.status, limits: answer.limits)
        guard let refusal = judge(answer, of: request) else {
          outages.answered()
          return GHLAnswer(status: answer.status, body: answer.body, traceId: answer.traceId)
        }
        failure = refusal
        retryAfter = answer.limits.retryAfter
      case .failure(let broken):
        await gate.broke(ticket)
        failure = broken
      }
      if failure.kind == .cancelled { throw failure }
      switch failure.trouble {
      case .refused, .throttled: outages.answered()
      case .serverError: break
      case .broken, .timedOut: if outages.unanswered(at: timekeeper.now()) { throw down(failure) }
      }
      if failure.kind == .badToken, await tokens.giveUp(token.role) {
        observer.note("GHL refused the token; going on with the fallback")
        await gate.noteRetry()
        continue
      }
      if failure.kind == .throttled { throttled += 1 } else { attempts += 1 }
      var random = SystemRandomNumberGenerator()
      let trouble = request.isRepeatable || failure.trouble == .throttled ? failure.trouble : .refused
      switch configuration.retry.verdict(
        on: trouble, attempts: attempts, throttled: throttled, retryAfter: retryAfter, using: &random)
      {
      case .giveUp:
        if failure.isUnanswered, outages.gaveUp() { throw down(failure) }
        throw failure
      case .retry(let pause):
        await gate.noteRetry()
        if pause > .zero {
          do { try await timekeeper.sleep(until: timekeeper.now() + pause) } catch { throw cancelled(request) }
        }
      }
    }
  }

  private func down(_ last: GHLFailure) -> GHLFailure {
    GHLFailure(.down, last.detail, request: last.request, endpoint: last.endpoint, status: last.status, traceId: last.traceId)
  }

  private func cancelled(_ request: GHLRequest) -> GHLFailure {
    GHLFailure(.cancelled, "", request: request.title, endpoint: request.endpoint)
  }

  private func enter(_ request: GHLRequest) async throws(GHLFailure) -> Pacer.Ticket {
    do throws(RequestGate.Closed) {
      return try await gate.enter()
    } catch {
      let kind: GHLFailure.Kind =
        switch error {
        case .dailyQuotaSpent: .dailyQuotaSpent
        case .budgetSpent: .budgetSpent
        case .cancelled: .cancelled
        }
      throw GHLFailure(kind, "", request: request.title, endpoint: request.endpoint)
    }
  }

  private func attempt(_ request: GHLRequest, token: Secret) async -> Result<HTTPAnswer, GHLFailure> {
    var headers = [
      (name: "Authorization", value: "Bearer \(token.value)"),
      (name: "Version", value: request.version ?? configuration.versions.version(for: request.endpoint)),
      (name: "Accept", value: "application/json"),
      (name: "User-Agent", value: "waybill"),
    ]
    if request.body != nil { headers.append((name: "Content-Type", value: "application/json")) }
    let base = configuration.baseURL.hasSuffix("/") ? String(configuration.baseURL.dropLast()) : configuration.baseURL
    let exchange = HTTPExchange(
      method: request.method.rawValue, url: base + request.target, headers: headers,
      body: request.body.map { Array($0.text.utf8) })
    do throws(TransportFailure) {
      return .success(try await transport.send(exchange))
    } catch {
      let (kind, detail): (GHLFailure.Kind, String) =
        switch error {
        case .unreachable(let text): (.unreachable, text)
        case .broken(let text): (.unreachable, "the connection broke: \(text)")
        case .timedOut: (.timedOut, "no whole answer within \(configuration.timeout.seconds) s")
        case .tooLarge(let limit): (.answerTooLarge, "over \(limit) bytes")
        case .cancelled: (.cancelled, "")
        }
      return .failure(GHLFailure(kind, detail, request: request.title, endpoint: request.endpoint))
    }
  }

  private func judge(_ answer: HTTPAnswer, of request: GHLRequest) -> GHLFailure? {
    if (200..<300).contains(answer.status) {
      // 204, or a route that says nothing more. What is read has a body, or it was cut off.
      if answer.body.isEmpty, answer.status != 200 || !request.isRepeatable || request.endpoint == .other { return nil }
      do throws(JSONSlicer.Failure) {
        _ = try JSONSlicer.slice(answer.body)
        return nil
      } catch {
        let isPage = answer.body.first { $0 > 0x20 } == UInt8(ascii: "<")
        return GHLFailure(
          .malformedAnswer, isPage ? "an HTML page" : "byte \(error.offset + 1): \(error.message)",
          request: request.title, endpoint: request.endpoint, status: answer.status, traceId: answer.traceId)
      }
    }
    return AnswerClassifier.failure(
      status: answer.status, body: answer.body, request: request, dailyRemaining: answer.limits.dailyRemaining)
  }
}

extension GHLFailure {
  /// The source did not answer at all.
  package var isUnanswered: Bool { kind == .timedOut || kind == .unreachable }

  /// As the retry policy sees it.
  var trouble: RetryPolicy.Trouble {
    switch kind {
    case .throttled: .throttled
    case .serverError where status == 501: .refused
    case .serverError, .malformedAnswer, .blocked: .serverError
    case .unreachable: .broken
    case .timedOut: .timedOut
    default: .refused
    }
  }
}
