import Core
import Report

extension GatesSection {
  mutating func add(_ run: RunMaterial) {
    guard let list = run.summary?.json["gates"]?.arrayValue else {
      missing.append(.init(run: run.id, text: "No gates are recorded: the run ended before they were judged."))
      return
    }
    if list.isEmpty {
      missing.append(.init(run: run.id, text: "No gate has been judged: the pipeline has none, or the run ended before that."))
    }
    gates += list.map { Gate($0, run: run.id) }
  }
}

extension GatesSection.Gate {
  /// - Parameter json: a member of `gates` in `summary.json`, of any version.
  init(_ json: JSONValue, run: String) {
    let name = json["gate"]?.stringValue ?? ""
    let isMaximum = json["bound"]?.stringValue.map { $0 == "max" } ?? (name == "rejected")
    let (limit, actual) = (json["limit"]?.doubleValue, json["actual"]?.doubleValue)
    self.init(
      run: run, gate: name, mapping: json["mapping"]?.stringValue, destination: json["destination"]?.stringValue,
      field: json["field"]?.stringValue, stage: json["stage"]?.stringValue, severity: json["severity"]?.stringValue ?? "error",
      unit: json["unit"]?.stringValue ?? "percent", isMaximum: isMaximum, limit: limit, actual: actual,
      margin: json["margin"]?.doubleValue, outcome: Self.outcome(json))
    if margin == nil, let limit, let actual { margin = isMaximum ? limit - actual : actual - limit }
    message = json["message"]?.stringValue
    reason = json["reason"]?.stringValue
    count = json["count"]?.intValue
    of = json["of"]?.intValue
    comparedWith = json["last"]?["run"]?.stringValue
    comparedCount = json["last"]?["count"]?.intValue
  }

  private static func outcome(_ json: JSONValue) -> GatesSection.Outcome {
    switch json["verdict"]?.stringValue {
    case "passed": return .passed
    case "failed", "warning": return .failed
    case "accepted": return .accepted
    case "not-judged": return .notJudged
    default: break
    }
    if json["judged"]?.boolValue == false { return .notJudged }
    if json["accepted"]?.boolValue == true { return .accepted }
    return json["passed"]?.boolValue.map { $0 ? .passed : .failed } ?? .unknown
  }

  /// `rejected of contacts at 'app'`.
  var subject: String {
    let of = [mapping, field].compactMap(\.self).joined(separator: ".")
    return gate + (of.isEmpty ? "" : " of \(of)") + (destination.map { " at '\($0)'" } ?? "")
  }
}
