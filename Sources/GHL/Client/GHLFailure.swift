import Control
import Core

/// A call that did not give what it was asked for. The message says what, where, and what to do.
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
    /// GHL forbids the request for a reason of its own, which it says.
    case forbidden
    /// A 403 that is not GHL's own: a firewall or a proxy is in between.
    case blocked
    case versionRefused
    /// The answer redirects to another address.
    case redirected
    /// There is no such record (any more).
    case notFound
    /// The request was refused as wrong.
    case validation
    case throttled
    /// The server asks for a longer pause than a run is willing to make: `retryAfter`.
    case comeBackLater
    case dailyQuotaSpent
    case budgetSpent
    case serverError
    case unreachable
    case timedOut
    /// One request after the other went without an answer.
    case down
    /// Cut-off JSON, an HTML page, members that are not there.
    case malformedAnswer
    case answerTooLarge
    /// The answer is for a different record or location than requested.
    case wrongRecord
    /// Paging goes in a circle.
    case pagingRepeats
    /// A token would have been sent in the clear, or the address is none.
    case configuration
    case cancelled
  }

  package var kind: Kind
  /// What the API said, as far as it may be shown; several texts joined by "; ".
  package var detail: String
  /// Method and path.
  package var request: String
  package var endpoint: GHLEndpoint
  package var status: Int?
  package var traceId: String?
  /// How long the server asks to wait; nil if it does not say.
  package var retryAfter: Duration?

  package init(
    _ kind: Kind, _ detail: String, request: String = "", endpoint: GHLEndpoint = .other, status: Int? = nil,
    traceId: String? = nil, retryAfter: Duration? = nil
  ) {
    self.kind = kind
    self.detail = detail
    self.request = request
    self.endpoint = endpoint
    self.status = status
    self.traceId = traceId
    self.retryAfter = retryAfter
  }

  /// The same request may work later.
  package var mayRetry: Bool {
    switch kind {
    case .throttled, .comeBackLater, .blocked, .unreachable, .timedOut, .down, .malformedAnswer, .wrongRecord, .dailyQuotaSpent,
      .cancelled:
      true
    // What a server does not have it will not have next time.
    case .serverError: status != 501
    default: false
    }
  }

  /// Every other request would meet the same: the run ends. The rest concerns one record.
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

  /// The whole text for people.
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
    case .wrongTokenClass: "this is an agency's token, and \(endpoint.title) need a location's"
    case .userTypeMismatch: "this private integration token was made in an agency, and \(endpoint.title) need one of the location"
    case .otherLocation: "the token does not belong to this location"
    case .forbidden: "GHL forbids this request" + quoted
    case .blocked: "a firewall or proxy between here and GHL refuses the request" + quoted
    case .versionRefused: "GHL does not serve this route in the version that was asked for" + quoted
    case .redirected: "GHL redirected the request to another address, which was not followed: the token would go there"
    case .notFound: "GHL has no such record" + quoted
    case .validation: "GHL refused the request" + quoted
    case .throttled: "GHL answers 429 again and again"
    case .comeBackLater: "GHL asks for a pause of \(retryAfter?.wholeSeconds ?? 0) s, which is longer than a run will wait"
    case .dailyQuotaSpent: "the daily quota of requests, or the share of it that may be used, is spent"
    case .budgetSpent: "the run's budget of requests is spent"
    case .serverError: "GHL failed" + quoted
    case .unreachable: "GHL cannot be reached" + quoted
    case .timedOut: "GHL did not answer in time" + quoted
    case .down: "GHL does not answer any request" + quoted
    case .malformedAnswer: "GHL's answer cannot be read" + quoted
    case .answerTooLarge: "GHL's answer is too large" + quoted
    case .wrongRecord: "GHL's answer does not match the request" + quoted
    case .pagingRepeats: "GHL's pages go in a circle" + quoted
    case .configuration: detail
    case .cancelled: "interrupted"
    }
  }

  private var quoted: String { detail.isEmpty ? "" : ", \"\(detail)\"" }

  private var fix: String {
    switch kind {
    case .badToken: "make a new private integration token in the location's settings and give it as the source's `auth`"
    case .scopeMissing: "add this scope to the private integration in the location's settings; the token stays the same"
    case .wrongTokenClass: "exchange it for a location's token, or use a private integration token of the location"
    case .userTypeMismatch: "make the private integration in the location's own settings"
    case .otherLocation: "check `location` and the token in waybill.yaml: they must be of one location"
    case .forbidden: "check what the token's user and the private integration may do in the location's settings"
    case .blocked: "try again later; where it stays so, have this machine's address let through to `base_url`"
    case .versionRefused:
      "check the path; where it is right, GHL may have withdrawn the version, and a newer waybill may ask for the one that is served now"
    case .redirected: "check `base_url` and any proxy in between"
    case .notFound: "check the id"
    case .validation: ""
    case .throttled: "somebody else uses the quota of this location; try again later"
    case .comeBackLater: "run again after that"
    case .dailyQuotaSpent: "go on tomorrow, or raise `budget.daily_percent`"
    case .budgetSpent: "raise --budget, or run again"
    case .serverError, .malformedAnswer, .answerTooLarge: "try again later, and give GHL's support the trace"
    case .wrongRecord: "try again later; a proxy or cache in between may mix up answers"
    case .unreachable, .down: "check the network and `base_url`, and try again later"
    case .timedOut: "try again later"
    case .pagingRepeats: "try again later; nothing of this run is taken as complete"
    case .configuration, .cancelled: ""
    }
  }
}
