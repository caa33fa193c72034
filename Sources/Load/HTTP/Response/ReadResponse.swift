package import Control
package import Core

/// A response, classified by the pipeline's rules.
package struct ReadResponse: Sendable, Hashable {
  /// A reason for a refusal that concerns one member of the body.
  package struct FieldError: Sendable, Hashable {
    /// The names down to the member in the body that was sent: `["address", "city"]`. List indexes are decimal numbers.
    package var path: [String]
    /// As the destination says it, masked and cut.
    package var message: String

    package init(path: [String], message: String) {
      self.path = path
      self.message = message
    }
  }

  package var kind: CallFlow.Response
  package var status: Int
  /// Nil: there is none, or it is not JSON.
  package var body: JSONValue?
  /// The bytes of the body, if the call asked for them; otherwise empty.
  package var content: [UInt8] = []
  /// Lower-case names.
  package var headers: [String: String]
  package var errors: [FieldError]
  /// What the destination says, in at most 200 characters, masked; empty if it says nothing.
  package var detail: String

  /// Why the destination can no longer be used; nil: it can. Nothing was carried out.
  package var stops: Stop?

  package struct Stop: Sendable, Hashable {
    package var code: OperationFailure.Code
    package var message: String

    package init(_ code: OperationFailure.Code, _ message: String) {
      self.code = code
      self.message = message
    }
  }

  /// The address of the record that a refused write names, below the base URL: a GET of it shows whether the record is gone, or
  /// exists and the write was refused. Nil: the response itself shows that.
  package var decidedBy: String?

  /// Whether it is a web page, such as a proxy's login page: it did not come from the API. The page in a redirect only repeats
  /// the address, so it does not count.
  package var isPage: Bool {
    body == nil && !(300..<400 ~= status) && headers["content-type"]?.lowercased().hasPrefix("text/html") ?? false
  }

  /// The pipeline's own rule `ok` does not hold for it.
  var failsOwnRule = false

  /// Whether it refuses what the record contains, so that the same content would be refused again: 400, 413, 422, and a success status
  /// whose body names fields, or for which the pipeline's own rule does not hold. A body that only says that the call has failed may mean
  /// the token or a limit. Redirects, web pages and other statuses are about the address, the account or the request.
  var isAboutRecord: Bool {
    guard [.refused, .tooLarge, .doubtful].contains(kind), !isPage else { return false }
    return 200..<300 ~= status ? failsOwnRule || errors.contains { !$0.path.isEmpty } : [400, 413, 422].contains(status)
  }

  /// What the destination says, or else the status.
  var summary: String { detail.isEmpty ? "status \(status)" : detail }

  package init(
    _ kind: CallFlow.Response, status: Int, body: JSONValue? = nil, headers: [String: String] = [:], errors: [FieldError] = [],
    detail: String = ""
  ) {
    self.kind = kind
    self.status = status
    self.body = body
    self.headers = headers
    self.errors = errors
    self.detail = detail
  }
}
