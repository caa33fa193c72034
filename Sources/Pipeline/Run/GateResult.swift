package import Core

/// How a gate was judged.
package struct GateResult: Sendable, Equatable {
  package enum Unit: String, Sendable, Hashable { case records, percent }

  package var gate: String
  /// The mapping whose items were judged; nil: all of the run.
  package var mapping: String?
  /// The stage whose result was judged, before anything was published.
  package var stage: Stage
  package var limit: Double
  /// Nil: it is not known.
  package var actual: Double?
  package var unit: Unit
  package var passed: Bool
  package var severity: GateDocument.Severity

  /// Nothing is published.
  package var stops: Bool { !passed && severity == .error }

  /// `rejected of contacts: 3.2 percent, at most 2 wanted`
  package var text: String {
    let bound = gate == "rejected" ? "at most" : "at least"
    let what = mapping.map { "\(gate) of \($0)" } ?? gate
    let found = actual.map { JSONValue.number($0).text } ?? "an unknown share, in"
    return "\(what): \(found) \(unit.rawValue), \(bound) \(JSONValue.number(limit).text) wanted"
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("gate", .string(gate))]
    if let mapping { members.append(.init("mapping", .string(mapping))) }
    members += [
      .init("stage", .string(stage.rawValue)), .init("limit", .number(limit)),
      .init("actual", actual.map { .number($0) } ?? .null),
      .init("unit", .string(unit.rawValue)), .init("passed", .bool(passed)), .init("severity", .string(severity.rawValue)),
    ]
    return .object(members)
  }
}
