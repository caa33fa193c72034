import Core

/// Why a request was refused, as `application/problem+json` (RFC 9457).
struct AppProblem: Error, Sendable {
  /// What is wrong with one member of the request's body.
  struct FieldError: Sendable, Hashable {
    /// JSON pointer into the body.
    var pointer: String
    var code: String
    /// Never contains a value of the body.
    var detail: String
  }

  var code: Code
  var detail: String
  var errors: [FieldError] = []
  /// The ID of the record that has the key already.
  var existingID: String?
  /// A limit that was exceeded, in the unit of its name: `maxItems`, `maxBytes`.
  var limit: (name: String, value: Int)?
  var headers: [(name: String, value: String)] = []

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  var status: Int { code.status }

  static let contentType = "application/problem+json"

  var answer: SandboxAnswer {
    var answer = SandboxAnswer(status: status) { write(to: &$0) }
    answer.contentType = Self.contentType
    answer.headers = headers
    return answer
  }

  /// Writes the members into an open object.
  func write(to out: inout JSONOutput) {
    out.text("type", "https://your-app.example/problems/" + code.rawValue)
    out.text("title", code.title)
    out.number("status", status)
    out.text("code", code.rawValue)
    out.text("detail", detail)
    out.text("existingId", optional: existingID)
    if let limit { out.number(limit.name, limit.value) }
    guard !errors.isEmpty else { return }
    out.array("errors") { out in
      for error in errors {
        out.object { out in
          out.text("pointer", error.pointer)
          out.text("code", error.code)
          out.text("detail", error.detail)
        }
      }
    }
  }
}

extension AppProblem {
  /// The code that distinguishes refusals with the same status.
  enum Code: String, Sendable, CaseIterable {
    case malformedRequest = "malformed-request"
    case invalidJSON = "invalid-json"
    case invalidParameter = "invalid-parameter"
    case unauthorized
    case forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case alreadyExists = "already-exists"
    case conflict
    case hasChildren = "has-children"
    /// From the idempotency layer: the first request with the key is still in progress.
    case requestInProgress = "request-in-progress"
    case gone
    case preconditionFailed = "precondition-failed"
    case bodyTooLarge = "body-too-large"
    case batchTooLarge = "batch-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case invalidRecord = "invalid-record"
    case batchRefused = "batch-refused"
    /// From the idempotency layer: the key was used for another request.
    case idempotencyKeyReused = "idempotency-key-reused"
    case tooManyRequests = "too-many-requests"
    case internalError = "internal-error"
    case unavailable

    var status: Int {
      switch self {
      case .malformedRequest, .invalidJSON, .invalidParameter: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .methodNotAllowed: 405
      case .alreadyExists, .conflict, .hasChildren, .requestInProgress: 409
      case .gone: 410
      case .preconditionFailed: 412
      case .bodyTooLarge, .batchTooLarge: 413
      case .unsupportedMediaType: 415
      case .invalidRecord, .batchRefused, .idempotencyKeyReused: 422
      case .tooManyRequests: 429
      case .internalError: 500
      case .unavailable: 503
      }
    }

    var title: String {
      switch self {
      case .malformedRequest: "The request is malformed"
      case .invalidJSON: "The body is not valid JSON"
      case .invalidParameter: "A query parameter is not valid"
      case .unauthorized: "The access token is missing or not valid"
      case .forbidden: "The access token does not allow this"
      case .notFound: "There is no such resource"
      case .methodNotAllowed: "The resource does not support this method"
      case .alreadyExists: "A record with this key exists"
      case .conflict: "Another request changes the record"
      case .hasChildren: "Other records belong to this contact"
      case .requestInProgress: "The first request with this idempotency key is still being processed"
      case .gone: "The record was deleted"
      case .preconditionFailed: "The record is not in the expected state"
      case .bodyTooLarge: "The body is too large"
      case .batchTooLarge: "The batch is too large"
      case .unsupportedMediaType: "The media type is not supported"
      case .invalidRecord: "The record is not valid"
      case .batchRefused: "The batch was refused"
      case .idempotencyKeyReused: "The idempotency key was used for another request"
      case .tooManyRequests: "Too many requests"
      case .internalError: "Internal error"
      case .unavailable: "The service is unavailable"
      }
    }
  }
}
