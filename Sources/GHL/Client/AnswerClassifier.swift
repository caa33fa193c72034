import Core
import HTTP
import Records

/// Determines what a response means. Its status alone is not enough: a wrong token, a missing scope and a missing `Version`
/// header are all 401, so the text decides.
package enum AnswerClassifier {
  /// A response that cannot be used.
  package struct Refusal: Sendable, Hashable {
    package var kind: GHLFailure.Kind
    /// GHL's words, masked and cut; several texts are joined by "; ".
    package var message: String
    package var traceId: String?
  }

  /// Nil for a response that can be used.
  static func failure(status: Int, body: [UInt8], request: GHLRequest, dailyRemaining: Int?) -> GHLFailure? {
    refusal(
      status: status, body: body, method: request.method.rawValue, asksForOneRecord: request.endpoint.asksForOneRecord,
      dailyRemaining: dailyRemaining
    ).map {
      GHLFailure(
        $0.kind, $0.message, request: request.title, endpoint: request.endpoint, status: status, traceId: $0.traceId)
    }
  }

  /// Nil for a response that can be used.
  ///
  /// - Parameters:
  ///   - asksForOneRecord: the request names a record, so that 400 may mean that it does not exist.
  ///   - dailyRemaining: how many requests are left today, if the response says so.
  package static func refusal(
    status: Int, body: [UInt8], method: String, asksForOneRecord: Bool, dailyRemaining: Int?
  ) -> Refusal? {
    if (200..<300).contains(status) { return nil }
    let error = ErrorBody(body)
    let kind = kind(status: status, error: error, method, asksForOneRecord, dailyRemaining: dailyRemaining)
    return Refusal(kind: kind, message: error.message, traceId: error.traceId)
  }

  private static func kind(
    status: Int, error: ErrorBody, _ method: String, _ asksForOneRecord: Bool, dailyRemaining: Int?
  ) -> GHLFailure.Kind {
    let text = error.message.lowercased()
    switch status {
    case 300..<400: return .redirected
    case 401:
      if text.contains("not authorized for this scope") { return .scopeMissing }
      if text.contains("user type mismatch") { return .userTypeMismatch }
      if text.contains("authclass type is not allowed") { return .wrongTokenClass }
      // "Version" may also refer to the token: "Token version expired".
      if isAboutVersion(text), !isAboutToken(text) { return .versionRefused }
      return .badToken
    case 403:
      guard error.isJSON, !error.message.isEmpty else { return .blocked }
      if text.contains("access to this location") { return .otherLocation }
      return isAboutToken(text) && ["expired", "invalid", "revoked"].contains(where: text.contains) ? .badToken : .forbidden
    case 429: return dailyRemaining == 0 ? .dailyQuotaSpent : .throttled
    case 408, 504: return .timedOut
    case 500...: return .serverError
    case 400, 404:
      if isAboutVersion(text) { return .versionRefused }
      if text.hasPrefix("cannot \(method.lowercased()) ") { return .versionRefused }
      // A record that is gone is 400 or 404; of lists, 400 is a wrong request.
      if status == 404 || asksForOneRecord {
        // Only GHL itself can know that a record is gone.
        return error.isJSON || !asksForOneRecord ? .notFound : .blocked
      }
      return .validation
    default: return .validation
    }
  }

  /// Whether the text is about the API version named in the request.
  private static func isAboutVersion(_ text: String) -> Bool {
    text.contains("api version") || text.contains("version header")
  }

  private static func isAboutToken(_ text: String) -> Bool { text.contains("token") || text.contains("jwt") }
}

extension GHLEndpoint {
  var asksForOneRecord: Bool {
    switch self {
    case .contact, .contactTasks, .contactNotes, .contactAppointments: true
    default: false
    }
  }
}

/// The content of an error body: `message` is a text, a list of texts or an object, `statusCode` may be missing, OAuth and
/// newer routes have other shapes, and a proxy returns HTML.
struct ErrorBody {
  var message = ""
  /// False: not GHL's own words; these are not quoted, because they may identify the client.
  var isJSON = false
  var traceId: String?

  /// Longer texts are cut: they go into messages.
  private static let limit = 300
  /// How much of a text is read before it is masked and cut: much more than is shown.
  private static let read = 64 << 10
  /// At most this many texts of a list are read.
  private static let texts = 20

  init(_ body: [UInt8]) {
    guard let root = try? JSONSlicer.slice(body), root.kind == .object else {
      let start = body.first { $0 > 0x20 }
      message = body.isEmpty ? "" : start == UInt8(ascii: "<") ? "an HTML page" : "not JSON"
      return
    }
    isJSON = true
    // Before anything is masked or cut: part of a token is not recognized.
    traceId = ShownText.identifier(root["traceId"]?.stringValue)
    let texts = [root["message"], root["error_description"], root["error"]]
    message = ShownText.masked(
      Redactor.process.redacted(texts.lazy.compactMap { $0.flatMap { Self.text($0) } }.first { !$0.isEmpty } ?? ""))
    message = VisibleText.escaped(message)
    if message.count > Self.limit { message = message.prefix(Self.limit) + "…" }
  }

  /// For an object, only its own message: the rest may be the record that was sent. Nested lists are ignored, however deep
  /// they are.
  private static func text(_ value: JSONSlice, isInList: Bool = false) -> String? {
    switch value.kind {
    case .string: value.stringValue.map { String($0.prefix(read)) }
    case .array where !isInList:
      value.elements.prefix(texts).compactMap { text($0, isInList: true) }.joined(separator: "; ")
    case .object:
      value["message"].flatMap { message in
        switch message.kind {
        case .string: message.stringValue.map { String($0.prefix(read)) }
        case .array where !isInList: text(message)
        default: nil
        }
      }
    default: nil
    }
  }
}
