import Control
import Core
import GHL
import HTTP

/// What GHL's responses mean. Its statuses alone are not enough: a duplicate is 400, a record that is gone 400 or 404, a missing
/// scope 401, and a 422 may have created the contact.
///
/// | response | meaning |
/// |---|---|
/// | 400 with `meta.contactId` | a duplicate: `.conflict`, also of an update |
/// | another refusal of a create | `.doubtful`: it may have been carried out |
/// | 400 or 404 to a read of a record by its ID | `.gone` |
/// | 400 or 404 to a write of a record by its ID | `decidedBy`: a GET of it says whether it is `.gone` or `.refused` |
/// | 401 for a scope or the class of the token, 403 for another location, `Cannot PATCH …` | the destination is no longer used |
/// | another 401 | `.unauthorized`: the token is read again, then the fallback is used |
/// | 403 or 404 that is not GHL's, such as the page of a proxy | sent again |
/// | a success status with `succeded: false` in either spelling | a refusal |
struct GHLResponses: ResponseDialect {
  var name: String { "ghl" }

  func read(_ answer: HTTPAnswer, to call: HTTPCall) -> ReadResponse {
    let body = answer.body.isEmpty ? nil : try? JSONReader.readGatheringDuplicates(answer.body).value
    let request = Request(call)
    var response = ReadResponse(.accepted, status: answer.status, body: body, headers: answer.headers)
    // Ledger lines name it.
    if response.headers["traceid"] == nil, let trace = ShownText.identifier(body?["traceId"]?.stringValue) {
      response.headers["traceid"] = trace
    }
    guard
      let refusal = AnswerClassifier.refusal(
        status: answer.status, body: answer.body, method: call.method,
        asksForOneRecord: request.meansGone(answer.status), dailyRemaining: answer.limits.dailyRemaining)
    else {
      readSuccess(&response, request, answer)
      return response
    }
    response.detail = refusal.message
    if answer.status == 400, let id = body?["meta"]?["contactId"]?.stringValue, !id.isEmpty {
      response.kind = .conflict
      let field = body?["meta"]?["matchingField"]?.stringValue
      response.errors = field.map { [.init(path: [$0], message: refusal.message)] } ?? []
      return response
    }
    response.errors = Self.fieldErrors(body?["message"])
    if request.route == .removeTags, answer.status == 422, response.errors.contains(where: { $0.path == ["tags"] }) {
      response.errors = []
      response.detail += "; a proxy may have removed the body of the DELETE"
    }
    response.kind = kind(
      of: refusal.kind, answer.status, isForeign: body == nil && answer.body.contains { $0 > 0x20 }, request)
    response.stops = stop(refusal, answer.status, call, request)
    // The message does not say which: "not found" may refer to a user that the body names.
    if response.stops == nil, [400, 404].contains(answer.status), response.kind == .gone || response.kind == .refused {
      response.decidedBy = request.written
    }
    return response
  }

  private func readSuccess(_ response: inout ReadResponse, _ request: Request, _ answer: HTTPAnswer) {
    guard let body = response.body else {
      response.detail = ResponseDetail.text(ofForeign: answer.body)
      // A read without an answer has none; what a write without one has done is looked up.
      if request.isRead { response.kind = .retry(status: answer.status) }
      return
    }
    let flags = ["succeded", "succeeded", "success"].compactMap { body[$0]?.boolValue }
    // The bulk route for tags has a result for each contact.
    guard flags.contains(false), body["responses"] == nil else { return }
    response.kind = request.isCreate ? .doubtful : .refused
    let says = ResponseDetail.text(of: body, [])
    response.detail = "GHL reports that the call did not succeed" + (says.isEmpty ? "" : ": \(says)")
  }

  /// - Parameter isForeign: the response has a body that is not JSON.
  private func kind(
    of refusal: GHLFailure.Kind, _ status: Int, isForeign: Bool, _ request: Request
  ) -> CallFlow.Response {
    switch refusal {
    case .badToken: .unauthorized
    case .scopeMissing, .wrongTokenClass, .userTypeMismatch, .otherLocation, .forbidden: .forbidden
    case .throttled, .dailyQuotaSpent: .throttled
    case .blocked: .retry(status: status)
    case .timedOut where status == 408: .retry(status: status)
    case .timedOut, .serverError: .serverError(status: status)
    case .redirected: 301...303 ~= status ? .redirected(status: status) : .refused
    case .versionRefused: .refused
    case _ where status == 413: .tooLarge
    // GHL's own refusals are JSON.
    case _ where isForeign: .retry(status: status)
    case _ where request.isCreate: .doubtful
    case .notFound: request.isByID ? .gone : .refused
    default: .refused
    }
  }

  /// A refusal that every other call would get, too.
  private func stop(
    _ refusal: AnswerClassifier.Refusal, _ status: Int, _ call: HTTPCall, _ request: Request
  ) -> ReadResponse.Stop? {
    switch refusal.kind {
    case .scopeMissing, .wrongTokenClass, .userTypeMismatch, .otherLocation, .versionRefused:
      let failure = GHLFailure(
        refusal.kind, refusal.message, request: "\(call.method) \(request.route?.template ?? request.path)",
        endpoint: request.route?.endpoint ?? .other, status: status, traceId: refusal.traceId
      ).operationFailure
      return ReadResponse.Stop(failure.code, failure.description)
    default: return nil
    }
  }

  // MARK: Requests

  /// What a response is to.
  private struct Request {
    let path: String
    let route: GHLRoute?
    let isRead: Bool

    init(_ call: HTTPCall) {
      path = String(call.target.prefix { $0 != "?" })
      let segments = path.split(separator: "/").map { PercentEncoding.decoded($0) ?? String($0) }
      route = GHLRequest.Method(rawValue: call.method).flatMap { GHLRoute.matching($0, segments) }
      isRead = route?.isRead ?? (call.method == "GET")
    }

    /// It makes a new record, so that a second one would be a duplicate.
    var isCreate: Bool { route.map { [.createContact, .upsertContact, .createTask, .createNote].contains($0) } ?? false }

    /// It is about records that exist.
    var isByID: Bool { route.map { !$0.parameters.isEmpty && $0.parameters != ["type"] && !isCreate } ?? false }

    /// For a write, a 400 may have other reasons, and a record that is mistaken for gone would be created again.
    func meansGone(_ status: Int) -> Bool { isByID && (isRead || status == 404) }

    /// The address of the record that a write names; nil: it names none. For a contact's tags, it is that of the contact.
    var written: String? {
      guard isByID, !isRead else { return nil }
      var parts = path.split(separator: "/")
      while !parts.isEmpty {
        let segments = parts.map { PercentEncoding.decoded($0) ?? String($0) }
        if let read = GHLRoute.matching(.get, segments), !read.parameters.isEmpty {
          return "/" + parts.joined(separator: "/")
        }
        parts.removeLast()
      }
      return nil
    }
  }

  // MARK: Fields

  private static let errorsAtMost = 100

  /// One for each text of a 422: `property additionalEmails should not exist`, `dndSettings.Email.status must be one of …`.
  static func fieldErrors(_ message: JSONValue?) -> [ReadResponse.FieldError] {
    let texts = message?.arrayValue?.compactMap(\.stringValue) ?? []
    return texts.prefix(errorsAtMost).map { .init(path: path(in: $0), message: ResponseDetail.shown($0)) }
  }

  /// The member that a text is about; empty: it names none.
  private static func path(in text: String) -> [String] {
    let words = text.split(separator: " ", maxSplits: 5).map { String($0) }
    func isPath(_ word: String) -> Bool { word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\",:;()".utf8.contains($0) } }
    let verbs = ["must", "should", "is", "has", "cannot"]
    for start in [["each", "value", "in"], ["nested", "property"], ["property"], []] where words.starts(with: start) {
      let rest = words.dropFirst(start.count)
      guard let name = rest.first, isPath(name), !["each", "nested", "property"].contains(name),
        rest.dropFirst().first.map(verbs.contains) ?? false
      else { continue }
      return name.split(separator: ".").map { String($0) }
    }
    return []
  }
}
