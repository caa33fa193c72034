import Control
import Core
import Extract
import Files
import Pipeline
import Report

/// The lines below the table of a run: where everything is, and what to do next. Every command works as printed, and is on a line of
/// its own so that it can be copied.
struct RunAdvice {
  struct Line: Hashable {
    var text: String
    var command: String?
    /// A list of paths, which is not wrapped.
    var isList = false

    init(_ text: String, _ command: String? = nil) {
      self.text = text
      self.command = command
    }

    static func list(_ text: String) -> Line {
      var line = Line(text)
      line.isList = true
      return line
    }
  }

  var report: RunEngine.Report
  var isDryRun = false
  /// The arguments that select the same project: its folder, and the state's.
  var place: [String] = []
  /// The pipeline file, if it was named.
  var pipeline: [String] = []
  /// The command that was run: `load` for target records, `replay` for open records of another run.
  var command = "run"
  /// The arguments after `command` that select the pipeline, its mappings and destinations, and the input of a load.
  var choice: [String] = []
  /// The arguments that narrowed the source; they cannot be combined with `--snapshot`.
  var narrowing: [String] = []

  var lines: [Line] {
    var lines: [Line] = []
    lines += Self.list("written  ", report.published) + Self.list("kept     ", report.kept)
    if let folder = report.folder {
      lines.append(.list("run      \(folder)"))
      // Of a run with many mappings, the result and the next command must be on one screen.
      if report.summary.entities.count <= 2 {
        lines.append(.list("         summary.json, ledger.ndjson, outcomes.ndjson, waybill.log"))
      }
      if report.changes != nil { lines.append(.list("         changes.ndjson, changes.csv")) }
    }
    let warnings = report.diagnostics.all.count { $0.severity == .warning }
    if warnings > 0, !report.diagnostics.hasErrors {
      lines.append(Line("The mappings have \(Wording.count(warnings, "warning")):", words(["check"] + pipeline + place)))
    }
    return lines + next
  }

  /// The paths, one on each line; of many, the first ones.
  private static func list(_ title: String, _ paths: [String]) -> [Line] {
    let shown = paths.count > mostPaths ? Array(paths.prefix(mostPaths - 1)) : paths
    let rest = paths.count - shown.count
    let lines = shown + (rest > 0 ? ["and \(Wording.count(rest, "more file"))"] : [])
    return lines.enumerated().map { .list(($0 == 0 ? title : "         ") + $1) }
  }

  private static let mostPaths = 2

  private var next: [Line] {
    let summary = report.summary
    let rejected = summary.entities.map { $0.destinations.map { $0.counts[.rejected] }.max() ?? 0 }.reduce(0, +)
    switch summary.status {
    case .running: return []
    case .failed:
      if report.diagnostics.hasErrors {
        return [Line("Once they are fixed, check them without a run:", words(["check"] + pipeline + place))]
      }
      let isFixable: Set<Core.ExitCode> = [.cannotWrite, .unreachable, .circuitOpen, .notAuthorised, .configuration]
      guard isFixable.contains(summary.exitCode), report.hasSnapshot, let resume else { return [] }
      let what = isLoad ? "The input has been read." : "The extraction is complete."
      return [Line("\(what) Once the cause is fixed, continue:", resume)]
    case .gateFailed:
      if failsAfterLoad { return gatesAfterLoad }
      return seeWhy("A gate failed, and nothing was published.") + accept
    case .interrupted, .notStarted: return [later].compactMap(\.self)
    case .done, .partial:
      if isDryRun {
        let id = report.folder == nil ? "latest" : report.summary.run
        return [
          Line(
            "This was a dry run: no destination was changed. To do exactly this:",
            words(["run"] + pipeline + place + ["--apply", id]))
        ]
      }
      let why = (rejected > 0 ? seeWhyRejected(rejected) : []) + notLoaded
      if isReplay { return why + left }
      if report.canResume, let resume { return why + [Line("Once the destination works again, load the rest:", resume)] }
      // The original options of a resumed load are not available.
      let isKnown = isLoad || summary.input == nil
      let lines = why + (report.published.isEmpty && isKnown ? summary.narrowing.map(partial) ?? [] : [])
      return lines.isEmpty ? compare : lines
    }
  }

  /// The result is as it should be: whether the destinations have it.
  private var compare: [Line] {
    guard hasLoaded, report.folder != nil, !report.published.contains(where: { StreamPath.isStream($0) || $0 == "-" }) else {
      return []
    }
    let named = pipeline.flatMap { ["--pipeline", $0] }
    return [Line("To compare the destinations with it:", words(["reconcile", report.summary.run] + named + place))]
  }

  /// All gates that failed were judged after the load.
  private var failsAfterLoad: Bool {
    let failed = report.summary.gates.filter(\.stops)
    return !failed.isEmpty && failed.allSatisfy(\.isAfterLoad)
  }

  /// Nothing is taken back; what is open can be loaded once more.
  private var gatesAfterLoad: [Line] {
    let run = report.summary.run
    let why = Line(
      "A gate failed after the load, so the records are published. See why:",
      words(["ledger", run] + place + ["--severity", "error"]))
    guard !isLoad, !notLoaded.isEmpty else { return [why] }
    let named = pipeline.flatMap { ["--pipeline", $0] }
    // What a replay has left open belongs to the run that it replays.
    let replay = isReplay ? anew : words(["replay", run] + named + place)
    return [why, Line("Once the cause is fixed, load the open records again:", replay)]
  }

  /// Records that a destination refused, or that were not sent to it.
  private var notLoaded: [Line] {
    let counts = report.summary.entities.flatMap { $0.destinations.map(\.counts) }
    let failed = counts.map { $0[.failed] }.reduce(0, +)
    let pending = hasLoaded || report.canResume ? counts.map { $0[.pending] }.reduce(0, +) : 0
    guard failed + pending > 0, report.kept.isEmpty else { return [] }
    let what = [failed > 0 ? "\(Wording.count(failed)) failed" : nil, pending > 0 ? "\(Wording.count(pending)) pending" : nil]
    let codes = report.summary.entities.map { $0.codes[ProblemCode.outstanding.slug] ?? 0 }
    let outstanding = codes.reduce(0, +)
    let known = outstanding > 0 ? ", \(Wording.count(outstanding)) of them outstanding" : ""
    return [
      Line(
        "\(what.compactMap(\.self).joined(separator: ", ")) at a destination\(known). See why:",
        words(["ledger", report.summary.run] + place + ["--stage", "load"]))
    ]
  }

  /// A narrowed run: where its files are, and how to get all records.
  private func partial(_ narrowing: Narrowing) -> [Line] {
    let start = "The run was narrowed (\(narrowing.text))"
    let source = narrowing.snapshot.map { ["--snapshot", $0] } ?? self.narrowing
    let all = words([command] + choice + place)
    let these = words([command] + choice + source + place + ["--publish-partial"])
    let allRecords = isLoad ? "To load all records:" : "To run all records:"
    // Nothing was held back where there are no files and databases.
    if report.kept.isEmpty, hasLoaded { return [Line("\(start). \(allRecords)", all)] }
    let location = report.kept.isEmpty ? "" : " Its files are in the run's folder."
    let what = hasLoaded ? "records were sent, but no file or table was replaced" : "nothing was published"
    return [Line("\(start): \(what).\(location) \(allRecords)", all), Line("To publish only these instead:", these)]
  }

  /// What to do if the result is right and the gate is wrong.
  private var accept: [Line] {
    var names: [String] = []
    for gate in report.summary.gates where gate.stops && !names.contains(gate.gate) { names.append(gate.gate) }
    guard let again, !names.isEmpty else { return [] }
    return [Line("If the result is correct as is:", "\(again) \(ShellText.words(names.flatMap { ["--accept-gate", $0] }))")]
  }

  private func seeWhy(_ what: String) -> [Line] { [Line("\(what) See why:", ledger)] + fix }

  private var ledger: String {
    words(["ledger"] + (report.folder == nil ? [] : [report.summary.run]) + place + ["--severity", "error"])
  }

  private var fix: [Line] {
    guard let again else { return [] }
    let what =
      isLoad
      ? "Fix the input and load it again:"
      : isReplay ? "Fix the mapping and replay them again:" : "Fix the mapping and run the same data again:"
    return [Line(what, again)]
  }

  /// Also how to hand the records to the people who can repair them.
  private func seeWhyRejected(_ rejected: Int) -> [Line] {
    let what = "\(Wording.count(rejected, "record")) rejected."
    guard let sheets else { return seeWhy(what) }
    // Of a run with many mappings, the result and these commands must be on one screen; the tables have the reasons, too.
    if report.summary.entities.count > 2 {
      return [Line("\(what) See why, in a table for each kind of repair\(sheets.whose):", sheets.command)] + fix
    }
    return [
      Line("\(what) See why:", ledger), Line("A table for each kind of repair\(sheets.whose):", sheets.command),
    ] + fix
  }

  /// Tables have the rejects of one mapping: the one that has the most. The folder is new, so the command never replaces anything.
  private var sheets: (whose: String, command: String)? {
    guard report.folder != nil else { return nil }
    func most(_ outcomes: [Outcome], _ entity: RunSummary.Entity) -> Int {
      entity.destinations.map { one in outcomes.reduce(0) { $0 + one.counts[$1] } }.max() ?? 0
    }
    let run = report.summary.run
    let having = report.summary.entities.filter { most([.rejected, .failed], $0) > 0 }
    guard let first = having.max(by: { most([.rejected], $0) < most([.rejected], $1) }) else { return nil }
    let isOnly = having.count == 1
    // With the whole ID, the command would not fit into 80 columns.
    let folder = "repairs-\(run.split(separator: "-").last ?? "")"
    return (
      isOnly ? "" : ", for '\(first.name)'",
      words(
        ["rejects", run] + (isOnly ? [] : ["--mapping", first.name]) + place + ["--by-repair", "--output", folder])
    )
  }

  /// A destination has records of this run.
  private var hasLoaded: Bool {
    report.summary.entities.contains { $0.destinations.contains { one in Outcome.loaded.contains { one.counts[$0] > 0 } } }
  }

  /// One text per cause.
  private var later: Line? {
    // Only destinations still had to be loaded: starting over would make all requests of the extraction again.
    if report.hasSnapshot, let resume, let moment = continuation { return Line("\(whatIsKept) Continue \(moment):", resume) }
    switch report.pause {
    case .interrupted, .stateBusy, .destinationBusy, nil:
      let what =
        report.published.isEmpty
        ? hasLoaded ? "What was sent is kept. " : "Nothing was published. " : "What was published is complete. "
      return resume.map { Line("\(what)Continue:", $0) } ?? Line("\(what)Start over:", anew)
    // The failure's own message names the holder.
    case .stateHeld: return nil
    case .budgetSpent: return Line("Nothing was published. Start over with a larger --budget:", anew)
    case .dailyQuotaSpent: return Line("Nothing was published. Start over tomorrow:", anew)
    case .throttled: return Line("Nothing was published. Start over later:", anew)
    case .askedToWait:
      let wait = Wording.duration(Double(report.summary.retryAfterSeconds ?? 0))
      return Line("Nothing was published. Start over in \(wait):", anew)
    default: return nil
    }
  }

  /// When a run that has read its source can continue, if what stopped it was a limit on requests.
  private var continuation: String? {
    switch report.pause {
    case .throttled, .askedToWait: report.summary.retryAfterSeconds.map { "in \(Wording.duration(Double($0)))" } ?? "later"
    case .dailyQuotaSpent: "tomorrow"
    case .budgetSpent: "without --budget, or with a new one"
    default: nil
    }
  }

  private var whatIsKept: String {
    if hasLoaded { return "What was loaded is kept." }
    if !report.published.isEmpty { return "What was published is complete." }
    return report.summary.input == nil ? "The extraction is complete." : "The input has been read."
  }

  private var isLoad: Bool { command == "load" }
  private var isReplay: Bool { report.summary.narrowing?.replay != nil }

  /// The same command once more; for a replay that was resumed, the replay of the same run.
  private var anew: String {
    guard let origin = report.summary.narrowing?.replay, command != "replay" else {
      return words([command] + choice + narrowing + place)
    }
    return words(["replay", origin] + pipeline.flatMap { ["--pipeline", $0] } + place)
  }

  /// What a replay has left open.
  private var left: [Line] {
    if report.canResume, let resume { return [Line("Once the destination works again, load the rest:", resume)] }
    guard let replay = report.summary.replay, replay.resolved != nil, replay.left > 0 else { return [] }
    let what = replay.left == 1 ? "1 record is still open:" : "\(Wording.count(replay.left)) records are still open:"
    return [Line(what, words(["ledger", replay.of] + place + ["--open"]))]
  }

  /// Continues this run.
  private var resume: String? {
    guard report.canResume, report.folder != nil else { return nil }
    return words(["run"] + pipeline + place + ["--resume", report.summary.run])
  }

  /// Runs the same data again, without an API call.
  private var again: String? {
    if isLoad || isReplay { return anew }
    guard report.hasSnapshot, let snapshot = report.summary.snapshot else { return nil }
    return words(["run"] + choice + place + ["--snapshot", snapshot])
  }

  /// A command line, quoted for the shell.
  private func words(_ words: [String]) -> String { ShellText.words(["waybill"] + words) }
}
