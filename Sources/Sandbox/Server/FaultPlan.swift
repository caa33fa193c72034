import Core

/// What a sandbox does wrong on purpose. Written as `NAME` or `NAME=VALUE`, where the value is a rate from 0 to 1 unless the
/// name says otherwise.
package struct FaultPlan: Sendable, Hashable {
  package enum Fault: String, Sendable, CaseIterable {
    /// 500, 502, 503 or 504 with a JSON body.
    case serverError = "5xx"
    /// The answer comes after two seconds.
    case slow
    /// A complete HTTP answer whose JSON is cut in the middle.
    case truncated
    /// A 502 with a page of HTML, as a proxy writes it.
    case html
    /// The next cursor of a list or search is the one that was sent.
    case repeatedCursor = "repeated-cursor"
    /// A page of a list is the page before, once more.
    case repeatedPage = "repeated-page"
    /// A record moves over the border between two pages while they are read: on the first reading of a page it starts one
    /// record too early or too late; a second reading is right.
    case moving
    /// The last record of a page is in it twice.
    case duplicateIDs = "duplicate-ids"
    /// `count`, `total` and `meta.total` are wrong.
    case countLies = "count-lies"
    /// 429 although the limit is not reached.
    case tooManyRequests = "429"
    /// The connection closes before or within the answer.
    case disconnect
    /// So many contacts answer 500 whenever they are read by their id.
    case refuseContacts = "refuse-contacts"

    // Faults of writes. They hit no other requests.

    /// A contact, task or note is created, but the response is a 422.
    case createdAnyway = "422-created"
    /// One member of the body is not stored, although the response reports success. Half of these responses show the member as it
    /// was sent.
    case discarded = "discard"
    /// The write is carried out, and the connection closes without a response.
    case timeoutAfter = "timeout-after"
    /// The write is carried out, and the response is a 500, 502, 503 or 504.
    case errorAfter = "5xx-after"
    /// Somebody deletes the contact, task or note just before the request that changes it.
    case gone
    /// Contacts of a bulk request get an error within the response, and are not written.
    case bulkError = "bulk-error"

    /// How often it happens when no rate is given: the ones that would end any walk are rare.
    var usualRate: Double {
      switch self {
      case .countLies, .duplicateIDs: 1
      case .moving, .repeatedCursor, .repeatedPage: 0.2
      default: 0.05
      }
    }
  }

  package enum Switch: String, Sendable, CaseIterable {
    /// Error messages are lists also where they are texts otherwise.
    case messageList = "message-list"
    /// A `limit` over 100 is taken for 100 instead of being refused.
    case clampLimit = "clamp-limit"
    /// An unknown contact is a 404 instead of a 400.
    case notFound = "not-found-404"
    /// Past 10,000 records `skip` and `page` give an empty page instead of a 400.
    case emptyWall = "wall-empty"
    /// `skip` and `page` have no upper bound.
    case noWall = "no-wall"
    /// The by-business list carries name and phone too.
    case namesInList = "names-in-list"
    /// Contacts that the search finds do not say to which business they belong.
    case searchWithoutBusiness = "search-without-business"
    /// A 401 has `status` instead of `statusCode`, and `error` is "Error".
    case statusMember = "401-status"
    /// An unknown version is a 400 with a text of its own instead of a 401.
    case unknownVersion = "unknown-version-400"
    /// The location does not allow duplicate contacts.
    case noDuplicates = "no-duplicates"
    /// A write to a record that does not exist gets a 404 instead of a 400.
    case goneIs404 = "gone-404"
    /// The search for duplicates does not find additional e-mail addresses.
    case primaryOnly = "duplicate-primary-only"
    /// Invalid e-mail addresses and phone numbers are refused.
    case strictValues = "strict-values"
  }

  package var rates: [Fault: Double] = [:]
  package var switches: Set<Switch> = []
  /// After this many authorised requests every token is refused.
  package var unauthorisedAfter: Int?
  /// After this many authorised requests the first token is refused, and the second one goes on: a rotation.
  package var rotatedAfter: Int?
  /// Requests in a day.
  package var dailyLimit: Int?
  /// Milliseconds until the search finds what was written. All other reads see it at once.
  package var searchLag = 0
  /// Scopes that the token lacks.
  package var missingScopes: Set<String> = []
  /// The faults of Your App, and the features that it lacks.
  package var app = AppFaultPlan()

  package init() {}

  /// - Throws: what is wrong with the text, for the user.
  package init(_ texts: [String]) throws(FaultPlanError) {
    for text in texts { try add(text) }
  }

  package mutating func add(_ text: String) throws(FaultPlanError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    let value = parts.count > 1 ? parts[1] : nil
    if let fault = Fault(rawValue: name) {
      rates[fault] = try rate(value, name: name) ?? fault.usualRate
    } else if let fault = AppFault(rawValue: name) {
      app.rates[fault] = try rate(value, name: name) ?? fault.usualRate
    } else if let option = Switch(rawValue: name) {
      try allowNoValue(value, name: name)
      switches.insert(option)
    } else if let option = AppSwitch(rawValue: name) {
      try allowNoValue(value, name: name)
      app.switches.insert(option)
    } else if let counter = Self.counters[name] {
      guard let value, let count = Int(value), count >= 0 else {
        throw FaultPlanError(
          message: "\(CommandOption.fault) \(name) needs a number of requests: for example \(CommandOption.fault) \(name)=100")
      }
      self[keyPath: counter] = count
    } else if name == "scope-missing" {
      guard let value, !value.isEmpty else {
        throw FaultPlanError(
          message: "\(CommandOption.fault) \(name) needs a scope: for example \(CommandOption.fault) \(name)=contacts.readonly")
      }
      missingScopes.insert(value)
    } else if name == Self.searchLagName {
      guard let value, let seconds = Double(value), (0...Self.longestLag).contains(seconds) else {
        throw FaultPlanError(
          message: "\(CommandOption.fault) \(name) needs a number of seconds: for example \(CommandOption.fault) \(name)=5")
      }
      searchLag = Int((seconds * 1000).rounded())
    } else {
      let hint = NearestName.hint(name, in: Self.names).map { "; \($0)" } ?? "."
      throw FaultPlanError(
        message: "\(CommandOption.fault): unknown fault '\(name)'\(hint) Known: \(Self.names.joined(separator: " "))")
    }
  }

  private func allowNoValue(_ value: String?, name: String) throws(FaultPlanError) {
    guard value == nil else {
      throw FaultPlanError(message: "\(CommandOption.fault) \(name) takes no value: write \(CommandOption.fault) \(name)")
    }
  }

  /// All the names, for help texts.
  package static var names: [String] { ghlNames + appNames }

  package static var ghlNames: [String] {
    Fault.allCases.map(\.rawValue) + Switch.allCases.map(\.rawValue) + counters.keys.sorted() + ["scope-missing", searchLagName]
  }

  package static var appNames: [String] { AppFault.allCases.map(\.rawValue) + AppSwitch.allCases.map(\.rawValue) }

  /// What takes a number of requests.
  private static var counters: [String: WritableKeyPath<FaultPlan, Int?>] {
    ["unauthorised-after": \.unauthorisedAfter, "rotate-after": \.rotatedAfter, "daily-limit": \.dailyLimit]
  }

  private static let searchLagName = "search-lag"
  /// An hour, in seconds.
  private static let longestLag = 3600.0

  private func rate(_ text: String?, name: String) throws(FaultPlanError) -> Double? {
    guard let text else { return nil }
    guard let rate = Double(text), (0...1).contains(rate) else {
      throw FaultPlanError(
        message:
          "\(CommandOption.fault) \(name) needs a rate from 0 to 1, not '\(text)': for example \(CommandOption.fault) \(name)=0.05"
      )
    }
    return rate
  }
}

package struct FaultPlanError: Error, CustomStringConvertible, Hashable {
  package var message: String
  package var description: String { message }
}
