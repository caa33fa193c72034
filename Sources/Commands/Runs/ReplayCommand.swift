import ArgumentParser
import Control
import Core
import Files
import FoundationEssentials
import Pipeline
import PipelineFile
import Report
import State

/// `waybill replay [RUN]`: the open records of a run, through today's mappings.
struct ReplayCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Send a run's rejected and failed records again",
    discussion: """
      Example:
        waybill replay
        waybill replay latest --code email-invalid
        waybill replay --from corrected.csv --dry-run
      The source records that the run rejected, or that a destination refused, are read again from the run's snapshot and go \
      through today's mappings; nothing else is sent. Resolved errors are marked in the run's ledger. If a later run has loaded \
      a newer version of a record, the record is superseded and not sent. Files and replaced tables are not replayed: they need \
      a complete run. Each destination gets a run of its own, whose gates are reported but not enforced.

      With --from, only the records in a table that `waybill rejects --output` wrote are replayed, with the source's values as \
      corrected in that table. A cell that a spreadsheet has merely reformatted is not a correction. If a row cannot be used, \
      nothing is sent. The source itself is not changed.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run's ID, or its beginning (default: the pipeline's newest run that is not a replay, a load or a dry run).",
      valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "file"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only records whose first error has this code, such as email-invalid.", valueName: "code"))
  var code: String?

  @Option(help: ArgumentHelp("Only the record with this key; with `each`, KEY#N is one element of it.", valueName: "key"))
  var record: String?

  @Option(help: ArgumentHelp("Only this mapping; repeatable.", valueName: "name"))
  var mapping: [String] = []

  @Option(help: ArgumentHelp("Only what is open at this destination; repeatable.", valueName: "name"))
  var to: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only the records in this table, as corrected there: the output of `waybill rejects`, edited.", valueName: "file"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Treat any difference in this column as a correction, even one a spreadsheet may have made; repeatable; requires --from.",
      valueName: "column"))
  var changed: [String] = []

  @OptionGroup var budget: BudgetOption

  @Flag(help: "Do everything but the last step: publish and send nothing.")
  var dryRun = false

  @Flag(
    help: "Confirm that an http destination with an empty journal and no `find` or `list` has none of the records yet.")
  var firstLoad = false

  @Flag(help: "Records that are rejected or refused again do not change the exit code.")
  var lenient = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads that transform (default: one per processor).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("End gracefully after this time: 90s, 15m, 2h.", valueName: "time"))
  var maxDuration: TimeLimit?

  @Option(help: ArgumentHelp("Write the summary (JSON) here as well; requires a single destination.", valueName: "file"))
  var summary: String?

  @OptionGroup var moment: MomentOption
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if from == nil, !changed.isEmpty { throw ValidationError("--changed requires --from") }
    if from != nil, code != nil || record != nil {
      throw ValidationError("--from cannot be used with --code or --record: remove the rows of other records from the table")
    }
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    var source = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    source.project = context.givenProject
    var options = RunEngine.Options(source: source)
    options.destinations = to.isEmpty ? nil : to
    options.isDryRun = dryRun
    options.isLenient = lenient
    options.isFirstLoad = firstLoad
    options.threads = threads ?? Processors.count
    options.moment = moment.now
    options.summaryPath = summary
    if let from, let summary, FileIdentity.isSame(from, summary) {
      throw OperationFailure(.usage, "\(CommandOption.summary) would overwrite the table \(from): choose another path")
    }
    let console = context.console
    var diagnostics = Diagnostics()
    let plan: ReplayEngine.Plan
    do {
      plan = try await ReplayEngine(document, options: options).plan(
        run, choice, corrections: from.map { .init(file: $0, changed: changed) }, diagnostics: &diagnostics)
    } catch {
      if diagnostics.hasErrors { throw UncompiledFiles(diagnostics, "\(OperationFailure(error)): nothing was started") }
      throw error
    }
    try checkMappings(of: plan.run, in: context)
    guard !plan.parts.isEmpty else { return try reportNothing(plan, context) }
    if summary != nil, plan.parts.count > 1 {
      let names = Self.quoted(plan.parts.map(\.destination))
      throw OperationFailure(
        .usage, "\(CommandOption.summary) is for one run, but this replay has one for each of \(names): choose one with --to")
    }
    let takers = document.destinations.filter { taker in plan.parts.contains { $0.destination.isExactly(taker.name) } }
    if budget.budget != nil, takers.allSatisfy({ $0.ghl == nil }) { throw SourceOptions.uselessBudget(for: "this replay") }
    note(plan, console)
    return try await perform(plan, document, options, console)
  }

  private var choice: OpenItems.Choice {
    OpenItems.Choice(mappings: mapping.isEmpty ? nil : mapping, code: code, record: record)
  }

  private func perform(
    _ plan: ReplayEngine.Plan, _ document: PipelineDocument, _ options: RunEngine.Options, _ console: Console
  ) async throws -> Core.ExitCode {
    let start = ContinuousClock.now
    var left = budget.budget
    var codes: [Core.ExitCode] = []
    var summaries: [JSONValue] = []
    for (index, part) in plan.parts.enumerated() {
      // One limit for all destinations.
      let limit = maxDuration?.left(since: start)
      let performance = RunPerformance(console, isJSON: output.json, limit: limit)
      let requests = left
      let report = await performance.perform { observer in
        await ReplayEngine(document, options: options, observer: observer).run(part, requests: requests)
      }
      // All of them share one budget.
      left = requests.map { max(0, $0 - report.summary.requests.made) }
      codes.append(try performance.show(report, printsJSON: false) { advice($0, plan) })
      summaries.append(report.summary.json)
      // The next destination would be interrupted as well, or has to wait.
      if report.exitCode == .tryLater {
        noteSkipped(plan.parts[(index + 1)...].map(\.destination), console)
        break
      }
    }
    let code = Core.ExitCode.worst(codes)
    guard output.json else { return code }
    return try console.settle(code) { try console.print(.array(summaries)) }
  }

  private func noteSkipped(_ destinations: [String], _ console: Console) {
    if destinations.isEmpty { return }
    console.note("Nothing was replayed at \(Self.quoted(destinations)): replay the run again.")
  }

  private static func quoted(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

  private func note(_ plan: ReplayEngine.Plan, _ console: Console) {
    for part in plan.parts {
      let place = from.map { " of \($0)" } ?? ""
      console.note("Run \(plan.run) has \(Wording.count(part.open, "open record"))\(place) at '\(part.destination)'.")
    }
    for (destination, count) in plan.pending {
      console.note(
        count == 1
          ? "1 record is pending at '\(destination)': the next run sends it."
          : "\(Wording.count(count, "record")) are pending at '\(destination)': the next run sends them.")
    }
    if !plan.whole.isEmpty {
      let isOne = plan.whole.count == 1
      console.note(
        "\(isOne ? "One destination is" : "\(plan.whole.count) destinations are") left for the next run: \(plan.whole.joined(separator: ", "))."
      )
    }
    if !plan.unknown.isEmpty {
      console.note("The pipeline no longer has \(Self.quoted(plan.unknown)): skipped.")
    }
  }

  /// There is nothing to replay: what was asked for does not exist, or is not open.
  private func reportNothing(_ plan: ReplayEngine.Plan, _ context: CommandContext) throws -> Core.ExitCode {
    let runs = try context.openRuns()
    try LedgerCode.check(code, of: [plan.run], in: runs)
    if let record {
      let path = RunFolder(path: StateFolder(path: context.state).run(plan.run)).outcomes
      guard try !RecordOutcomes.all(of: record, in: path).isEmpty else {
        let hint = NearestName.hint(record, in: try runs.values(of: .record, in: plan.run)) ?? "keys are compared byte by byte"
        throw OperationFailure(.inputMissing, "run \(plan.run) has no record with the key '\(record)'; \(hint)")
      }
    }
    let isNarrowed = code != nil || record != nil || !mapping.isEmpty || !to.isEmpty || from != nil
    context.console.note("Run \(plan.run) has no \(isNarrowed ? "such " : "")open records.")
    if plan.resolved > 0 { context.console.note("\(Wording.count(plan.resolved, "record")) have been resolved since.") }
    note(plan, context.console)
    guard output.json else { return .done }
    return try context.console.settle(.done) { try context.console.print(.array([])) }
  }

  /// - Throws: `OperationFailure` 64 if the run has no mapping with a name of `--mapping`.
  private func checkMappings(of run: String, in context: CommandContext) throws {
    if mapping.isEmpty { return }
    let names = Set(try context.openRuns().counts(of: run).map { Name($0.mapping) }).sorted().map(\.text)
    for name in mapping where !names.contains(exactly: name) {
      let hint = NearestName.hint(name, in: names) ?? "it has: \(names.joined(separator: ", "))"
      throw OperationFailure(.usage, "run \(run) has no mapping '\(name)'; \(hint)")
    }
  }

  private func advice(_ report: RunEngine.Report, _ plan: ReplayEngine.Plan) -> RunAdvice {
    func option(_ name: String, _ values: [String]) -> [String] { values.flatMap { [name, $0] } }
    func option(_ name: String, _ value: String?) -> [String] { option(name, value.map { [$0] } ?? []) }
    return RunAdvice(
      report: report, isDryRun: dryRun, place: option("--project", common.project) + option("--state", common.state),
      pipeline: pipeline.map { [$0] } ?? [], command: "replay",
      choice: [plan.run] + option("--pipeline", pipeline) + option("--code", code) + option("--record", record)
        + option("--mapping", mapping) + option("--to", to) + option("--from", from) + option("--changed", changed))
  }
}
