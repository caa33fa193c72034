import ArgumentParser
import Core
import Files
import State

/// `waybill journal export`: what destinations have, as a file.
struct JournalExportCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the journal to a file, for another machine",
    discussion: """
      Example:
        waybill journal export --output journal.ndjson
      The file has one JSON object per line: a header, the base URL and the records of each mapping, and a last line \
      with the count. Only its owner may \
      read it. Calls without a result are not exported: load once more before you move the journal.
      """)

  @OptionGroup var selection: JournalSelection

  @Option(help: ArgumentHelp("Write it to this file, replacing it; `-` is standard output (default).", valueName: "file"))
  var output: String = "-"

  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard let journal = try context.openJournal() else {
      throw OperationFailure(
        .inputMissing, "there is no journal in \(context.state): name the folders with --project or --state")
    }
    let export = JournalExport(
      journal, try StateFolder(path: context.state).openStateStore(isReadOnly: true),
      scopes: try selection.selected(try journal.scopes()))
    let summary: JournalExport.Summary
    if output == "-" {
      summary = try export.run { try context.console.writeOutput($0) }
    } else {
      let file = try OutputFile(path: output, isPrivate: true)
      summary = try export.run { try file.write($0) }
      try file.commit()
      for warning in file.warnings { context.console.warn(warning) }
    }
    context.console.note(
      "\(Wording.count(summary.records, "record")) of \(Wording.count(summary.scopes.count, "mapping")) exported to \(output == "-" ? "standard output" : output)"
    )
    if summary.openIntents > 0 { context.console.warn(Self.openWarning(summary)) }
    return .done
  }

  private static func openWarning(_ summary: JournalExport.Summary) -> String {
    let open = summary.scopes.filter { $0.openIntents > 0 }
    let places = open.map { "\($0.scope.mapping) to \($0.scope.destination): \(Wording.count($0.openIntents))" }
    return
      "\(Wording.count(summary.openIntents, "call")) without a result \(summary.openIntents == 1 ? "is" : "are") not exported (\(places.joined(separator: ", "))): load once more to resolve them, then export again"
  }
}
