/// What a route gives back, without the server.
package struct SandboxAnswer: Sendable {
  package var status: Int
  /// Empty: the answer has no body.
  package var contentType = "application/json; charset=utf-8"
  package var headers: [(name: String, value: String)] = []
  package var body: [UInt8]
  /// Milliseconds to wait before answering.
  package var delay = 0
  package var ending = Ending.whole

  /// How much of the answer is sent.
  package enum Ending: Sendable, Hashable {
    case whole
    /// The connection closes before anything was sent.
    case nothing
    /// The connection closes after half of the body.
    case half
  }

  init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  /// A JSON object.
  init(status: Int = 200, _ members: (inout JSONOutput) -> Void) {
    var out = JSONOutput()
    out.object(nil, members)
    self.init(status: status, body: out.bytes)
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A refusal, in the shapes of `facts.md` 3.2; `traceId` is added with the answer.
struct Refusal: Error {
  var status: Int
  var messages: [String]
  /// The reason phrase in the member `error`; some answers go without.
  var error: String?
  /// 422 gives its messages as a list, the others as a text.
  var isList: Bool
  /// The contact that is there already.
  var duplicate: Duplicate?

  struct Duplicate: Hashable {
    var contactID: String
    /// `email` or `phone`.
    var matchingField: String
  }

  init(_ status: Int, _ message: String, error: String? = nil) {
    self.status = status
    messages = [message]
    self.error = error
    isList = false
  }

  static func unprocessable(_ messages: [String]) -> Refusal {
    var refusal = Refusal(422, "", error: "Unprocessable Entity")
    refusal.messages = messages
    refusal.isList = true
    return refusal
  }

  static func unauthorised(_ message: String) -> Refusal { Refusal(401, message, error: "Unauthorized") }
  static func badRequest(_ message: String) -> Refusal { Refusal(400, message, error: "Bad Request") }
  /// The location's setting forbids duplicates (`facts.md` 1.4).
  static func duplicate(_ contactID: String, by matchingField: String) -> Refusal {
    var refusal = Refusal(400, "This location does not allow duplicated contacts.")
    refusal.duplicate = Duplicate(contactID: contactID, matchingField: matchingField)
    return refusal
  }

  static let otherLocation = Refusal(403, "The token does not have access to this location.", error: "Forbidden")
}
