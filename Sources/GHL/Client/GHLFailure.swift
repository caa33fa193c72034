import Control
import Core

/// A failed call. The message says what happened, where, and what to do.
package struct GHLFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The token is wrong, expired or revoked.
    case badToken
    /// The token lacks a scope.
    case scopeMissing
    /// An agency's OAuth token where a location's is needed.
    case wrongTokenClass
    /// An agency's private integration token where a location's is needed.
    case userTypeMismatch
    /// The token belongs to another location.
    case otherLocation
    /// GHL forbids the request and gives its own reason.
    case forbidden
    /// A 403 that is not GHL's own: a firewall or a proxy is in between.
    case blocked
    case versionRefused
    /// The response redirects to another address.
    case redirected
    /// There is no such record (any more).
    case notFound
    /// The request was refused as invalid.
    case validation
    case throttled
    /// The server asks for a longer pause than a run is willing to make: `retryAfter`.
    case comeBackLater
    case dailyQuotaSpent
    case budgetSpent
    case serverError
    case unreachable
    case timedOut
    /// Several requests in a row got no response.
    case down
    /// Truncated JSON, an HTML page, missing members.
    case malformedAnswer
    case answerTooLarge
    /// The response is for a different record or location than requested.
    case wrongRecord
    /// Pages repeat.
    case pagingRepeats
    /// A token would have been sent in the clear, or the address is invalid.
    case configuration
    case cancelled
  }

  package var kind: Kind
  /// The API's own message, as far as it may be shown; several texts are joined by "; ".
  package var detail: String
  /// What to do about this particular failure; nil if its kind says enough.
  package var remedy: String?
  /// Method and path.
  package var request: String
  package var endpoint: GHLEndpoint
  package var status: Int?
  package var traceId: String?
  /// How long the server asks to wait; nil if it does not say.
  package var retryAfter: Duration?

  package init(
    _ kind: Kind, _ detail: String, request: String = "", endpoint: GHLEndpoint = .other, status: Int? = nil,
    traceId: String? = nil, retryAfter: Duration? = nil, remedy: String? = nil
  ) {
    self.kind = kind
    self.detail = detail
    self.request = request
    self.endpoint = endpoint
    self.status = status
    self.traceId = traceId
    self.retryAfter = retryAfter
    self.remedy = remedy
  }

  /// The same request may work later.
  package var mayRetry: Bool {
    switch kind {
    case .throttled, .comeBackLater, .blocked, .unreachable, .timedOut, .down, .malformedAnswer, .wrongRecord, .dailyQuotaSpent,
      .cancelled:
      true
    // A missing record will not exist next time.
    case .serverError: status != 501
    default: false
    }
  }

  /// Every other request would fail the same way, so the run ends. Other failures concern one record.
  package var endsRun: Bool {
    switch kind {
    case .badToken, .scopeMissing, .wrongTokenClass, .userTypeMismatch, .otherLocation, .forbidden, .blocked, .versionRefused,
      .redirected, .throttled, .comeBackLater, .dailyQuotaSpent, .budgetSpent, .down, .configuration, .cancelled:
      true
    case .notFound, .validation, .serverError, .unreachable, .timedOut, .malformedAnswer, .answerTooLarge, .wrongRecord,
      .pagingRepeats:
      false
    }
  }

  /// It ends the run only if every request of its kind fails the same way: other requests may show that it concerns this
  /// one alone.
  package var mayConcernOneRecord: Bool {
    switch kind {
    case .otherLocation, .forbidden, .blocked, .versionRefused, .redirected: true
    default: !endsRun
    }
  }

  /// The full message.
  package var description: String {
    var text = what
    if !request.isEmpty {
      text += " (\(request)" + (status.map { ", HTTP \($0)" } ?? "") + (traceId.map { ", trace \($0)" } ?? "") + ")"
    }
    return text + (fix.isEmpty ? "" : ": " + fix)
  }

  private var what: String {
    switch kind {
    case .badToken: "GHL does not accept the token" + quoted
    case .scopeMissing: "the token lacks the scope \(endpoint.scope ?? "of this route")"
    case .wrongTokenClass: "this is an agency's token, but \(endpoint.title) need a location's"
    case .userTypeMismatch:
      "this private integration token was created in an agency, but \(endpoint.title) need one of the location"
    case .otherLocation: "the token does not belong to this location"
    case .forbidden: "GHL forbids this request" + quoted
    case .blocked: "a firewall or proxy between here and GHL refuses the request" + quoted
    case .versionRefused: "GHL does not serve this route in the requested version" + quoted
    case .redirected:
      "GHL redirected the request to another address; the redirect was not followed, because it would send the token there"
    case .notFound: "GHL has no such record" + quoted
    case .validation: "GHL refused the request" + quoted
    case .throttled: "GHL keeps responding with 429"
    case .comeBackLater: "GHL asks for a pause of \(retryAfter?.wholeSeconds ?? 0) s, which is longer than a run waits"
    case .dailyQuotaSpent: "the daily quota of requests, or the share of it that this run may use, is spent"
    case .budgetSpent: "the run's request budget is spent"
    case .serverError: "GHL failed" + quoted
    case .unreachable: "GHL cannot be reached" + reasoned
    case .timedOut: "GHL did not respond in time" + reasoned
    case .down: "GHL does not respond to any request" + reasoned
    case .malformedAnswer: "GHL's response cannot be read" + reasoned
    case .answerTooLarge: "GHL's response is too large" + reasoned
    case .wrongRecord: "GHL's response does not match the request" + quoted
    case .pagingRepeats: "GHL's pages repeat" + quoted
    case .configuration: detail
    case .cancelled: "interrupted"
    }
  }

  private var quoted: String { detail.isEmpty ? "" : ", \"\(detail)\"" }

  /// A reason of our own, not GHL's words.
  private var reasoned: String { detail.isEmpty ? "" : ": \(detail)" }

  private var fix: String {
    if let remedy { return remedy }
    return switch kind {
    case .badToken: "create a private integration token in the location's settings and set it as the source's `auth`"
    case .scopeMissing: "add this scope to the private integration in the location's settings; the token stays the same"
    case .wrongTokenClass: "exchange it for a location's token, or use a private integration token of the location"
    case .userTypeMismatch: "create the private integration in the location's own settings"
    case .otherLocation: "check `location` and the token in waybill.yaml: both must belong to the same location"
    case .forbidden: "check the permissions of the token's user and of the private integration in the location's settings"
    case .blocked: "try again later; if it persists, have this machine's address allowed to reach `base_url`"
    case .versionRefused:
      "check the path; if it is right, GHL may have withdrawn the version: a newer waybill may request the current one"
    case .redirected: "check `base_url` and any proxy in between"
    case .notFound: "check the ID"
    case .validation: ""
    case .throttled: "another client is using this location's quota; try again later"
    case .comeBackLater: "run again after that"
    case .dailyQuotaSpent: "run again tomorrow, or raise `budget.daily_percent`"
    case .budgetSpent: "raise \(CommandOption.budget), or run again"
    case .serverError, .malformedAnswer, .answerTooLarge: "try again later, and give GHL's support the trace"
    case .wrongRecord: "try again later; a proxy or cache in between may mix up responses"
    case .unreachable, .down: "check the network and `base_url`, and try again later"
    case .timedOut: "try again later"
    case .pagingRepeats: "try again later; nothing from this run is treated as complete"
    case .configuration, .cancelled: ""
    }
  }
}
