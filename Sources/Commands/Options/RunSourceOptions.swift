import ArgumentParser
import Core
import Files
import Pipeline
import PipelineFile
import Records
import State

/// What `extract`, `plan` and `run` take of a pipeline's source.
struct RunSourceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read this location instead of the pipeline's.", valueName: "id"))
  var location: String?

  @Option(help: ArgumentHelp("Read only this business, by ID or name; repeatable.", valueName: "business"))
  var business: [String] = []

  @Option(help: ArgumentHelp("Only this mapping; repeatable.", valueName: "name"))
  var mapping: [String] = []

  @Option(
    help: ArgumentHelp("Only this destination and the mappings that go there; repeatable.", valueName: "name"))
  var to: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "At most this many contacts, or records of each entity of source files or a source snapshot; not with --snapshot.",
      valueName: "n"))
  var limit: Int?

  @OptionGroup var requests: BudgetOption
  var budget: Int? { requests.budget }

  @Option(help: ArgumentHelp("Only this shard: a location's ID, as `waybill plan` shows it.", valueName: "id"))
  var shard: String?

  @Option(help: ArgumentHelp("End gracefully after this time: 90s, 15m, 2h.", valueName: "time"))
  var maxDuration: TimeLimit?

  @Option(help: ArgumentHelp("Write the summary (JSON) here as well.", valueName: "file"))
  var summary: String?

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
  }

  func options(in context: CommandContext, snapshot: String? = nil) -> SourceOptions {
    var options = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    options.snapshot = snapshot
    options.location = location
    options.businesses = business.isEmpty ? nil : business
    options.limit = limit
    options.requestBudget = budget
    options.mappings = mapping.isEmpty ? nil : mapping
    options.destinations = to.isEmpty ? nil : to
    options.shard = shard
    options.project = context.givenProject
    return options
  }

  /// Checks, before anything else, that `--summary` of `plan` and `extract` is not a file of the pipeline.
  ///
  /// - Throws: `OperationFailure`.
  func checkSummary(_ document: PipelineDocument, in context: CommandContext) throws {
    guard let path = self.summary else { return }
    try OutputGuard.check(path, against: document, state: context.state)
    try OutputGuard.checkReplaced(path)
  }

  /// What `plan` and `extract` print as JSON goes to `--summary` as well; a run writes its own.
  ///
  /// - Throws: `OperationFailure`.
  func writeSummary(_ summary: @autoclosure () -> JSONValue) throws {
    guard let path = self.summary else { return }
    let file = try OutputFile(path: path)
    try file.write(summary().prettyText)
    try file.commit()
  }
}

extension CommandContext {
  /// The pipeline that was named, or the project's.
  ///
  /// - Throws: `OperationFailure` 66 if it does not exist, 65 with its diagnostics if it is invalid.
  func pipeline(_ named: String?) throws -> PipelineDocument {
    let path = named ?? pipelinePath
    guard fileExists(path) else {
      let fix = named == nil ? "create one with `waybill init`, or name the project folder with --project" : "check the path"
      throw OperationFailure(.inputMissing, "there is no pipeline file \(path): \(fix)")
    }
    let (document, diagnostics) = PipelineDocument.load(path: path, environment: environment)
    guard let document else {
      throw UncompiledFiles(diagnostics, "\(DiagnosticText.summary(of: diagnostics, files: 1)): nothing was started")
    }
    if !diagnostics.all.isEmpty, !console.isQuiet {
      console.show(diagnostics)
    }
    return document
  }
}
