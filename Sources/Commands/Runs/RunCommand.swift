import ArgumentParser
import Core
import Pipeline
import Report

/// `waybill run [PIPELINE]`: extract, transform, judge, publish.
struct RunCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a pipeline: extract, transform, judge the gates, write; each durable before the next.",
    discussion: """
      Example:
        waybill run --limit 100
      A run that is narrowed (--limit, --business, or a snapshot that was) publishes nothing: its files stay in the run's folder. \
      A summary is written to the run's folder also when the run fails; --summary writes it to a place of your own as well.
      """)

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @OptionGroup var source: RunSourceOptions

  @Option(help: ArgumentHelp("Work on this snapshot, or on the `latest` one, instead of extracting.", valueName: "id"))
  var snapshot: String?

  @Flag(help: "All but the last step: what would be written stays in the run's folder.")
  var dryRun = false

  @Flag(help: "Publish the records of a narrowed run, replacing the complete files at the pipeline's paths.")
  var publishPartial = false

  @Option(
    help: ArgumentHelp(
      "Accept this gate's failure for this run: read, coverage, rejected, written; repeatable.", valueName: "gate"))
  var acceptGate: [String] = []

  @Flag(help: "Rejected records do not change the exit code.")
  var lenient = false

  @Option(help: ArgumentHelp("How many threads transform (default: as many as there are processors).", valueName: "n"))
  var threads: Int?

  @OptionGroup var moment: MomentOption
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
    if dryRun, publishPartial {
      throw ValidationError("--dry-run publishes nothing, so it conflicts with --publish-partial: remove one of them")
    }
    guard snapshot != nil else { return }
    if source.budget != nil {
      throw ValidationError("--budget limits requests, and --snapshot makes none: leave one of them out")
    }
    let narrowing = [("--business", !source.business.isEmpty), ("--limit", source.limit != nil)]
    if let option = narrowing.first(where: \.1)?.0 {
      throw ValidationError("\(option) narrows an extraction, and --snapshot works on one that was made: leave one of them out")
    }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    var options = RunEngine.Options(source: source.options(in: context, snapshot: snapshot))
    options.isLenient = lenient
    options.moment = moment.now
    options.isDryRun = dryRun
    options.publishesPartial = publishPartial
    options.acceptedGates = acceptGate
    options.threads = threads ?? Processors.count
    options.summaryPath = source.summary
    let console = context.console
    let progress = ProgressLine(console)
    let engine = RunEngine(document, options: options, observer: progress)
    let report = await TimeLimit.run(source.maxDuration) {
      progress.note("The time is over: ending in an orderly way")
    } _: {
      await engine.run()
    }
    progress.clear()
    if report.diagnostics.hasErrors {
      console.show(report.diagnostics)
    }
    let code = try console.settle(report.exitCode) {
      try output.json ? console.print(report.summary.json) : console.print(RunSummaryText.text(of: report.summary.json))
    }
    for note in report.summary.notes { console.warn(note) }
    for message in report.summary.messages { console.fault(message) }
    for line in advice(report).lines { console.note(line) }
    return code
  }

  private func advice(_ report: RunEngine.Report) -> RunAdvice {
    func option(_ name: String, _ values: [String]) -> [String] { values.flatMap { [name, $0] } }
    return RunAdvice(
      report: report, isDryRun: dryRun,
      place: option("--project", common.project.map { [$0] } ?? []) + option("--state", common.state.map { [$0] } ?? []),
      choice: (pipeline.map { [$0] } ?? []) + option("--mapping", source.mapping) + option("--to", source.to)
        + option("--location", source.location.map { [$0] } ?? []),
      narrowing: option("--business", source.business) + option("--limit", source.limit.map { [String($0)] } ?? []))
  }
}
