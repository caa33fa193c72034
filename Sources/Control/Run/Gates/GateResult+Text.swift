package import Core

/// What people and programs read.
extension GateResult {
  static let notRecorded = "not recorded"
  static func tooFew(_ records: Int) -> String { "fewer than \(records) records" }

  /// To four decimal places.
  static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  package var isMaximum: Bool { bound.map { $0 == .max } ?? (gate == "rejected") }

  /// Judged when the records were at their destinations.
  package var isAfterLoad: Bool { stage == .load || stage == .compare }

  /// How far `actual` is on the good side of the limit, in its unit; negative if it failed.
  package var margin: Double? {
    actual.map { Self.rounded(isMaximum ? limit - $0 : $0 - limit) }
  }

  package enum Verdict: String, Sendable, Hashable, CaseIterable {
    case passed, failed, warning, accepted
    case notJudged = "not-judged"
  }

  package var verdict: Verdict {
    if !isJudged { return .notJudged }
    if passed { return .passed }
    if isAccepted { return .accepted }
    return severity == .warning ? .warning : .failed
  }

  /// `rejected of contacts: 3.2 percent, at most 2 required`
  package var text: String {
    let subject = [field, code].compactMap(\.self).first.map { "\(gate) \($0)" } ?? gate
    let what = (mapping.map { "\(subject) of \($0)" } ?? subject) + (destination.map { " at \($0)" } ?? "")
    let reason = reason ?? "the run was narrowed"
    if !isJudged, actual == nil { return "\(what): not judged: \(reason)" }
    let found = actual.map { JSONValue.number($0).text } ?? (unit == .percent ? "an unknown share, in" : "an unknown number of")
    let base = last.map { " of the \($0.count) that run \($0.run) let through" } ?? ""
    let bound = isMaximum ? "at most" : "at least"
    let place = isAfterLoad && isJudged && !passed ? "; the records are published" : ""
    let own = passed || !isJudged ? "" : message.map { ": \($0)" } ?? ""
    let why = isJudged ? "" : " (not judged: \(reason))"
    return
      "\(what): \(found) \(actual == 1 ? unit.singular : unit.rawValue)\(base), \(bound) \(JSONValue.number(limit).text) required\(place)\(own)\(why)"
  }

  package var json: JSONValue {
    func text(_ name: String, _ value: String?) -> [JSONValue.Member] { value.map { [.init(name, .string($0))] } ?? [] }
    func number(_ name: String, _ value: Int?) -> [JSONValue.Member] { value.map { [.init(name, .number($0))] } ?? [] }
    var members: [JSONValue.Member] = [.init("gate", .string(gate))]
    members += text("mapping", mapping) + text("destination", destination) + text("field", field) + text("code", code)
    members += [
      .init("stage", .string(stage.rawValue)), .init("limit", .number(limit)),
      .init("actual", actual.map { .number($0) } ?? .null), .init("margin", margin.map { .number($0) } ?? .null),
      .init("unit", .string(unit.rawValue)), .init("bound", .string((isMaximum ? Bound.max : .min).rawValue)),
      .init("passed", isJudged ? .bool(passed) : .null),
      .init("severity", .string(severity.rawValue)), .init("verdict", .string(verdict.rawValue)),
    ]
    if !isJudged { members.append(.init("judged", .bool(false))) }
    members += text("reason", isJudged ? nil : reason ?? "the run was narrowed")
    if isAccepted { members.append(.init("accepted", .bool(true))) }
    members += number("count", count) + number("of", of) + text("message", message)
    if let last {
      members.append(.init("last", .object([.init("run", .string(last.run)), .init("count", .number(last.count))])))
    }
    members.append(.init("text", .string(self.text)))
    return .object(members)
  }
}

extension GateResult.Unit {
  /// `record`
  fileprivate var singular: String { self == .percent ? rawValue : String(rawValue.dropLast()) }
}
