import ArgumentParser
import Core
import Files
import State

/// `waybill journal import`: what destinations have, from a file.
struct JournalImportCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import a journal from another machine",
    discussion: """
      Example:
        waybill journal import --input journal.ndjson --dry-run
        waybill journal import --input journal.ndjson
      A record in the file is added, or replaces the one in this journal if more calls for it had results when it was exported. \
      Otherwise the record in this journal stays, and is counted. Either the whole file is imported, or nothing. A \
      file with records from a different base URL than this journal's is refused.
      """)

  @Option(help: ArgumentHelp("The file that `journal export` wrote; `-` is standard input.", valueName: "file"))
  var input: String

  @Flag(help: "Print what would change, and change nothing.")
  var dryRun = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let file = try FileInput(path: input)
    let state = StateFolder(path: context.state)
    let summary: JournalImport.Summary
    if dryRun, !state.hasRuns {
      // Nothing is created in the project.
      let folder = try TemporaryFolderPath.make()
      defer { FileRemoval.tree(folder) }
      summary = try Self.merge(file, name, into: StateFolder(path: folder), isTrial: true)
    } else {
      summary = try Self.merge(file, name, into: state, isTrial: dryRun)
    }
    try show(summary, context.console)
    return .done
  }

  private var name: String { input == "-" ? "standard input" : input }

  private static func merge(
    _ file: FileInput, _ name: String, into state: StateFolder, isTrial: Bool
  ) throws -> JournalImport.Summary {
    try state.changingJournal(by: "journal import") { journal, states, lease in
      try JournalImport.run(file, name: name, into: journal, states, under: lease, isTrial: isTrial)
    }
  }

  // MARK: Report

  private func show(_ summary: JournalImport.Summary, _ console: Console) throws {
    if output.json {
      try console.print(json(summary))
    } else {
      let verb = dryRun ? "would be " : ""
      var parts = [
        "\(Wording.count(summary[.added])) \(verb)added", "\(Wording.count(summary[.replaced])) \(verb)replaced",
        "\(Wording.count(summary[.same])) the same", "\(Wording.count(summary[.older])) older than the local copy",
      ]
      if summary[.conflicting] > 0 { parts.append("\(Wording.count(summary[.conflicting])) in conflict") }
      try console.print(
        "\(name): \(Wording.count(summary.records, "record"))\(summary.records == 0 ? "" : "; " + parts.joined(separator: ", "))")
    }
    if summary[.conflicting] > 0 { console.warn(conflictWarning(summary)) }
    if summary.openCallsThere > 0 { console.warn(Self.missingWarning(summary.openCallsThere)) }
    if !summary.withoutAddress.isEmpty { console.warn(Self.addressWarning(summary.withoutAddress)) }
    if !summary.openCallsHere.isEmpty { console.warn(openWarning(summary.openCallsHere)) }
  }

  private func conflictWarning(_ summary: JournalImport.Summary) -> String {
    let named = summary.conflicts.map { "'\($0.key)' of \($0.scope.mapping) at \($0.scope.destination)" }
    let rest = summary[.conflicting] - named.count
    let list = named.joined(separator: ", ") + (rest > 0 ? " and \(Wording.count(rest)) more" : "")
    return
      "\(Wording.count(summary[.conflicting], "record")) had the same number of calls with results in both journals, but different results; this journal stays as it is: \(list)"
  }

  private static func missingWarning(_ count: Int) -> String {
    "the exported journal had \(Wording.count(count, "call")) without a result, which \(count == 1 ? "is" : "are") not in the file, so \(count == 1 ? "its outcome is" : "their outcomes are") unknown here: run a load with that journal, then export it again"
  }

  private static func addressWarning(_ scopes: [JournalScope]) -> String {
    let list = scopes.map { "\($0.mapping) to \($0.destination)" }.joined(separator: ", ")
    return
      "the file does not give the base URL of its records (\(list)): their IDs are valid only in the system they were loaded into, so before the next load, check that base_url is the same here"
  }

  private func openWarning(_ open: [JournalImport.OpenCalls]) -> String {
    let count = open.reduce(0) { $0 + $1.count }
    let places = open.map { "\($0.scope.mapping) to \($0.scope.destination): \(Wording.count($0.count))" }
    return
      "this journal has \(Wording.count(count, "call")) without a result for imported records (\(places.joined(separator: ", "))): the next load resolves \(count == 1 ? "it" : "them"), but does not change the imported records\(dryRun ? "; run a load before you import" : "")"
  }

  private func json(_ summary: JournalImport.Summary) -> JSONValue {
    .object([
      .init("input", .string(name)), .init("dry_run", .bool(dryRun)), .init("records", .number(summary.records)),
      .init("added", .number(summary[.added])), .init("replaced", .number(summary[.replaced])),
      .init("same", .number(summary[.same])), .init("older", .number(summary[.older])),
      .init("conflicting", .number(summary[.conflicting])), .init("open_calls_there", .number(summary.openCallsThere)),
      .init("open_calls_here", .number(summary.openCallsHere.reduce(0) { $0 + $1.count })),
      .init("without_base_url", .number(summary.withoutAddress.count)),
    ])
  }
}
