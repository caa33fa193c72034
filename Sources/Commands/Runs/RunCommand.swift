import ArgumentParser
import Control
import Core
import Pipeline
import Report

/// `waybill run [PIPELINE]`: extract, transform, judge, publish.
struct RunCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline: extract, transform, check gates, publish",
    discussion: """
      Example:
        waybill run --limit 100
      Each step is durable before the next one begins; --resume continues a run that was interrupted, failed or was killed. A \
      narrowed run (--limit, --business, or a narrowed snapshot) replaces no file and no table: they stay in the run's folder. The \
      run's folder has a summary even if the run fails; --summary writes a copy of it elsewhere.
      """)

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @OptionGroup var source: RunSourceOptions

  @Option(help: ArgumentHelp("Use this snapshot, or `latest`, instead of extracting; the source is not called.", valueName: "id"))
  var snapshot: String?

  @Option(
    help: ArgumentHelp(
      "Continue a stopped run (`latest` for the newest) with its original options; only the step that was under way is repeated.",
      valueName: "run"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Do exactly what this dry run (`latest` for the newest) predicted, or stop at the first difference.", valueName: "run"))
  var apply: String?

  @Flag(help: "Predict what a run would do, record by record and field by field; publish and send nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "With --dry-run: `destination` compares with what the destinations have now.", valueName: "what"))
  var against: ForecastBasis?

  @Flag(help: "Publish the files of a narrowed run, replacing complete ones at the pipeline's paths.")
  var publishPartial = false

  @Flag(
    help: "Confirm that an http destination with an empty journal and no `find` or `list` has none of the records yet.")
  var firstLoad = false

  @Option(
    help: ArgumentHelp(
      "Accept that this gate fails this time: one that the pipeline has (read, coverage, rejected), or written; repeatable.",
      valueName: "gate"))
  var acceptGate: [String] = []

  @Flag(help: "Rejected or missing records do not change the exit code; gates still do.")
  var lenient = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads that transform (default: one per processor).", valueName: "n"))
  var threads: Int?

  @OptionGroup var moment: MomentOption
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
    if against != nil, !dryRun { throw ValidationError("--against requires --dry-run") }
    if dryRun, publishPartial {
      throw ValidationError("--dry-run publishes nothing, so it conflicts with --publish-partial: remove one of them")
    }
    try validateResume()
    guard snapshot != nil else { return }
    let narrowing = [("--business", !source.business.isEmpty), ("--limit", source.limit != nil)]
    if let option = narrowing.first(where: \.1)?.0 {
      throw ValidationError("\(option) narrows an extraction, and --snapshot makes none: remove one of them")
    }
  }

  private func validateResume() throws {
    guard resume != nil || apply != nil else { return }
    if resume != nil, apply != nil { throw ValidationError("--resume and --apply each name a run: remove one of them") }
    let fixed: [(String, Bool)] = [
      ("--snapshot", snapshot != nil), ("--dry-run", dryRun), ("--against", against != nil),
      ("--publish-partial", publishPartial),
      ("--accept-gate", !acceptGate.isEmpty), ("--lenient", lenient), ("--now", moment.now != nil),
      ("--mapping", !source.mapping.isEmpty), ("--to", !source.to.isEmpty), ("--location", source.location != nil),
      ("--business", !source.business.isEmpty), ("--limit", source.limit != nil), ("--shard", source.shard != nil),
    ]
    guard let option = fixed.first(where: \.1)?.0 else { return }
    throw ValidationError(
      "\(option): \(apply == nil ? "a resumed run" : "a dry run that is applied") keeps its original options: remove it")
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    var options = RunEngine.Options(source: source.options(in: context, snapshot: snapshot))
    options.resume = resume
    options.apply = apply
    options.isLenient = lenient
    options.moment = moment.now
    options.isDryRun = dryRun
    options.comparesDestination = against == .destination
    options.publishesPartial = publishPartial
    options.isFirstLoad = firstLoad
    options.acceptedGates = acceptGate
    options.threads = threads ?? Processors.count
    options.summaryPath = source.summary
    return try await RunPerformance(context.console, isJSON: output.json, limit: source.maxDuration)
      .run(document, options, advice: advice)
  }

  private func advice(_ report: RunEngine.Report) -> RunAdvice {
    func option(_ name: String, _ values: [String]) -> [String] { values.flatMap { [name, $0] } }
    return RunAdvice(
      report: report, isDryRun: dryRun,
      place: option("--project", common.project.map { [$0] } ?? []) + option("--state", common.state.map { [$0] } ?? []),
      pipeline: pipeline.map { [$0] } ?? [],
      choice: (pipeline.map { [$0] } ?? []) + option("--mapping", source.mapping) + option("--to", source.to)
        + option("--location", source.location.map { [$0] } ?? []),
      narrowing: option("--business", source.business) + option("--limit", source.limit.map { [String($0)] } ?? []))
  }
}
