import ArgumentParser
import Core
import Files
import FoundationEssentials
import Mapping
import Pipeline
import Workbench

/// `waybill test [FILE…]`: the tests inside mappings.
struct TestCommand: WaybillCommand {
  static let endsAtOnce = true
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests in mappings and report what they cover",
    discussion: """
      Example:
        waybill test mappings/contacts.yaml
      It uses no network. Tests are in the mapping, under `tests`:
        tests:
          - name: a national phone number
            given: {id: c1, firstName: Ada, phone: "(415) 555-2671", country: US}
            expect: {contactId: c1, phone: "+14155552671"}
      `expect` names some of the target's fields, `expect_exactly` all of them. `expect_rejected: [CODE]`, \
      `expect_filtered: true` and `expect_warnings: [CODE]` expect other outcomes. `cases` is a table over one `given`. \
      `lookups`, `settings` and `now` replace the mapping's own. Write custom fields under `custom`, by key, or as the API \
      returns them, under `customFields`. The location's time zone is UTC unless `settings` sets another.
      """)

  @Argument(help: ArgumentHelp("Mappings (default: those of the project's waybill.yaml).", valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Custom field definitions, as the API returns them (default: the newest complete snapshot's).", valueName: "file")
  )
  var customFields: String?

  @Flag(help: "List the branches, lookup entries and errors that no test covers.")
  var coverage = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    var checker = FileChecker(environment: context.environment) { context.boundary(around: $0) }
    checker.state = context.state
    let definitions = try checker.definitions(file: customFields, state: context.state)
    checker.customFields = definitions
    let console = context.console
    var diagnostics = Diagnostics()
    var reports: [MappingTestJob.Report] = []
    for (file, boundary) in try mappings(in: context, &diagnostics) where !reports.contains(where: { $0.file.isExactly(file) }) {
      let report = MappingTestJob(
        file: file, catalog: checker.catalog(of: file), customFields: definitions, boundary: boundary
      ).run()
      diagnostics.merge(report.diagnostics)
      reports.append(report)
    }
    let shown = diagnostics.withoutNotes
    if !shown.all.isEmpty { console.show(shown) }
    let isWrong = diagnostics.hasErrors || reports.contains { $0.failure != nil || $0.failed > 0 }
    let code = try console.settle(isWrong ? .wrongFile : .done) {
      guard !output.json else { return try console.print(.array(reports.map(TestText.json))) }
      for report in reports where report.failure == nil && !report.mapping.isEmpty && (!console.isQuiet || report.failed > 0) {
        try console.print(TestText.text(of: report, listsUncovered: coverage, fitting: console.lineWidth))
      }
    }
    for report in reports { if let failure = report.failure { console.fault("\(report.file): \(failure.description)") } }
    let (ran, failed) = reports.reduce((0, 0)) { ($0.0 + $1.results.count, $0.1 + $1.failed) }
    console.note("\(Wording.count(ran, "test")) in \(Wording.count(reports.count, "mapping")), \(failed) failed")
    return code
  }

  /// A pipeline stands for its mappings; its environment variables do not matter here.
  private func mappings(
    in context: CommandContext, _ diagnostics: inout Diagnostics
  ) throws -> [(file: String, boundary: FileBoundary)] {
    let named = files.isEmpty ? [context.pipelinePath] : files
    let missing = named.filter { !FileManager.default.fileExists(atPath: $0) }
    guard missing.isEmpty else {
      let fix = files.isEmpty ? ": name the mappings, or the project folder with --project" : ": no test ran"
      throw OperationFailure(.inputMissing, "there is no file \(Wording.list(missing, "or"))\(fix)")
    }
    var chosen: [(file: String, boundary: FileBoundary)] = []
    for file in named {
      let boundary = context.boundary(around: file)
      guard FileChecker.isPipeline(file) else {
        chosen.append((file, boundary))
        continue
      }
      for mapping in FileChecker.mappings(ofPipeline: file) {
        if let refusal = PipelineMapping.refusal(of: mapping.path, at: mapping.place, within: boundary) {
          diagnostics.add(refusal)
        } else {
          chosen.append((mapping.path, boundary))
        }
      }
    }
    return chosen
  }
}
