import ArgumentParser
import Core
import State

/// `waybill journal list`, `export`, `import`, `rebuild`, `resolve`.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Show what was loaded where, or move it to another machine",
    discussion: """
      Example:
        waybill journal list
        waybill journal export --output journal.ndjson
      The journal remembers which records a destination has, so that only changes are sent. Without it, the next load would \
      create every record again.
      """,
    subcommands: [
      JournalListCommand.self, JournalExportCommand.self, JournalImportCommand.self, JournalRebuildCommand.self,
      JournalResolveCommand.self,
    ],
    defaultSubcommand: JournalListCommand.self)
}

struct JournalListCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what was loaded where, and how many records",
    discussion: """
      Example:
        waybill journal list
      OPEN counts calls whose result is not known, because they are running or their process died. The next load resolves them. \
      If the destination cannot be asked, resolve them yourself with `waybill journal resolve`.
      """)

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let scopes = try context.openJournal()?.scopes() ?? []
    if output.json {
      try context.console.print(.array(scopes.map(Self.json)))
      return .done
    }
    if scopes.isEmpty { context.console.note("Nothing has been loaded from \(context.state) yet.") }
    var table = TextTable([
      .init("PIPELINE"), .init("DESTINATION"), .init("MAPPING"), .init("LOCATION"), .init("RECORDS", isNumber: true),
      .init("OPEN", isNumber: true), .init("ADDRESS"),
    ])
    for summary in scopes {
      let scope = summary.scope
      table.add([
        scope.pipeline, scope.destination, scope.mapping, scope.location, Wording.count(summary.records),
        Wording.count(summary.openIntents), summary.address?.text ?? "",
      ])
    }
    try context.console.writeOutput(table.text(fitting: context.console.lineWidth))
    let open = scopes.reduce(0) { $0 + $1.openIntents }
    if open > 0 {
      context.console.note(
        "\(Wording.count(open, "call")) without a result: the next run asks the destination. If the pipeline has neither `find` nor idempotency keys, check the destination yourself, then run `waybill journal resolve`"
      )
    }
    return .done
  }

  private static func json(_ summary: JournalScopeSummary) -> JSONValue {
    .object([
      .init("pipeline", .string(summary.scope.pipeline)), .init("destination", .string(summary.scope.destination)),
      .init("mapping", .string(summary.scope.mapping)), .init("location", .string(summary.scope.location)),
      .init("records", .number(summary.records)), .init("open_calls", .number(summary.openIntents)),
      .init("address", summary.address.map { .string($0.text) } ?? .null),
    ])
  }
}
