import ArgumentParser
import Core
import FoundationEssentials
import Report

/// `waybill check [FILE…]`: everything that can be checked in mappings and pipelines without running them.
struct CheckCommand: WaybillCommand {
  static let endsAtOnce = true
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compile mappings and pipelines and report every problem",
    discussion: """
      Example:
        waybill check mappings/contacts.yaml --explain
      It uses no network. With --explain it also prints, for each target field, what it reads, its types along the way, the \
      errors it can raise, and the API calls it needs; and for each GHL destination, the scopes that its token needs. \
      `waybill explain CODE` describes a code.
      """)

  @Argument(
    help: ArgumentHelp("Mappings or pipelines (default: the project's waybill.yaml and its mappings).", valueName: "file"))
  var files: [String] = []

  @Flag(help: "Also print what each field reads, produces and needs.")
  var explain = false

  @Option(
    help: ArgumentHelp(
      "Custom field definitions, as the API returns them (default: the newest complete snapshot's).", valueName: "file")
  )
  var customFields: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    var checker = FileChecker(environment: context.environment) { context.boundary(around: $0) }
    checker.state = context.state
    checker.customFields = try checker.definitions(file: customFields, state: context.state)
    if files.isEmpty {
      guard FileManager.default.fileExists(atPath: context.pipelinePath) else {
        throw OperationFailure(
          .inputMissing, "there is no \(context.pipelinePath): name the files to check, or the project folder with --project")
      }
      checker.checkPipeline(context.pipelinePath)
    } else {
      let missing = files.filter { !FileManager.default.fileExists(atPath: $0) }
      guard missing.isEmpty else {
        throw OperationFailure(.inputMissing, "there is no file \(Wording.list(missing, "or")): nothing was checked")
      }
      for file in files { checker.check(file) }
    }
    let console = context.console
    let diagnostics = checker.diagnostics
    if output.json {
      // The same shape with and without `--explain`.
      try console.print(
        .object([
          .init("diagnostics", .array(SummaryJSON.diagnostics(diagnostics))),
          .init("mappings", .array(explain ? checker.explained.map(\.json) : [])),
          .init("destinations", .array(explain ? checker.explainedDestinations.map(\.json) : [])),
        ]))
    } else {
      if explain {
        for mapping in checker.explained { try console.print(mapping.text(fitting: console.lineWidth)) }
        for destination in checker.explainedDestinations { try console.print(destination.text) }
      }
      console.show(console.isQuiet ? diagnostics.withoutNotes : diagnostics)
    }
    console.note(DiagnosticText.summary(of: diagnostics, files: checker.fileCount))
    return diagnostics.hasErrors ? .wrongFile : .done
  }
}
