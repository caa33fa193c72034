package import Core
package import GHL

/// What could not be fetched of one record; the run continues.
package struct ExtractProblem: Sendable, Hashable {
  package var code: ProblemCode
  package var severity: Severity
  /// What is missing: `contact` the record itself, `note` its notes.
  package var entity: String
  /// The contact's id; nil where a list of a whole business is missing: the message names that.
  package var record: String?
  package var location: String
  package var message: String
  package var status: Int?
  package var traceId: String?

  package init(
    code: ProblemCode, severity: Severity, entity: String, record: String?, location: String, message: String,
    status: Int? = nil, traceId: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.entity = entity
    self.record = record
    self.location = location
    self.message = message
    self.status = status
    self.traceId = traceId
  }

  /// - Parameter business: whose list could not be read.
  init(
    _ failure: GHLFailure, entity: String, record: String?, location: String, business: String? = nil,
    severity: Severity = .error
  ) {
    self.init(
      code: .sourceRefused, severity: severity, entity: entity, record: record, location: location,
      message: (business.map { "business \($0): " } ?? "") + failure.description, status: failure.status, traceId: failure.traceId
    )
  }

  /// For a record in a list where it does not belong.
  ///
  /// - Parameter list: the list's name in messages: "the list of business x".
  init(
    _ stray: StrayRecord, entity: String, record: String?, location: String, list: String, severity: Severity = .error
  ) {
    let named = stray.shownId.map { "\(entity) \($0)" } ?? (entity == "appointment" ? "an \(entity)" : "a \(entity)")
    self.init(
      code: .sourceRefused, severity: severity, entity: entity, record: record, location: location,
      message: "\(list) included \(named) \(stray.owner), which was left out")
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("code", .string(code.slug)), .init("severity", .string(severity.rawValue)), .init("entity", .string(entity)),
    ]
    if let record { members.append(.init("record", .string(record))) }
    members += [.init("location", .string(location)), .init("message", .string(message))]
    if let status { members.append(.init("status", .number(status))) }
    if let traceId { members.append(.init("trace_id", .string(traceId))) }
    return Redactor.process.redacted(.object(members))
  }

  init?(_ json: JSONValue) {
    guard let entity = json["entity"]?.stringValue, let message = json["message"]?.stringValue,
      let slug = json["code"]?.stringValue, let code = ProblemCode.allCases.first(where: { $0.slug == slug }),
      let severity = json["severity"]?.stringValue.flatMap({ Severity(rawValue: $0) })
    else { return nil }
    self.init(
      code: code, severity: severity, entity: entity, record: json["record"]?.stringValue,
      location: json["location"]?.stringValue ?? "", message: message, status: json["status"]?.intValue,
      traceId: json["trace_id"]?.stringValue)
  }
}

/// Why an extraction ended before it was complete.
package enum ExtractFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case source(GHLFailure)
  /// The token may not read the location, and mappings need something of it.
  case locationNeeded(GHLFailure, by: [String])
  /// The snapshot cannot be written.
  case snapshot(OperationFailure)
  /// A requested business does not exist.
  case unknownBusiness(String, hint: String?)

  package var description: String {
    switch self {
    case .source(let failure): failure.description
    case .locationNeeded(let failure, let reasons):
      failure.description + "; " + reasons.prefix(3).joined(separator: ", ") + (reasons.count > 3 ? ", …" : "")
        + (reasons.count > 1 ? " need it" : " needs it")
    case .snapshot(let failure): failure.description
    case .unknownBusiness(let name, let hint):
      "the location has no business '\(name)'" + (hint.map { ", \($0)" } ?? ": `waybill list businesses` shows them")
    }
  }
}

extension ExtractFailure: ConvertibleToOperationFailure {
  package var operationFailure: OperationFailure {
    switch self {
    case .source(let failure): failure.operationFailure
    case .locationNeeded(let failure, _):
      OperationFailure(
        failure.operationFailure.code, description, underlying: failure,
        retryAfterSeconds: failure.operationFailure.retryAfterSeconds)
    case .snapshot(let failure): failure
    case .unknownBusiness: OperationFailure(.configuration, description)
    }
  }
}
