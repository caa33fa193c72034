package import Core

/// How a gate was judged.
package struct GateResult: Sendable, Hashable, Codable {
  package enum Severity: String, Sendable, Hashable, CaseIterable, Codable {
    /// Nothing is published when it fails.
    case error
    /// It is reported, and the run continues.
    case warning
  }

  package enum Unit: String, Sendable, Hashable, Codable { case records, percent }

  /// The earlier run's count that this one is compared with.
  package struct Last: Sendable, Hashable, Codable {
    package var run: String
    package var count: Int

    package init(run: String, count: Int) {
      self.run = run
      self.count = count
    }
  }

  package var gate: String
  /// The mapping whose items were judged; nil: all of the run.
  package var mapping: String?
  /// The stage whose result was judged, before anything was published.
  package var stage: Stage
  package var limit: Double
  /// Nil if unknown.
  package var actual: Double?
  package var unit: Unit
  package var passed: Bool
  package var severity: Severity
  /// False: reported only, because the run was narrowed.
  package var isJudged = true
  /// It failed, and the user who started the run accepts that.
  package var isAccepted = false
  /// What `actual` is a share of, if that is an earlier run.
  package var last: Last?

  package init(
    gate: String, mapping: String? = nil, stage: Stage, limit: Double, actual: Double? = nil, unit: Unit, passed: Bool,
    severity: Severity, isJudged: Bool = true, isAccepted: Bool = false, last: Last? = nil
  ) {
    self.gate = gate
    self.mapping = mapping
    self.stage = stage
    self.limit = limit
    self.actual = actual
    self.unit = unit
    self.passed = passed
    self.severity = severity
    self.isJudged = isJudged
    self.isAccepted = isAccepted
    self.last = last
  }

  /// Nothing is published.
  package var stops: Bool { isJudged && !passed && !isAccepted && severity == .error }

  /// It passed, or its failure was accepted.
  package var isSettled: Bool { isJudged && (passed || isAccepted) }

  /// `rejected of contacts: 3.2 percent, at most 2 wanted`
  package var text: String {
    let bound = gate == "rejected" ? "at most" : "at least"
    let what = mapping.map { "\(gate) of \($0)" } ?? gate
    let found = actual.map { JSONValue.number($0).text } ?? "an unknown share, in"
    let base = last.map { " of the \($0.count) that run \($0.run) let through" } ?? ""
    return "\(what): \(found) \(unit.rawValue)\(base), \(bound) \(JSONValue.number(limit).text) required"
  }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [.init("gate", .string(gate))]
    if let mapping { members.append(.init("mapping", .string(mapping))) }
    members += [
      .init("stage", .string(stage.rawValue)), .init("limit", .number(limit)),
      .init("actual", actual.map { .number($0) } ?? .null),
      .init("unit", .string(unit.rawValue)), .init("passed", isJudged ? .bool(passed) : .null),
      .init("severity", .string(severity.rawValue)),
    ]
    if !isJudged { members.append(.init("judged", .bool(false))) }
    if isAccepted { members.append(.init("accepted", .bool(true))) }
    if let last {
      members.append(.init("last", .object([.init("run", .string(last.run)), .init("count", .number(last.count))])))
    }
    return .object(members)
  }
}
