import ArgumentParser
import Control
import Core
import Files
import FoundationEssentials
import Pipeline
import PipelineFile
import Report
import State

/// `waybill rejects [RUN]`: the records that did not arrive, with the columns of the source, for people who correct them.
struct RejectsCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejects",
    abstract: "List the rejected and failed records of a run as CSV",
    discussion: """
      Example:
        waybill rejects --output rejects.csv
        waybill rejects latest --mapping contacts --code email-invalid
        waybill rejects --by-repair --output repairs
      Each row has the reasons, and the record as it is in the source. The most frequent cause comes first, and its rows are \
      together. Values are not masked. Text that a spreadsheet would run as a formula gets a leading '. An existing file is \
      replaced only if it is such a table, and only with --force: somebody may have corrected it. Once the source's cells are \
      corrected, `waybill replay --from FILE` sends the records. --by-repair writes a table for each kind of repair into a folder, so \
      that you can send each one to the people who can do it.
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("The mapping; required if several have rejects.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only records that did not arrive at this destination.", valueName: "name"))
  var to: String?

  @Option(help: ArgumentHelp("Only records whose first error has this code, such as email-invalid.", valueName: "code"))
  var code: String?

  @Flag(help: "Include records that are pending: nothing is wrong with them, and the next run sends them.")
  var pending = false

  @Flag(help: "Write a table for each kind of repair, and an index of them, into the folder that --output names.")
  var byRepair = false

  @Option(
    help: ArgumentHelp(
      "Write the table to this file, or with --by-repair the tables to this folder; `-` is standard output (default).",
      valueName: "file"))
  var output: String = "-"

  @Flag(help: "Replace an earlier table of rejects; requires --output FILE.")
  var force = false

  @Flag(help: "Print the counts as JSON; requires --output FILE.")
  var json = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if json, output == "-" { throw ValidationError("--json requires --output FILE: otherwise, standard output has the records") }
    if byRepair, output == "-" { throw ValidationError("--by-repair requires --output FOLDER") }
    if force, output == "-" { throw ValidationError("--force requires --output FILE") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    if byRepair { try checkSheets(in: context) } else { try checkOutput([output], in: context) }
    let runs = try context.openRuns()
    let record = try context.run(run, in: runs)
    try LedgerCode.check(code, of: [record.id], in: runs)
    let parts = RunParts(record, try runs.counts(of: record.id))
    let coded = try code.map { try mappings(with: $0, in: record.id, runs) }
    let chosen = try parts.chosen(mapping: mapping, destination: to, coded: coded, showsPending: pending)
    var table = try RejectsTable(
      run: record.id, mapping: chosen.mapping ?? "", folder: SpillFolder.standard, code: code, showsPending: pending)
    let folder = RunFolder(path: StateFolder(path: context.state).run(record.id))
    for part in chosen.parts {
      let path = folder.rejects(of: part.part)
      if FilePath.exists(path) {
        try table.add(path, destination: part.part.destination.text)
      } else if part.rejects > 0 {
        throw OperationFailure(
          .inputMissing,
          "the rejects of run \(record.id) are no longer there: \(path) is missing; `waybill ledger` lists the reasons")
      }
    }
    if byRepair {
      try writeSheets(table, context.console)
    } else if output == "-" {
      try print(table, to: context.console)
    } else {
      try write(table, to: output, context.console)
    }
    // Pending records with one code are known only from the reject files that were read.
    let waiting = code == nil && !pending ? chosen.pending : table.pending
    if json { try context.console.print(summary(of: table, waiting, record.id, chosen.mapping)) }
    report(table, waiting, record.id, to: context.console)
    if let code {
      let others = try laterErrors(with: code, of: chosen.mapping, in: record.id, runs)
      if others > 0 {
        context.console.note(
          "\(Wording.count(others, "other record")) \(others == 1 ? "has" : "have") \(code) after another error: "
            + "\(CommandOption.code) looks only at the first error.")
      }
    }
    return .done
  }

  /// Mappings whose ledger has errors with this code.
  private func mappings(with code: String, in run: String, _ runs: any RunStore) throws -> Set<Name> {
    let groups = try runs.groups(of: LedgerQuery(run: run, severity: .error, code: code), by: [.mapping])
    return Set(groups.compactMap { $0.values.first??.text }.map { Name($0) })
  }

  /// Rejected items that have this code, but not in their first error. The lines of an item are next to each other.
  private func laterErrors(with code: String, of mapping: String?, in run: String, _ runs: any RunStore) throws -> Int {
    struct Item: Equatable {
      var line: Int
      var record: Name?
    }
    guard let mapping else { return 0 }
    var count = 0
    var item: Item?
    // The rest of an item whose first error has the code, or that has been counted, does not matter.
    var isWanted = false
    try runs.ledger(LedgerQuery(run: run, mapping: mapping, severity: .error)) { entry in
      try Task.checkCancellation()
      // At destinations, records fail with one error at a time.
      guard let line = entry.line, !entry.stage.isExactly(Stage.load.rawValue) else { return }
      let next = Item(line: line, record: entry.record.map { Name($0) })
      let hasCode = entry.code.isExactly(code)
      if next != item {
        (item, isWanted) = (next, !hasCode)
      } else if isWanted, hasCode {
        count += 1
        isWanted = false
      }
    }
    return count
  }

  /// - Throws: `OperationFailure` 64 if the project reads one of the files, if one is in the state folder, or if one exists and either
  ///   is not a table of rejects or may have been corrected.
  func checkOutput(_ paths: [String], in context: CommandContext) throws {
    try ExportTarget(what: "a table of rejects", may: "may have been corrected", isForced: force).check(
      paths, in: context, RejectsTable.content)
  }

  private func print(_ table: borrowing RejectsTable, to console: Console) throws {
    var terminal = TerminalText(isCSV: true)
    try table.write { bytes in
      let text = bytes.withUnsafeBufferPointer { buffer in
        let text = buffer.baseAddress.map { Text(start: $0, count: buffer.count) } ?? .empty
        return console.isOutputTerminal ? terminal.shown(text) : String(decoding: buffer, as: UTF8.self)
      }
      try console.writeOutput(text)
    }
  }

  private func write(_ table: borrowing RejectsTable, to path: String, _ console: Console) throws {
    // The values are not masked.
    if !StreamPath.isStream(path) { OutputFile.removeLeftovers(beside: path) }
    let file = try OutputFile(path: path, isCSV: true, isPrivate: true)
    // Without it, Excel takes UTF-8 for the system's encoding. A program at the other end of a pipe does not expect it.
    if !StreamPath.isStream(path) { try file.write("\u{FEFF}") }
    try table.write { try file.write($0) }
    try file.commit()
    for warning in file.warnings { console.warn(warning) }
  }

  private func summary(
    of table: borrowing RejectsTable, _ pending: [(destination: String, records: Int)], _ run: String, _ mapping: String?
  ) -> JSONValue {
    let causes = table.summary.map { cause, rows in
      JSONValue.object([
        .init("code", .string(cause.code.text)), .init("field", cause.field.text.isEmpty ? .null : .string(cause.field.text)),
        .init("rows", .number(rows)),
      ])
    }
    let pending = pending.map { destination, records in
      JSONValue.object([.init("destination", .string(destination)), .init("records", .number(records))])
    }
    var members: [JSONValue.Member] = [
      .init("run", .string(run)), .init("mapping", SummaryJSON.text(mapping)), .init("rows", .number(table.count)),
      .init("causes", .array(causes)), .init("pending", .array(pending)),
    ]
    members +=
      byRepair ? [.init("repairs", repairs(of: table)), .init("folder", .string(output))] : [.init("file", .string(output))]
    return .object(members)
  }

  private func report(
    _ table: borrowing RejectsTable, _ pending: [(destination: String, records: Int)], _ run: String, to console: Console
  ) {
    let place = output == "-" ? "" : " to \(output)"
    console.note("\(Wording.count(table.count, "row")) of run \(run) written\(place)\(table.count == 0 ? "." : ":")")
    if byRepair { noteSheets(of: table, to: console) }
    let summary = byRepair ? [] : table.summary
    for (cause, rows) in summary.prefix(Self.mostCauses) {
      let field = cause.field.text.isEmpty ? "" : " in \(cause.field.text)"
      console.note("  \(Wording.count(rows)) \(cause.code)\(field)")
    }
    if summary.count > Self.mostCauses { console.note("  and \(Wording.count(summary.count - Self.mostCauses, "other cause"))") }
    for (destination, records) in pending {
      console.note(
        "\(Wording.count(records, "record")) \(records == 1 ? "is" : "are") pending at '\(destination)': the next run sends "
          + "\(records == 1 ? "it" : "them"); --pending lists \(records == 1 ? "it" : "them").")
    }
    if output != "-", !StreamPath.isStream(output), table.count > 0 {
      console.note("Not masked, perhaps with personal data: \(output)\(byRepair ? "/*.csv, except \(RepairIndex.name)" : "")")
    }
  }

  /// The most causes that are printed.
  private static let mostCauses = 10
}
