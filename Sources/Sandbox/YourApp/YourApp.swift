import Core

/// A look-alike of Your App: the API that target records are loaded into. It keeps contacts, tasks, notes and appointments in
/// memory. `SandboxServer` serves it beside the look-alike of GHL, under `basePath`.
///
/// A request passes through, in this order: the token, the request limit, gateway faults, the idempotency key, the operation with
/// its own faults, and delivery faults. Responses from before the idempotency key are not stored under it.
package final class YourApp: Sendable {
  package static let basePath = "/app/v1"
  /// The same operations, for redirects within the origin. Requests to it are not redirected again.
  static let movedPath = "/app/moved"
  /// Where redirects out of the origin lead: everything is refused and counted.
  static let outsidePath = "/app/outside"

  package let token: String
  let plan: AppFaultPlan
  let seed: UInt64
  /// Milliseconds since 1970.
  let now: @Sendable () -> Int
  let state: Locked<AppState>

  init(_ options: SandboxOptions, token: String, now: @escaping @Sendable () -> Int) {
    self.token = token
    self.now = now
    plan = options.faults.app
    seed = options.seed
    state = Locked(AppState(options))
  }

  package var statistics: AppStatistics { state.withLock { $0.statistics } }

  /// Whether a path, in parts, belongs to Your App.
  static func serves(_ path: [String]) -> Bool { path.first?.isExactly("app") == true }

  /// Handles one request, without waiting: the response says how long to wait.
  package func respond(to request: SandboxRequest) -> SandboxAnswer {
    let path = request.path
    let area = "/" + path.prefix(2).joined(separator: "/")
    let now = now()
    let isKnown = area.isExactly(Self.basePath) || area.isExactly(Self.movedPath)
    let match = isKnown ? AppRoute.match(request.method, Array(path.dropFirst(2))) : .none
    state.withLock { state in
      state.runDueJobs(now)
      state.statistics.requests += 1
      if case .route(let route, _) = match { state.statistics.byRoute[route.name, default: 0] += 1 }
      if area.isExactly(Self.outsidePath) { state.statistics.countOutside(request) }
    }
    var answer: SandboxAnswer
    if area.isExactly(Self.outsidePath) {
      answer = AppProblem(.forbidden, "This is another origin: no request for Your App may come here.").answer
    } else {
      let target = String(request.target.dropFirst(area.utf8.count))
      answer = self.answer(to: request, match, target: target, isMoved: area.isExactly(Self.movedPath), now)
    }
    if plan.switches.contains(.withoutTags) { answer.headers.removeAll { $0.name == "ETag" } }
    let status = answer.ending == .nothing ? 0 : answer.status
    state.withLock { $0.statistics.byStatus[status, default: 0] += 1 }
    return answer
  }

  private func answer(
    to request: SandboxRequest, _ match: AppRoute.Match, target: String, isMoved: Bool, _ now: Int
  ) -> SandboxAnswer {
    if case .route(.document, _) = match { return document(request) }
    var headers: [(name: String, value: String)] = []
    var answer: SandboxAnswer
    do throws(AppProblem) {
      try authorize(request)
      let verdict = state.withLock { $0.window.take(now: now) }
      headers = verdict.headers
      guard verdict.isAllowed else {
        var problem = AppProblem(
          .tooManyRequests, "The limit of \(verdict.limit) requests in \(AppWindow.seconds) seconds is reached.")
        problem.headers = [("Retry-After", String(verdict.seconds))]
        throw problem
      }
      answer = try admitted(request, match, target: target, isMoved: isMoved, now)
    } catch {
      answer = error.answer
    }
    answer.headers += headers
    return answer
  }

  private func admitted(
    _ request: SandboxRequest, _ match: AppRoute.Match, target: String, isMoved: Bool, _ now: Int
  ) throws(AppProblem) -> SandboxAnswer {
    let (route, id): (AppRoute, String)
    switch match {
    case .route(let found, let variable): (route, id) = (found, variable)
    case .none: throw AppProblem(.notFound, "There is no such path.")
    case .otherMethod(let allowed):
      var problem = AppProblem(.methodNotAllowed, "This path supports \(allowed.joined(separator: ", ")).")
      problem.headers = [("Allow", allowed.joined(separator: ", "))]
      throw problem
    }
    guard !request.bodyIsTooLarge else {
      var problem = AppProblem(.bodyTooLarge, "The body is larger than 1 MiB.")
      problem.limit = ("maxBytes", SandboxRequest.mostBodyBytes)
      throw problem
    }
    let faults = faults(request, route, target: target, isMoved: isMoved)
    if let instead = faults.gatewayAnswer(request, target: target, items: itemCount(request, faults), now: now) { return instead }
    let call = AppCall(route: route, id: id, request: request, query: request.query, faults: faults, now: now)
    var answer = try handleOnce(call, target: target)
    faults.deliver(&answer)
    return answer
  }

  /// Handles a request, or gives the response of the first one with its idempotency key.
  private func handleOnce(_ call: AppCall, target: String) throws(AppProblem) -> SandboxAnswer {
    guard call.route.isWrite, !plan.switches.contains(.withoutIdempotency),
      let key = try IdempotencyKeys.key(of: call.request)
    else { return handle(call) }
    let fingerprint = IdempotencyKeys.fingerprint(of: call.request, target: target)
    switch state.withLock({ $0.keys.begin(key, fingerprint: fingerprint, now: call.now) }) {
    case .first:
      let answer = handle(call)
      state.withLock { $0.keys.finish(key, answer, busyUntil: call.now + call.faults.busyMilliseconds) }
      return answer
    case .replay(var answer):
      answer.headers.append(("Idempotent-Replayed", "true"))
      state.withLock { $0.statistics.replays += 1 }
      return answer
    case .running:
      var problem = AppProblem(.requestInProgress, "The first request with this Idempotency-Key is still being processed.")
      problem.headers = [("Retry-After", "1")]
      throw problem
    case .reused:
      throw AppProblem(.idempotencyKeyReused, "This Idempotency-Key was used for a request with another path or body.")
    }
  }

  private func handle(_ call: AppCall) -> SandboxAnswer {
    do throws(AppProblem) {
      if call.faults.has(.errorBefore) { throw AppProblem(.internalError, "The request failed.") }
      if call.faults.has(.notOK) {
        return SandboxAnswer {
          $0.bool("ok", false)
          $0.text("error", "The request was not carried out.")
        }
      }
      let answer = try operate(call)
      if call.faults.has(.errorAfter) { throw AppProblem(.internalError, "The request failed.") }
      return answer
    } catch {
      return error.answer
    }
  }

  private func operate(_ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    switch call.route {
    case .list(let resource): try list(resource, call)
    case .listChildren(let resource): try listChildren(resource, call)
    case .create(let resource): try create(resource, call)
    case .batch(let resource): try batch(resource, call)
    case .read(let resource): try read(resource, call)
    case .replace(let resource): try replace(resource, call)
    case .merge(let resource): try merge(resource, call)
    case .delete(let resource): try delete(resource, call)
    case .job: try job(call)
    case .document: document(call.request)
    }
  }

  /// The OpenAPI document: public, and without limits or faults.
  private func document(_ request: SandboxRequest) -> SandboxAnswer {
    let origin = request.header("host").map { "http://" + $0 } ?? ""
    return SandboxAnswer(status: 200, body: Array(AppDocument.make(origin: origin).prettyText.utf8))
  }

  // MARK: Checks

  private func authorize(_ request: SandboxRequest) throws(AppProblem) {
    guard let header = request.authorization, header.lowercased().hasPrefix("bearer ") else {
      throw Self.unauthorized("Send the access token in the header Authorization: Bearer.")
    }
    guard header.dropFirst("bearer ".count).trimmed.isExactly(token) else {
      throw Self.unauthorized("The access token is not valid.")
    }
  }

  static func unauthorized(_ detail: String) -> AppProblem {
    var problem = AppProblem(.unauthorized, detail)
    problem.headers = [("WWW-Authenticate", "Bearer realm=\"Your App\"")]
    return problem
  }

  // MARK: Faults

  private func faults(_ request: SandboxRequest, _ route: AppRoute, target: String, isMoved: Bool) -> AppFaults {
    var plan = plan
    if isMoved {
      plan.rates[.redirect] = nil
      plan.rates[.redirectOutside] = nil
    }
    guard !plan.rates.isEmpty else { return .none }
    let head = [request.method, target, request.header("idempotency-key") ?? ""].joined(separator: "\n")
    let hash = Draw.hash(request.body, seed: Draw.hash(Array(head.utf8), seed: seed))
    let attempt = state.withLock { $0.countAttempt(hash) }
    let faults = AppFaults(plan, route, seed: seed, hash: hash, attempt: attempt)
    state.withLock { state in
      for fault in faults.hits { state.statistics.byFault[fault.rawValue, default: 0] += 1 }
    }
    return faults
  }

  /// The records of a batch, if that matters.
  private func itemCount(_ request: SandboxRequest, _ faults: AppFaults) -> Int {
    faults.has(.tooLarge) ? Self.batchItems(of: request).count : 1
  }

  // MARK: Concurrency, reported by the server

  func begin() { state.withLock { $0.begin() } }
  func end() { state.withLock { $0.end() } }
}
