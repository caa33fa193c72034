package import Core
import Extract

extension RunFigures {
  /// What the state has of a run; runs without a summary have no figures.
  package init(_ record: RunRecord) {
    self.init(run: record.id, pipeline: record.pipeline, status: record.status, started: record.started)
    let summary = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }
    if let summary { read(summary) }
    (finished, snapshot) = (record.finished, record.snapshot ?? snapshot)
    exitCode = record.exitCode.map { Int($0) }
    location = record.location ?? location
    replayOf = record.replayOf
    if narrowing == nil, let text = record.narrowed, let json = try? JSONReader.read(text) { narrowing = Narrowing(json)?.text }
    kind = kind(isWhole: record.isWhole ?? false, summary)
  }

  /// A `summary.json`. Whether the run is whole is concluded from its status.
  ///
  /// Nil if it is not the summary of a run.
  package init?(summary: JSONValue) {
    guard let run = summary["run"]?.stringValue, let pipeline = summary["pipeline"]?.stringValue,
      let status = summary["status"]?.stringValue.flatMap({ RunStatus(rawValue: $0) }),
      let started = summary["started"]?.stringValue
    else { return nil }
    self.init(run: run, pipeline: pipeline, status: status, started: started)
    read(summary)
    replayOf = summary["replay"]?["of"]?.stringValue ?? summary["narrowed"]?["replay"]?.stringValue
    let isDry = Self.isDry(summary)
    let isWhole =
      [.done, .partial].contains(status) && narrowing == nil && replayOf == nil && !isDry && summary["input"]?.stringValue == nil
    kind = kind(isWhole: isWhole, summary)
  }

  private func kind(isWhole: Bool, _ summary: JSONValue?) -> Kind {
    if replayOf != nil { return .replay }
    if isWhole { return .whole }
    if let summary, Self.isDry(summary) { return .dry }
    if narrowing != nil { return .narrowed }
    return summary?["input"]?.stringValue == nil ? .incomplete : .load
  }

  /// Whether a summary is that of a dry run. Those of earlier versions have only the forecast.
  package static func isDry(_ summary: JSONValue) -> Bool {
    summary["dry_run"]?.boolValue ?? (summary["forecast"] != nil)
  }

  private mutating func read(_ summary: JSONValue) {
    finished = summary["finished"]?.stringValue
    snapshot = summary["snapshot"]?.stringValue
    exitCode = summary["exit_code"]?.intValue
    location = summary["locations"]?.arrayValue?.first?["id"]?.stringValue
    narrowing = summary["narrowed"].flatMap { Narrowing($0) }?.text
    requests = summary["requests"]?["made"]?.intValue ?? 0
    stages = (summary["durations"]?.objectValue ?? []).compactMap { stage in
      stage.value.doubleValue.map { (stage.name, $0) }
    }
    definitions = summary["definitions"]?.objectValue.map { members in
      members.reduce(into: [:]) { $0[Name($1.name)] = $1.value.stringValue }
    }
    gates = (summary["gates"]?.arrayValue ?? []).compactMap { Gate($0) }
    let forecast = summary["forecast"]
    mappings = (summary["entities"]?.objectValue ?? []).map { Mapping($0.name, $0.value, forecast: forecast?[$0.name]) }
  }
}

extension RunFigures.Mapping {
  fileprivate init(_ name: String, _ entity: JSONValue, forecast: JSONValue?) {
    self.init(Name(name), key: entity["key"]?.stringValue, read: entity["read"]?.intValue ?? 0)
    destinations = (entity["destinations"]?.objectValue ?? []).map { destination in
      .init(Name(destination.name), Self.outcomes(forecast?[destination.name] ?? destination.value))
    }
    warnings = entity["warnings"]?.intValue ?? 0
    codes = (entity["codes"]?.objectValue ?? []).reduce(into: [:]) { $0[Name($1.name)] = $1.value.intValue ?? 0 }
  }

  private static func outcomes(_ json: JSONValue) -> OutcomeCounts {
    Outcome.allCases.reduce(into: OutcomeCounts()) { $0[$1] = json[$1.rawValue]?.intValue ?? 0 }
  }
}

extension RunFigures.Gate {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["gate"]?.stringValue else { return nil }
    // Gates of fields, codes and destinations name these as well.
    let subject = ["mapping", "field", "code", "destination"].compactMap { json[$0]?.stringValue }.joined(separator: " ")
    self.init(
      Name(name), subject: subject, limit: json["limit"]?.doubleValue, actual: json["actual"]?.doubleValue,
      unit: json["unit"]?.stringValue ?? "", Self.verdict(json))
  }

  private static func verdict(_ json: JSONValue) -> Verdict {
    if let verdict = json["verdict"]?.stringValue.flatMap({ Verdict(rawValue: $0) }) { return verdict }
    // Summaries of earlier versions.
    if json["judged"]?.boolValue == false || json["passed"] == .null { return .notEnforced }
    if json["passed"]?.boolValue == true { return .passed }
    if json["accepted"]?.boolValue == true { return .accepted }
    return json["severity"]?.stringValue == "warning" ? .warning : .failed
  }
}
