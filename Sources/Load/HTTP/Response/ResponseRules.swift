import Control
package import Core
package import HTTP

/// A rule of the pipeline about responses, in the order in which rules are asked.
package enum ResponseRule: String, Sendable, Hashable, CaseIterable {
  case throttled, retry, running, conflict, gone, ok
}

/// What responses mean: by their status (RFC 9110), unless the pipeline has rules of its own.
///
/// The first of these decides:
///
/// 1. The rules `throttled`, `retry`, `running`, `conflict` and `gone`, in this order. One that does not hold decides nothing.
/// 2. `ok`, where it is given: a response for which it holds is accepted, whatever its status. A 2xx for which it does not hold is
///    refused. The status decides about other responses.
/// 3. Without `ok`: the preset `ok-flag`.
/// 4. What the idempotency layer of the destination says, if it can be recognized: see `IdempotencyProblem`.
/// 5. The status.
///
/// A 202 that counts as accepted starts a job.
package struct ResponseRules: Sendable {
  package var preset: ResponsePreset?
  /// Where a refusal names fields. Nil: where the preset has them, or the media type of the response says.
  package var errors: FieldErrorPlaces?
  /// Reads responses in place of these rules; nil: nothing does.
  var dialect: (any ResponseDialect)?
  private var conditions: [ResponseRule: ResponseCondition] = [:]

  package init() {}

  package subscript(_ rule: ResponseRule) -> ResponseCondition? {
    get { conditions[rule] }
    set { conditions[rule] = newValue }
  }

  /// All that decides what responses mean, for digests.
  var text: String {
    func text(_ path: ResponsePath?) -> JSONValue { path.map { .string($0.text) } ?? .null }
    let places = errors.map { places in
      JSONValue.array(
        [text(places.at), text(places.field), text(places.message)] + places.status.sorted().map { .number($0) })
    }
    return JSONValue.array(
      (dialect.map { [.string($0.name)] } ?? []) + [preset.map { .string($0.rawValue) } ?? .null, places ?? .null]
        + ResponseRule.allCases.map { rule in conditions[rule].map { .string($0.text) } ?? .null }
    ).text
  }

  /// - Parameter call: what the response is to.
  func read(_ answer: HTTPAnswer, to call: HTTPCall) -> ReadResponse { dialect?.read(answer, to: call) ?? read(answer) }

  package func read(_ answer: HTTPAnswer) -> ReadResponse {
    // A member that occurs twice is no reason to lose the ID of a record.
    let body = answer.body.isEmpty ? nil : try? JSONReader.readGatheringDuplicates(answer.body).value
    return read(status: answer.status, headers: answer.headers, body: body, content: answer.body)
  }

  /// - Parameter headers: names in lower case.
  package func read(status: Int, headers: [String: String], body: JSONValue?) -> ReadResponse {
    read(status: status, headers: headers, body: body, content: [])
  }

  private func read(status: Int, headers: [String: String], body: JSONValue?, content: [UInt8]) -> ReadResponse {
    var layer: IdempotencyProblem?
    let kind =
      ruled(status, headers, body, content)
      ?? {
        layer = IdempotencyProblem(status: status, body: body)
        return layer?.kind ?? Self.kind(of: status)
      }()
    var response = ReadResponse(kind, status: status, body: body, headers: headers)
    switch kind {
    case .accepted, .started:
      if body == nil { response.detail = ResponseDetail.text(ofForeign: content) }
    default:
      let preset = preset ?? ResponsePreset(contentType: headers["content-type"])
      response.errors = fieldErrors(status, body, preset)
      response.failsOwnRule = kind == .refused && conditions[.ok] != nil
      response.detail = ResponseDetail.text(of: body, content)
      if layer == .keyReused { response.detail = ResponseDetail.keyReused(response.detail) }
    }
    return response
  }

  /// What the pipeline's rules say; nil: nothing.
  private func ruled(
    _ status: Int, _ headers: [String: String], _ body: JSONValue?, _ content: [UInt8]
  ) -> CallFlow.Response? {
    let isSuccess = 200..<300 ~= status
    guard !conditions.isEmpty else { return isSuccess && preset?.isRefusal(body) == true ? .refused : nil }
    return ResponseCells.with(status: status, headers: headers, body: body, content: content, for: conditions.values) { cells in
      for rule in ResponseRule.allCases where conditions[rule]?.holds(cells) == true {
        switch rule {
        case .throttled: return .throttled
        case .retry: return .retry(status: status)
        case .running: return .stillRunning
        case .conflict: return .conflict
        case .gone: return .gone
        case .ok: return status == 202 ? .started : .accepted
        }
      }
      return isSuccess && (conditions[.ok] != nil || preset?.isRefusal(body) == true) ? .refused : nil
    }
  }

  private func fieldErrors(_ status: Int, _ body: JSONValue?, _ preset: ResponsePreset?) -> [ReadResponse.FieldError] {
    guard let body else { return [] }
    if let errors { return errors.read(status, body) }
    return preset?.errors.lazy.map { $0.read(status, body) }.first { !$0.isEmpty } ?? []
  }

  private static func kind(of status: Int) -> CallFlow.Response {
    switch status {
    case 202: .started
    case 200..<300: .accepted
    case 301...303: .redirected(status: status)
    case 401: .unauthorized
    case 403: .forbidden
    case 404, 410: .gone
    case 409, 412: .conflict
    case 413: .tooLarge
    case 429: .throttled
    case 408, 425: .retry(status: status)
    case 500...: .serverError(status: status)
    default: .refused
    }
  }
}
