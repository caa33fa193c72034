import ArgumentParser
import Core
import Pipeline
import PipelineFile
import State

/// `waybill reconcile [RUN]`: whether the destinations have what was loaded.
struct ReconcileCommand: WaybillCommand {
  enum Reading: String, ExpressibleByArgument, CaseIterable, Sendable { case list, key }

  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Compare what was loaded with what is stored",
    discussion: """
      Example:
        waybill reconcile
        waybill reconcile --mapping contacts --json
        waybill reconcile latest --output differences.ndjson
      Each destination is read back: records that are missing, extra, repeated or different are listed by key and field, and the \
      control totals of both sides are compared: records, keys, sums, dates, and a hash total. Nothing is changed. Exit code 3: there are differences. \
      Values are masked as the mapping's `pii` requires.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run's ID, its beginning, or `latest` (default: for each mapping, the newest run that loaded all of it).",
      valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "file"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only this mapping; repeatable.", valueName: "name"))
  var mapping: [String] = []

  @Option(help: ArgumentHelp("Only this destination; repeatable.", valueName: "name"))
  var to: [String] = []

  @Option(help: ArgumentHelp("Only the record with this key in the source.", valueName: "key"))
  var record: String?

  @Option(help: ArgumentHelp("How to read an API (default: by list; a few records by key).", valueName: "way"))
  var by: Reading?

  @Option(help: ArgumentHelp("Write the differences (NDJSON) here instead of into the run's folder.", valueName: "file"))
  var output: String?

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    if output == "-" {
      throw OperationFailure(.usage, "--output -: standard output has the report: name a file, or use --json")
    }
    let document = try context.pipeline(pipeline)
    if let output { try OutputGuard.check(output, option: .output, against: document, state: context.state) }
    let console = context.console
    let progress = ProgressLine(console)
    let report: ReconcileReport
    do {
      report = try await ReconcileEngine(document, options: options(in: context), observer: progress).run()
      progress.clear()
    } catch {
      progress.clear()
      throw error
    }
    return try console.settle(report.exitCode) {
      if json.json { return try console.print(report.json) }
      try console.print(ReconcileText.text(of: report, fitting: console.lineWidth))
    }
  }

  private func options(in context: CommandContext) -> ReconcileEngine.Options {
    var source = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    source.mappings = mapping.isEmpty ? nil : mapping
    source.destinations = to.isEmpty ? nil : to
    source.project = context.givenProject
    var options = ReconcileEngine.Options(source: source)
    options.run = run
    options.record = record
    options.reading = by.map { $0 == .list ? .list : .key }
    options.output = output
    return options
  }
}
