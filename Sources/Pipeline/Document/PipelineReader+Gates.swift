import Core
import Mapping

/// `gates`.
extension PipelineReader {
  mutating func readGates(_ node: YAMLNode) -> [GateDocument] {
    guard let entries = node.entries("gates", &diagnostics) else { return [] }
    checkKeys(node, "gates", ["read", "coverage", "rejected"], later: ["failed"])
    return entries.compactMap { entry in
      switch entry.key {
      case "read": readRead(entry)
      case "coverage": readCoverage(entry)
      case "rejected": readRejected(entry)
      default: nil
      }
    }
  }

  private mutating func readRead(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, ["min"], required: ["min"]), let node = entry.value["min"] else { return nil }
    return integer(node, "gates.read.min", in: 0 ... .max).map { GateDocument(.read(min: $0), severity: severity) }
  }

  private mutating func readCoverage(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, ["min_percent"], required: ["min_percent"]), let node = entry.value["min_percent"] else {
      return nil
    }
    return percent(node, "gates.coverage.min_percent").map { GateDocument(.coverage(minPercent: $0), severity: severity) }
  }

  private mutating func readRejected(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, ["max_percent", "min_records", "max"]) else { return nil }
    let node = entry.value
    let share = node["max_percent"].flatMap { percent($0, "gates.rejected.max_percent") }
    let records = node["min_records"].flatMap { integer($0, "gates.rejected.min_records", in: 0 ... .max) }
    let most = node["max"].flatMap { integer($0, "gates.rejected.max", in: 0 ... .max) }
    if node["max_percent"] == nil, node["max"] == nil {
      report(.missingKeyword, at: entry.keyPlace, "gates.rejected needs 'max_percent', 'max' or both")
      return nil
    }
    if let node = node["min_records"], most == nil || share == nil {
      report(
        .missingKeyword, at: node.place,
        "gates.rejected.min_records needs 'max_percent' for larger inputs and 'max' for smaller ones")
    }
    return GateDocument(.rejected(maxPercent: share, minRecords: records ?? 0, max: most), severity: severity)
  }

  /// Checks the keys of a gate; its severity.
  private mutating func open(_ entry: YAMLEntry, _ keys: [String], required: [String] = []) -> GateDocument.Severity? {
    let what = "gates.\(entry.key)"
    guard entry.value.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(entry.value, what, keys + ["severity"], required: required, at: entry.keyPlace)
    guard let node = entry.value["severity"] else { return .error }
    return word(node, "\(what).severity", oneOf: GateDocument.Severity.allCases.map(\.rawValue)).flatMap { .init(rawValue: $0) }
      ?? .error
  }
}
