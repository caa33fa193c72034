import Core

/// What Your App does wrong on purpose, at a rate from 0 to 1 (`AppFaultPlan`).
package enum AppFault: String, Sendable, CaseIterable {
  // Before the request reaches the application, as in a gateway. Nothing is written.

  /// 401 although the token is right.
  case unauthorized = "app-401"
  /// 403 although the token is right.
  case forbidden = "app-403"
  /// 429 with `Retry-After` in seconds, although the limit is not reached.
  case tooManyRequests = "app-429"
  /// The same with an HTTP date.
  case tooManyRequestsDate = "app-429-date"
  /// 503 with `Retry-After`.
  case unavailable = "app-503"
  /// A 502 with an HTML page.
  case html = "app-html"
  /// 307 or 308 to another path of the same origin, which works.
  case redirect = "app-redirect"
  /// 307 or 308 to another origin.
  case redirectOutside = "app-redirect-outside"
  /// 413 for a batch of more than one record.
  case tooLarge = "app-413"
  /// The connection closes without a response; nothing is written.
  case timeoutBefore = "app-timeout-before"

  // In the application. Under an idempotency key the response is stored.

  /// 500; nothing is written.
  case errorBefore = "app-500-before"
  /// 500 after the write.
  case errorAfter = "app-500-after"
  /// 200 with `{"ok": false}`; nothing is written.
  case notOK = "app-ok-false"
  /// Another client creates the record first, with its required members only: 409, or 412 under `If-None-Match`. An update is
  /// refused with 409, because another request changes the record.
  case conflict = "app-409"
  /// Another client changes the record first: 412 under `If-Match`.
  case stale = "app-412"
  /// 422 on one member, for this share of the keys, whenever they are written.
  case fieldError = "app-422"
  /// One optional member is ignored.
  case dropped = "app-drop"
  /// A third of a batch's records are refused with 500, the others are written.
  case partial = "app-partial"
  /// A batch with an invalid record is refused as a whole, although the records before it were written.
  case batchAbort = "app-batch-abort"
  /// The refusal of an atomic batch does not say which records are wrong.
  case terse = "app-terse"
  /// A batch is accepted with 202 and a job, although the client did not ask for it.
  case job = "app-job"

  // On the way back, after the write.

  /// The connection closes without a response.
  case timeoutAfter = "app-timeout-after"
  /// The response comes after two seconds.
  case slow = "app-slow"
  /// Plain text instead of JSON.
  case notJSON = "app-not-json"
  /// The JSON is cut off.
  case truncated = "app-truncated"
  /// A response over 1 MiB.
  case huge = "app-huge"
  /// The results of a batch are in a different order.
  case shuffled = "app-shuffled"
  /// A result of a batch is missing.
  case short = "app-short"
  /// A result of a batch appears twice.
  case long = "app-long"
  /// The results of a batch have no keys.
  case withoutKeys = "app-no-keys"

  /// How often it happens if no rate is given.
  var usualRate: Double { self == .terse || self == .batchAbort ? 1 : 0.05 }

  /// Whether it can happen to a request for this route.
  func applies(to route: AppRoute) -> Bool {
    var isBatch: Bool { if case .batch = route { true } else { false } }
    var isCreation: Bool { if case .create = route { true } else { false } }
    var isChange: Bool {
      switch route {
      case .replace, .merge: true
      default: false
      }
    }
    return switch self {
    case .tooLarge, .partial, .batchAbort, .terse, .job, .shuffled, .short, .long, .withoutKeys: isBatch
    case .notOK: route.isWrite
    case .conflict: isCreation || isChange
    case .stale: isCreation || isChange || route.method == "DELETE"
    case .fieldError, .dropped: isBatch || isCreation || isChange
    case .errorAfter: route.isWrite
    case .notJSON, .truncated, .huge: route.method != "DELETE" && route != .document
    default: route != .document
    }
  }
}

/// A feature that Your App lacks. This is not a fault: many servers lack it.
package enum AppSwitch: String, Sendable, CaseIterable {
  /// A second record with the same key is created.
  case withoutUniqueKeys = "app-no-unique-keys"
  /// Lists and finding by key are refused with 404.
  case withoutLists = "app-no-find"
  /// `Idempotency-Key` is ignored.
  case withoutIdempotency = "app-no-idempotency"
  /// No `ETag`; `If-Match` and `If-None-Match` are ignored.
  case withoutTags = "app-no-etags"
}

package struct AppFaultPlan: Sendable, Hashable {
  package var rates: [AppFault: Double] = [:]
  package var switches: Set<AppSwitch> = []

  package init() {}
}
