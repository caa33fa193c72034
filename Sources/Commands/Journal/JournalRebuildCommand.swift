import ArgumentParser
import Core
import Load
import Pipeline
import State

/// `waybill journal rebuild`: what destinations have, from their own lists.
struct JournalRebuildCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: "Read from the destinations what they have",
    discussion: """
      Example:
        waybill journal rebuild --to app
      For a state that was lost, or that belongs to another machine: each destination of the kind http is listed with the \
      pipeline's `list`, and its records are adopted, so that the next load changes them instead of creating them again. A first \
      load does this by itself. Records that the journal already knows from calls of its own stay as they are. Where a mapping has \
      no `find`, the list also shows what became of calls without a result.
      """)

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only these mappings, by name; repeatable.", valueName: "mapping"))
  var mapping: [String] = []

  @Option(help: ArgumentHelp("Only these destinations, by name; repeatable.", valueName: "destination"))
  var to: [String] = []

  @Option(help: ArgumentHelp("The journal of this location instead of the pipeline's.", valueName: "id"))
  var location: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    let console = context.console
    let progress = ProgressLine(console)
    var diagnostics = Diagnostics()
    let engine = JournalRebuildEngine(document, options: options(in: context), observer: progress)
    let parts: [JournalRebuildEngine.Part]
    do {
      parts = try await engine.run(&diagnostics)
      progress.clear()
    } catch {
      progress.clear()
      if diagnostics.hasErrors { console.show(diagnostics) }
      throw error
    }
    try show(parts, console)
    return .done
  }

  private func options(in context: CommandContext) -> SourceOptions {
    var options = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    options.location = location
    options.mappings = mapping.isEmpty ? nil : mapping
    options.destinations = to.isEmpty ? nil : to
    options.project = context.givenProject
    return options
  }

  private func show(_ parts: [JournalRebuildEngine.Part], _ console: Console) throws {
    if output.json { return try console.print(.array(parts.map(Self.json))) }
    var table = TextTable([
      .init("DESTINATION"), .init("MAPPING"), .init("RECORDS", isNumber: true), .init("WITHOUT KEY", isNumber: true),
      .init("SAME KEY", isNumber: true), .init("PAGES", isNumber: true),
    ])
    for part in parts {
      table.add([
        part.destination, part.mapping, Wording.count(part.counts.records), Wording.count(part.counts.withoutKey),
        Wording.count(part.counts.repeated), Wording.count(part.counts.pages),
      ])
    }
    try console.writeOutput(table.text(fitting: console.lineWidth))
    for part in parts where part.counts.repeated > 0 {
      console.warn(
        "'\(part.destination)' has \(Wording.count(part.counts.repeated, "record")) of '\(part.mapping)' whose key another record has as well: only the first one of each is adopted"
      )
    }
  }

  private static func json(_ part: JournalRebuildEngine.Part) -> JSONValue {
    .object([
      .init("destination", .string(part.destination)), .init("mapping", .string(part.mapping)),
      .init("records", .number(part.counts.records)), .init("without_key", .number(part.counts.withoutKey)),
      .init("same_key", .number(part.counts.repeated)), .init("pages", .number(part.counts.pages)),
    ])
  }
}
