import Control
import Mapping

/// `gates`. Each gate is one map, or a list of maps with different limits.
extension PipelineKeywords {
  static let gates = KeywordGroup([
    gate("read", read, "How many items must be read."),
    gate("coverage", coverage, "How much of what the source reports must be fetched."),
    gate("rejected", rejected, "How many items may be rejected."),
    gate("written", written, "How many items must be let through; its defaults apply if it is omitted."),
    gate("warnings", warnings, "How many warnings there may be."),
    gate("orphans", ceiling, "How many items may have a parent that was rejected or is unknown."),
    Keyword(
      "complete", .map(.group(complete), atLeast: 1),
      "How many target records must have a value in a field, by MAPPING.FIELD."),
    Keyword("unique", .map(.group(unique), atLeast: 1), "How many target records may repeat a field's value, by MAPPING.FIELD."),
    gate("quota", quota, "How many requests the day's quota must still allow once the source is read."),
    gate("freshness", freshness, "How old the snapshot, or the newest value of a field, may be."),
    gate("failed", ceiling, "How many records destinations may refuse; judged after the load."),
    gate("pending", ceiling, "How many records may be neither loaded nor refused; judged after the load."),
    gate("control_totals", count, "How many totals may differ; judged from the result of waybill reconcile."),
    gate("reconciled", ceiling, "How many records may differ; judged from the result of waybill reconcile."),
  ])

  private static func gate(_ name: String, _ group: KeywordGroup, _ summary: String) -> Keyword {
    Keyword(name, .oneOrMore(.group(group)), summary)
  }

  private static let severity = Keyword(
    "severity", .words(GateDocument.Severity.allCases.map(\.rawValue)),
    "If the gate fails, error publishes nothing and ends with exit code 3 (the default); warning only reports it.")

  private static let message = Keyword("message", .text, "Your own text, shown when the gate fails.")

  private static let mappings = Keyword("mappings", .nonEmptyList(.text), "Only these mappings, by name (default: all).")

  private static let minRecords = Keyword(
    "min_records", .count,
    "With fewer records than this, `max` applies instead of the percentage; without `max`, nothing is judged.")

  /// What every gate has; those that are not about single mappings have no `mappings`.
  private static let common = [severity, message]

  static let read = KeywordGroup(
    [Keyword("min", .count, required: true, "At least this many items, from all mappings together.")] + common + [mappings])

  static let coverage = KeywordGroup(
    [
      Keyword("min_percent", .percent, required: true, "At least this percentage."),
      Keyword("min_records", .count, "With fewer records in the source than this, nothing is judged."),
    ] + common + [mappings])

  static let written = KeywordGroup(
    [
      Keyword(
        "min", .count,
        "At least this many from each mapping (default 1, which fails only if items were rejected); 0 disables it."),
      Keyword(
        "min_percent_of_last", .percent,
        "At least this percentage of what the last complete run let through (default 50); 0 disables it."),
      Keyword(
        "max_percent_of_last", .number(0...mostOfLast),
        "At most this percentage of what the last complete run let through (default: no limit)."),
      Keyword("min_records", .count, "If the last complete run let fewer records through, nothing is compared."),
    ] + common + [mappings])

  static let mostOfLast = 1_000_000.0

  private static let limits = [
    Keyword("max_percent", .percent, "At most this percentage."), minRecords, Keyword("max", .count, "At most this many."),
  ]

  static let ceiling = KeywordGroup(limits + common + [mappings], alternatives: ["max_percent", "max"])

  static let rejected = ceiling

  static let warnings = KeywordGroup(
    [
      Keyword("max_percent", .number(0...mostWarnings), "At most this many warnings per 100 items."), minRecords,
      Keyword("max", .count, "At most this many warnings."),
      Keyword("code", .text, "Only problems with this code, whatever their severity."),
    ] + common + [mappings], alternatives: ["max_percent", "max"])

  /// A record can have several.
  static let mostWarnings = 100_000.0

  static let complete = KeywordGroup(
    [
      Keyword("min_percent", .percent, "At least this percentage of the records has a value that is not blank."), minRecords,
      Keyword("max", .count, "At most this many records have no value."),
    ] + common, alternatives: ["min_percent", "max"])

  static let unique = KeywordGroup(limits + common, alternatives: ["max_percent", "max"])

  static let quota = KeywordGroup([Keyword("min", .count, required: true, "At least this many requests.")] + common)

  static let freshness = KeywordGroup(
    [
      Keyword("max_age", .text, required: true, "The maximum age: 90m, 26h or 2d."),
      Keyword("field", .text, "MAPPING.FIELD: the age of its newest value, in place of the snapshot's."),
    ] + common)

  static let count = KeywordGroup([Keyword("max", .count, required: true, "At most this many.")] + common + [mappings])
}
