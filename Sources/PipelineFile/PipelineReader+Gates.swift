import Control
import Core
import Mapping
import Report
import Settings

/// `gates`.
extension PipelineReader {
  mutating func readGates(_ node: YAMLNode) -> [GateDocument] {
    guard let entries = node.entries("gates", &diagnostics) else { return [] }
    checkKeys(node, "gates", PipelineKeywords.gates)
    let gates = entries.compactMap { entry in
      switch entry.key {
      case "read": readRead(entry)
      case "coverage": readCoverage(entry)
      case "rejected": readRejected(entry)
      case "written": readWritten(entry)
      default: nil
      }
    }
    return gates + (node["written"] == nil ? [GateDocument.standardWritten] : [])
  }

  private mutating func readWritten(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, PipelineKeywords.written) else { return nil }
    let min = entry.value["min"].map { integer($0, "gates.written.min", in: 0 ... .max) } ?? 1
    let share = entry.value["min_percent_of_last"].map { percent($0, "gates.written.min_percent_of_last") } ?? 50
    guard let min, let share else { return nil }
    return GateDocument(.written(min: min, minPercentOfLast: share), severity: severity)
  }

  private mutating func readRead(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, PipelineKeywords.read), let node = entry.value["min"] else { return nil }
    return integer(node, "gates.read.min", in: 0 ... .max).map { GateDocument(.read(min: $0), severity: severity) }
  }

  private mutating func readCoverage(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, PipelineKeywords.coverage), let node = entry.value["min_percent"] else {
      return nil
    }
    return percent(node, "gates.coverage.min_percent").map { GateDocument(.coverage(minPercent: $0), severity: severity) }
  }

  private mutating func readRejected(_ entry: YAMLEntry) -> GateDocument? {
    guard let severity = open(entry, PipelineKeywords.rejected) else { return nil }
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
  private mutating func open(_ entry: YAMLEntry, _ group: KeywordGroup) -> GateDocument.Severity? {
    let what = "gates.\(entry.key)"
    guard entry.value.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(entry.value, what, group, at: entry.keyPlace)
    guard let node = entry.value["severity"] else { return .error }
    return word(node, "\(what).severity", oneOf: group.words(of: "severity")).flatMap { .init(rawValue: $0) }
      ?? .error
  }
}
