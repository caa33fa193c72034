import ArgumentParser
import Core
import Extract
import Files
import Pipeline
import PipelineFile
import Records
import State

/// `waybill load`: loads target records into one of a pipeline's destinations.
struct LoadCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load target records into a destination",
    discussion: """
      Example:
        waybill load --mapping contacts --input target.ndjson --to files
        cat target.ndjson | waybill load --mapping contacts --input - --to files
      The input contains records in the form that the mapping writes, such as the output of `waybill transform`: NDJSON, JSON, \
      or CSV with the names of target fields in its header. They are checked against the target schema and sent unchanged. \
      A load is a run: the pipeline's gates apply, it has a ledger, and it shares the journal with `waybill run`, so a record \
      that the destination already has is not sent again. If a load is interrupted, start it again.
      """)

  @Option(help: ArgumentHelp("The mapping that writes such records, by name or by file.", valueName: "name"))
  var mapping: String

  @Option(
    help: ArgumentHelp(
      "The target records: NDJSON, JSON or CSV, optionally gzipped; `-` is standard input.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("The name of the destination in the pipeline.", valueName: "name"))
  var to: String

  @Option(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "file"))
  var pipeline: String?

  @Option(
    help: ArgumentHelp(
      "The format of the input: \(SourceFormats.standard.listed) (default: by its extension; ndjson on a pipe).",
      valueName: "format"))
  var inputFormat: SourceFormat?

  @OptionGroup var file: FileOptions

  @Option(help: ArgumentHelp("The location of the records, overriding the pipeline's.", valueName: "id"))
  var location: String?

  @Option(
    help: ArgumentHelp(
      "The location of the records, for a pipeline that reads a snapshot (default: the snapshot's).", valueName: "id"))
  var shard: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Load at most this many records.", valueName: "n"))
  var limit: Int?

  @OptionGroup var budget: BudgetOption

  @Flag(help: "Predict what the load would do, record by record and field by field; publish and send nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "With --dry-run: `destination` compares with what the destinations have now.", valueName: "what"))
  var against: ForecastBasis?

  @Flag(help: "With --limit, publish the files and tables anyway, replacing complete ones.")
  var publishPartial = false

  @Flag(
    help: "Confirm that an http destination with an empty journal and no `find` or `list` has none of the records yet.")
  var firstLoad = false

  @Option(help: ArgumentHelp("Accept that this gate fails this time; repeatable.", valueName: "gate"))
  var acceptGate: [String] = []

  @Flag(help: "Rejected records do not change the exit code; gates still do.")
  var lenient = false

  @Option(help: ArgumentHelp("End gracefully after this time: 90s, 15m, 2h.", valueName: "time"))
  var maxDuration: TimeLimit?

  @Option(help: ArgumentHelp("Write the summary (JSON) here as well.", valueName: "file"))
  var summary: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
    if against != nil, !dryRun { throw ValidationError("--against requires --dry-run") }
    if dryRun, publishPartial {
      throw ValidationError("--dry-run publishes nothing, so it conflicts with --publish-partial: remove one of them")
    }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    let target = try target(in: context)
    var source = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    source.load = target
    source.location = location
    source.shard = shard
    source.limit = limit
    source.requestBudget = budget.budget
    source.mappings = [document.mappingName(inFile: mapping) ?? mapping]
    source.destinations = [to]
    source.project = context.givenProject
    var options = RunEngine.Options(source: source)
    options.isLenient = lenient
    options.isDryRun = dryRun
    options.comparesDestination = against == .destination
    options.publishesPartial = publishPartial
    options.isFirstLoad = firstLoad
    options.acceptedGates = acceptGate
    options.threads = Processors.count
    options.summaryPath = summary
    return try await RunPerformance(context.console, isJSON: output.json, limit: maxDuration)
      .run(document, options, advice: advice)
  }

  /// - Throws: `OperationFailure` 66 if the input does not exist, 64 if the options do not fit its format or do not give one.
  private func target(in context: CommandContext) throws -> TargetFile {
    guard input == "-" || context.fileExists(input) else {
      throw OperationFailure(.inputMissing, "there is no file \(input): check the path of --input")
    }
    guard let format = inputFormat ?? (input == "-" || StreamPath.isStream(input) ? .ndjson : SourceFormat(path: input)) else {
      throw OperationFailure(
        .usage,
        "the format of the input \(input) cannot be determined from its name: pass --input-format \(SourceFormats.standard.listed)"
      )
    }
    try file.reading.check(for: format)
    return TargetFile(path: input, format: format, reading: file.reading)
  }

  private func advice(_ report: RunEngine.Report) -> RunAdvice {
    func option(_ name: String, _ value: String?) -> [String] { value.map { [name, $0] } ?? [] }
    return RunAdvice(
      report: report, isDryRun: dryRun, place: option("--project", common.project) + option("--state", common.state),
      pipeline: pipeline.map { [$0] } ?? [], command: "load",
      choice: option("--pipeline", pipeline) + ["--mapping", mapping, "--input", input, "--to", to]
        + option("--input-format", inputFormat?.name) + file.reading.words + option("--location", location)
        + option("--shard", shard),
      narrowing: option("--limit", limit.map { String($0) }))
  }
}
