import Core

/// A GHL look-alike with synthetic data: takes requests, returns responses, keeps statistics. `SandboxServer` puts it on a port,
/// with the look-alike of Your App beside it.
///
/// It is one location. With `SandboxOptions.locations` it has others beside it, each of which is a sandbox too, with tokens, data,
/// limits and statistics of its own; the token of a request says which one responds.
package final class Sandbox: Sendable {
  package let options: SandboxOptions
  package let tokens: SandboxTokens
  package let app: YourApp
  /// The locations after this one, if this is the first one.
  private let others: [Sandbox]
  /// The identifiers of all the other locations.
  private let foreign: [SyntheticIdentifier]
  /// Milliseconds since 1970.
  private let now: @Sendable () -> Int
  let location: LocationState
  private let state: Locked<State>

  private struct State {
    var window: RateWindow
    var statistics = SandboxStatistics()
    var authorised = 0
    var inWork = 0
    /// How often each request was made, for faults that differ between the first and the next time.
    var attempts: [String: Int] = [:]
  }

  package convenience init(_ options: SandboxOptions, now: @escaping @Sendable () -> Int = { SystemTime.milliseconds() }) {
    let token = SandboxTokens(seed: options.identifierSeed, token: options.token).app
    let app = YourApp(options, token: token, now: now)
    let others = (0..<options.locations).dropFirst().map {
      Sandbox(options.forLocation($0), app: app, others: [], now: now)
    }
    self.init(options, app: app, others: others, now: now)
  }

  private init(_ options: SandboxOptions, app: YourApp, others: [Sandbox], now: @escaping @Sendable () -> Int) {
    self.options = options
    tokens = SandboxTokens(seed: options.identifierSeed, token: options.token)
    self.app = app
    self.others = others
    foreign = (0..<options.locations).filter { $0 != options.locationNumber }.map {
      SyntheticIdentifier(seed: SandboxOptions.identifierSeed(options.seed, location: $0))
    }
    self.now = now
    location = LocationState(options, data: options.data, now: now)
    let window = RateWindow(
      burstLimit: options.burstLimit, interval: options.limitInterval, dailyLimit: options.effectiveDailyLimit)
    state = Locked(State(window: window))
  }

  package var data: SyntheticData { location.data }

  package var statistics: SandboxStatistics { state.withLock { $0.statistics } }

  // MARK: Locations

  /// All locations, in their order.
  package var sandboxes: [Sandbox] { [self] + others }

  /// The location that a request's token belongs to; the first one if it belongs to none.
  func sandbox(for request: SandboxRequest) -> Sandbox {
    guard !others.isEmpty, let token = request.token else { return self }
    return others.first { $0.tokens.accepts(token) } ?? self
  }

  /// Whether an identifier of a contact or a business belongs to another location.
  func isElsewhere(_ id: String) -> Bool {
    foreign.contains { $0.value(.contact, id) != nil || $0.hexadecimalValue(.business, id) != nil }
  }

  // MARK: Requests

  /// Handles one request, without waiting: the response says how long to wait.
  package func respond(to request: SandboxRequest) -> SandboxAnswer {
    sandbox(for: request).handle(request)
  }

  private func handle(_ request: SandboxRequest) -> SandboxAnswer {
    let match = Route.match(request.method, request.path)
    let number = state.withLock { state in
      state.statistics.requests += 1
      if case .route(let route, _) = match { state.statistics.byRoute[route.rawValue, default: 0] += 1 }
      return state.statistics.requests
    }
    let answer = answer(to: request, match: match, number: number)
    let status = answer.status
    state.withLock { state in
      state.statistics.byStatus[status, default: 0] += 1
      if status == 429 { state.statistics.tooManyRequests += 1 }
    }
    return answer
  }

  private func answer(to request: SandboxRequest, match: Route.Match, number: Int) -> SandboxAnswer {
    var headers: [(name: String, value: String)] = []
    var answer: SandboxAnswer
    do throws(Refusal) {
      try authorise(request)
      let generation = try generation(request)
      let verdict = state.withLock { $0.window.take(now: now()) }
      headers = verdict.headers
      guard verdict.isAllowed else { throw Refusal(429, "Too Many Requests") }
      let faults = faults(for: request, match: match)
      if let instead = faults.answerInstead { return finish(instead, headers, number) }
      answer = try route(request, match, generation, faults)
      faults.spoil(&answer)
    } catch {
      answer = refuse(error, request)
    }
    return finish(answer, headers, number)
  }

  // MARK: Checks

  private func authorise(_ request: SandboxRequest) throws(Refusal) {
    guard let token = request.token else { throw .unauthorised("Invalid token: access token is invalid") }
    switch token {
    case _ where tokens.accepts(token): break
    case tokens.agency: throw .unauthorised("Token's user type mismatch!")
    case tokens.company:
      throw .unauthorised(
        "This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case.")
    case tokens.otherLocation: throw .otherLocation
    case _ where token.hasPrefix("pit-"): throw .unauthorised("Invalid Private Integration token")
    case _ where token.split(separator: ".").count == 3: throw .unauthorised("Invalid JWT")
    default: throw .unauthorised("Invalid token: access token is invalid")
    }
    let count = state.withLock { state in
      state.authorised += 1
      return state.authorised
    }
    let isRotated = options.faults.rotatedAfter.map { count > $0 } ?? false
    if isRotated, token == tokens.location { throw .unauthorised("Invalid Private Integration token") }
    if let limit = options.faults.unauthorisedAfter, count > limit {
      throw .unauthorised("Invalid Private Integration token")
    }
  }

  private func generation(_ request: SandboxRequest) throws(Refusal) -> Generation {
    guard let version = request.version, !version.isEmpty else { throw .unauthorised("version header was not found.") }
    switch version {
    case "v3": return .v3
    case "2021-04-15", "2021-07-28", "2023-02-21", "legacy": return .dated
    case _ where options.faults.switches.contains(.unknownVersion):
      throw Refusal(400, "Invalid API version segment '\(version)' at position 0", error: "Bad Request")
    default: throw .unauthorised("version header is invalid")
    }
  }

  private func route(
    _ request: SandboxRequest, _ match: Route.Match, _ generation: Generation, _ faults: RequestFaults
  ) throws(Refusal) -> SandboxAnswer {
    switch match {
    case .none: throw cannot(request)
    case .route(let route, let values):
      if let only = route.generation, only != generation {
        guard generation == .v3 else { throw cannot(request) }
        throw .badRequest(
          "Endpoint \(request.method) \(path(request)) not available in API version v3. This endpoint was removed in version v3. "
            + "Please use a version before v3.")
      }
      if options.faults.missingScopes.contains(route.scope) {
        throw .unauthorised("The token is not authorized for this scope.")
      }
      let query = request.query
      let locationID = data.locationID
      if route.needsLocation || query["locationId"] != nil, query["locationId"] != locationID { throw .otherLocation }
      if route.rawValue.contains("{locationId}"), values.first != locationID { throw .otherLocation }
      if let id = values.first, isElsewhere(id) { throw .otherLocation }
      let call = Call(route: route, values: values, query: query, body: request.body, generation: generation, faults: faults)
      return try location.answer(call)
    }
  }

  private func path(_ request: SandboxRequest) -> Substring { request.target.prefix { $0 != "?" } }

  /// No such path, or no such method for it: GHL does not tell the two apart.
  private func cannot(_ request: SandboxRequest) -> Refusal {
    Refusal(404, "Cannot \(request.method) \(path(request))", error: "Not Found")
  }

  // MARK: Endings

  private func refuse(_ refusal: Refusal, _ request: SandboxRequest) -> SandboxAnswer {
    let hasStatus = refusal.status == 401 && options.faults.switches.contains(.statusMember)
    // The common schemas of v3 have it; a date version's 403 goes without (`facts.md`, appendix B).
    let error = refusal.status == 403 && request.version != "v3" ? nil : hasStatus ? "Error" : refusal.error
    let asList = refusal.isList || options.faults.switches.contains(.messageList)
    return SandboxAnswer(status: refusal.status) {
      $0.number(hasStatus ? "status" : "statusCode", refusal.status)
      if asList {
        $0.array("message", of: refusal.messages)
      } else {
        $0.text("message", refusal.messages.joined(separator: ", "))
      }
      $0.text("error", optional: error)
      if let duplicate = refusal.duplicate {
        $0.object("meta") {
          $0.text("contactId", duplicate.contactID)
          $0.text("matchingField", duplicate.matchingField)
        }
      }
    }
  }

  /// Adds the headers and, to a JSON object, `traceId`: every answer carries it.
  private func finish(_ answer: SandboxAnswer, _ headers: [(name: String, value: String)], _ number: Int) -> SandboxAnswer {
    var answer = answer
    answer.headers += headers
    if answer.body.first == UInt8(ascii: "{"), answer.body.last == UInt8(ascii: "}") {
      answer.body.removeLast()
      var out = JSONOutput(bytes: answer.body)
      out.text("traceId", traceID(number))
      answer.body = out.bytes + [UInt8(ascii: "}")]
    }
    return answer
  }

  private func traceID(_ number: Int) -> String {
    var draw = Draw(seed: options.identifierSeed, stream: .identifier, index: number, part: 1)
    return [8, 4, 4, 4, 12].map { draw.hexadecimal($0) }.joined(separator: "-")
  }

  private func faults(for request: SandboxRequest, match: Route.Match) -> RequestFaults {
    guard !options.faults.rates.isEmpty else {
      return RequestFaults(hits: [], attempt: 1, draw: Draw(seed: 0, stream: .fault, index: 0))
    }
    let key = request.method + " " + request.target + " " + String(decoding: request.body, as: UTF8.self)
    let attempt = state.withLock { state in
      state.attempts[key, default: 0] += 1
      return state.attempts[key, default: 1]
    }
    var hash = options.identifierSeed
    for byte in key.utf8 { hash = Draw.mix(hash ^ UInt64(byte)) }
    var called: Route?
    if case .route(let route, _) = match { called = route }
    let faults = RequestFaults(plan: options.faults, called, hash: hash, attempt: attempt)
    state.withLock { state in
      for fault in faults.hits { state.statistics.byFault[fault.rawValue, default: 0] += 1 }
    }
    return faults
  }

  // MARK: Concurrency, reported by the server

  func begin() {
    state.withLock { state in
      state.inWork += 1
      state.statistics.maximumConcurrent = max(state.statistics.maximumConcurrent, state.inWork)
    }
  }

  func end() { state.withLock { $0.inWork -= 1 } }
}
