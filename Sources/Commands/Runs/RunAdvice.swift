import Control
import Core
import Extract
import Pipeline
import Report

/// The lines below the table of a run: where everything is, and what to do next. Every command works as printed.
struct RunAdvice {
  var report: RunEngine.Report
  var isDryRun = false
  /// The arguments that select the same project: its folder, and the state's.
  var place: [String] = []
  /// The pipeline file, if it was named.
  var pipeline: [String] = []
  /// The words after `run` that chose the pipeline, its mappings and destinations.
  var choice: [String] = []
  /// The arguments that narrowed the source; they cannot be combined with `--snapshot`.
  var narrowing: [String] = []

  var lines: [String] {
    var lines: [String] = []
    for (index, path) in report.published.enumerated() { lines.append((index == 0 ? "written  " : "         ") + path) }
    for (index, path) in report.kept.enumerated() { lines.append((index == 0 ? "kept     " : "         ") + path) }
    if let folder = report.folder {
      lines.append("run      \(folder) (summary.json, ledger.ndjson, outcomes.ndjson, waybill.log)")
    }
    let warnings = report.diagnostics.all.count { $0.severity == .warning }
    if warnings > 0, !report.diagnostics.hasErrors {
      lines.append("The mappings have \(Wording.count(warnings, "warning")): waybill check")
    }
    return lines + next
  }

  private var next: [String] {
    let summary = report.summary
    let rejected = summary.entities.map { $0.destinations.map { $0.counts[.rejected] }.max() ?? 0 }.reduce(0, +)
    switch summary.status {
    case .running: return []
    case .failed:
      guard summary.exitCode == .cannotWrite || summary.exitCode == .unreachable, report.hasSnapshot, let resume else {
        return []
      }
      return ["The extraction is complete. Once the cause is fixed, continue: \(resume)"]
    case .gateFailed: return ["A gate failed, and nothing was published. " + seeWhy(rejected) + accept]
    case .interrupted, .notStarted: return [later].compactMap(\.self)
    case .done, .partial:
      if isDryRun { return ["This was a dry run: nothing was published."] }
      let why = rejected > 0 ? "\(Wording.count(rejected, "record")) rejected. " + seeWhy(rejected) : nil
      let narrowed = report.published.isEmpty ? summary.narrowing.map(partial) : nil
      return [why, narrowed].compactMap(\.self)
    }
  }

  /// A narrowed run: where its files are, and how to get all records.
  private func partial(_ narrowing: Narrowing) -> String {
    let location = report.kept.isEmpty ? "" : " Its files are in the run's folder."
    let source = narrowing.snapshot.map { ["--snapshot", $0] } ?? self.narrowing
    let all = words(["run"] + choice + place)
    let these = words(["run"] + choice + source + place + ["--publish-partial"])
    return "The run was narrowed (\(narrowing.text)): nothing was published.\(location) All records: \(all). "
      + "To publish these in place of all: \(these)"
  }

  /// What to do if the result is right and the gate is wrong.
  private var accept: String {
    var names: [String] = []
    for gate in report.summary.gates where gate.stops && !names.contains(gate.gate) { names.append(gate.gate) }
    guard let again, !names.isEmpty else { return "" }
    return ". If the result is correct as is: \(again) \(ShellText.words(names.flatMap { ["--accept-gate", $0] }))"
  }

  private func seeWhy(_ rejected: Int) -> String {
    let ledger = words(["ledger"] + (report.folder == nil ? [] : [report.summary.run]) + place + ["--severity", "error"])
    guard let again else { return "See why: \(ledger)" }
    return "See why: \(ledger). With a fixed mapping, run the same data again: \(again)"
  }

  /// One text per cause.
  private var later: String? {
    let anew = words(["run"] + choice + narrowing + place)
    switch report.pause {
    case .interrupted, .stateBusy, .destinationBusy, nil:
      let what = report.published.isEmpty ? "Nothing was published. " : "What was published is complete. "
      return what + (resume.map { "Continue: \($0)" } ?? "Start over: \(anew)")
    // The failure's own message names the holder.
    case .stateHeld: return nil
    case .budgetSpent: return "Nothing was published. With a larger --budget, start over: \(anew)"
    case .dailyQuotaSpent: return "Nothing was published. Tomorrow, start over: \(anew)"
    case .throttled: return "Nothing was published. Later, start over: \(anew)"
    case .askedToWait:
      return "Nothing was published. In \(Wording.duration(Double(report.summary.retryAfterSeconds ?? 0))), start over: \(anew)"
    default: return nil
    }
  }

  /// Continues this run.
  private var resume: String? {
    guard report.canResume, report.folder != nil else { return nil }
    return words(["run"] + pipeline + place + ["--resume", report.summary.run])
  }

  /// Runs the same data again, without an API call.
  private var again: String? {
    guard report.hasSnapshot, let snapshot = report.summary.snapshot else { return nil }
    return words(["run"] + choice + place + ["--snapshot", snapshot])
  }

  /// A command line, quoted for the shell.
  private func words(_ words: [String]) -> String { ShellText.words(["waybill"] + words) }
}
