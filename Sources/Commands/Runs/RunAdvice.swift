import Core
import Pipeline

/// What stands under the table of a run: where everything is, and what to do next.
enum RunAdvice {
  static func lines(for report: RunEngine.Report, isDryRun: Bool) -> [String] {
    var lines: [String] = []
    let summary = report.summary
    if !report.published.isEmpty { lines.append("written  \(report.published.joined(separator: "\n         "))") }
    if let folder = report.folder { lines.append("run      \(folder) (summary.json, ledger.ndjson, outcomes.ndjson)") }
    let warnings = report.diagnostics.all.count { $0.severity == .warning }
    if warnings > 0, !report.diagnostics.hasErrors {
      lines.append("The mappings have \(Wording.count(warnings, "warning")): waybill check")
    }
    if let next = next(summary, isDryRun: isDryRun) { lines.append(next) }
    return lines
  }

  private static func next(_ summary: RunSummary, isDryRun: Bool) -> String? {
    let rejected = summary.entities.map { $0.destinations.map { $0.counts[.rejected] }.max() ?? 0 }.reduce(0, +)
    switch summary.status {
    case .running: return nil
    case .gateFailed:
      return "A gate failed, and nothing was published. See why: waybill ledger --severity error. "
        + "With a better mapping, the same data again: waybill run --snapshot latest"
    case .interrupted: return "Nothing half-written was published. Go on: waybill run"
    case .failed: return nil
    case .done, .partial:
      if isDryRun { return "This was a dry run: nothing was published." }
      guard rejected > 0 else { return nil }
      return "\(Wording.count(rejected, "record")) rejected. See why: waybill ledger --severity error. "
        + "With a better mapping, the same data again: waybill run --snapshot latest"
    }
  }
}
