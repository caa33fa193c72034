import ArgumentParser
import Core
import Pipeline

/// What `extract`, `plan` and `run` take of a pipeline's source.
struct RunSourceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Another location than the pipeline's.", valueName: "id"))
  var location: String?

  @Option(help: ArgumentHelp("Only this business, by id or name; may be given several times.", valueName: "business"))
  var business: [String] = []

  @Option(help: ArgumentHelp("Only this mapping; may be given several times.", valueName: "name"))
  var mapping: [String] = []

  @Option(help: ArgumentHelp("At most so many contacts.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("At most so many requests.", valueName: "n"))
  var budget: Int?

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
    if let budget, budget < 1 { throw ValidationError("--budget \(budget): it must be 1 or more") }
  }

  func options(in context: CommandContext, snapshot: String? = nil) -> SourceOptions {
    var options = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    options.snapshot = snapshot
    options.location = location
    options.businesses = business.isEmpty ? nil : business
    options.limit = limit
    options.requestBudget = budget
    options.mappings = mapping.isEmpty ? nil : mapping
    return options
  }
}

extension CommandContext {
  /// The pipeline that was named, or the project's.
  ///
  /// - Throws: `CommandFailure` 66 where it is not there, 65 with its diagnostics where it is wrong.
  func pipeline(_ named: String?) throws -> PipelineDocument {
    let path = named ?? pipelinePath
    guard fileExists(path) else {
      let mend = named == nil ? "`waybill init` writes one, or name the project's folder with --project" : "check the path"
      throw CommandFailure(.inputMissing, "there is no pipeline file \(path): \(mend)")
    }
    let (document, diagnostics) = PipelineDocument.load(path: path, environment: environment)
    guard let document else {
      throw CommandFailure(diagnostics, "\(DiagnosticText.summary(of: diagnostics, files: 1)): nothing was started")
    }
    if !diagnostics.all.isEmpty, !console.isQuiet {
      console.tell(DiagnosticText.text(of: diagnostics, hasColour: console.hasColour))
    }
    return document
  }
}
