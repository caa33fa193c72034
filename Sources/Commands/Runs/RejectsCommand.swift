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
      Each row has the reasons, and the record as the source has it. The most frequent cause comes first, and its rows are \
      together. Values are not masked. Text that a spreadsheet would run as a formula gets a leading '.
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("The mapping; required if several have rejects.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only records that did not arrive at this destination.", valueName: "name"))
  var to: String?

  @Option(help: ArgumentHelp("Only this code, such as email-invalid.", valueName: "code"))
  var code: String?

  @Flag(help: "Also records that are pending: nothing is wrong with them, and the next run sends them.")
  var pending = false

  @Option(help: ArgumentHelp("Write it to this file, replacing it; `-` is standard output (default).", valueName: "file"))
  var output: String = "-"

  @Flag(help: "Print the counts as JSON; requires --output FILE.")
  var json = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if json, output == "-" { throw ValidationError("--json requires --output FILE: standard output has the records otherwise") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try checkOutput(in: context)
    let runs = try context.openRuns()
    let record = try context.run(run, in: runs)
    try LedgerCode.check(code, of: [record.id], in: runs)
    let parts = RunParts(record, try runs.counts(of: record.id))
    let chosen = try parts.chosen(mapping: mapping, destination: to, showsPending: pending)
    var table = try RejectsTable(
      run: record.id, mapping: chosen.mapping ?? "", folder: SpillFolder.standard, code: code, showsPending: pending)
    let folder = RunFolder(path: StateFolder(path: context.state).run(record.id))
    for part in chosen.parts {
      let path = folder.rejects(of: part.part)
      if FilePath.exists(path) {
        try table.add(path, destination: part.part.destination.text)
      } else if part.rejects > 0 {
        throw OperationFailure(
          .inputMissing, "the rejects of run \(record.id) are no longer there: \(path) is missing; `waybill ledger` lists why")
      }
    }
    if output == "-" { try print(table, to: context.console) } else { try write(table, context.console) }
    if json { try context.console.print(summary(of: table, record.id, chosen.mapping)) }
    report(table, record.id, to: context.console)
    return .done
  }

  /// - Throws: `OperationFailure` 64 if the file is one that the project reads, or in its state.
  private func checkOutput(in context: CommandContext) throws {
    guard output != "-", !StreamPath.isStream(output) else { return }
    if FileIdentity.isSame(output, context.pipelinePath) {
      throw OperationFailure(.usage, "\(CommandOption.output) would overwrite the pipeline file \(output): choose another path")
    }
    let document =
      context.fileExists(context.pipelinePath)
      ? PipelineDocument.load(path: context.pipelinePath, environment: context.environment).0 : nil
    try SummaryPlace.check(output, option: .output, against: document, state: context.state)
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

  private func write(_ table: borrowing RejectsTable, _ console: Console) throws {
    let file = try OutputFile(path: output, isCSV: true, isPrivate: true)
    // Without it, Excel takes UTF-8 for the system's encoding. A program at the other end of a pipe does not expect it.
    if !StreamPath.isStream(output) { try file.write("\u{FEFF}") }
    try table.write { try file.write($0) }
    try file.commit()
    for warning in file.warnings { console.warn(warning) }
  }

  private func summary(of table: borrowing RejectsTable, _ run: String, _ mapping: String?) -> JSONValue {
    let causes = table.summary.map { cause, rows in
      JSONValue.object([
        .init("code", .string(cause.code.text)), .init("field", cause.field.text.isEmpty ? .null : .string(cause.field.text)),
        .init("rows", .number(rows)),
      ])
    }
    let pending = table.pending.map { destination, records in
      JSONValue.object([.init("destination", .string(destination)), .init("records", .number(records))])
    }
    return .object([
      .init("run", .string(run)), .init("mapping", SummaryJSON.text(mapping)), .init("rows", .number(table.count)),
      .init("causes", .array(causes)), .init("pending", .array(pending)), .init("file", .string(output)),
    ])
  }

  private func report(_ table: borrowing RejectsTable, _ run: String, to console: Console) {
    let place = output == "-" ? "" : " to \(output)"
    console.note("\(Wording.count(table.count, "row")) of run \(run) written\(place)\(table.count == 0 ? "." : ":")")
    let summary = table.summary
    for (cause, rows) in summary.prefix(Self.mostCauses) {
      let field = cause.field.text.isEmpty ? "" : " in \(cause.field.text)"
      console.note("  \(Wording.count(rows)) \(cause.code)\(field)")
    }
    if summary.count > Self.mostCauses { console.note("  and \(Wording.count(summary.count - Self.mostCauses, "other cause"))") }
    for (destination, records) in table.pending {
      console.note(
        "\(Wording.count(records, "record")) \(records == 1 ? "is" : "are") pending at '\(destination)': the next run sends "
          + "\(records == 1 ? "it" : "them"); --pending lists \(records == 1 ? "it" : "them").")
    }
  }

  /// That are printed.
  private static let mostCauses = 10
}

/// What a run's mappings did at its destinations.
private struct RunParts {
  struct Part {
    var part: RunPart
    var outcomes: [Outcome: Int] = [:]

    func count(_ outcomes: [Outcome]) -> Int { outcomes.reduce(0) { $0 + (self.outcomes[$1] ?? 0) } }
    var rejects: Int { count([.rejected, .failed, .pending]) }
  }

  private let run: String
  /// In the order of the summary.
  private var parts: [Part] = []

  init(_ record: RunRecord, _ counts: [OutcomeCount]) {
    run = record.id
    // A mapping that read nothing has no counts.
    let entities = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }?["entities"]?.objectValue ?? []
    for entity in entities {
      for destination in entity.value["destinations"]?.objectValue ?? [] {
        parts.append(Part(part: RunPart(mapping: Name(entity.name), destination: Name(destination.name))))
      }
    }
    for count in counts {
      let part = RunPart(mapping: Name(count.mapping), destination: Name(count.destination))
      if let index = parts.firstIndex(where: { $0.part == part }) {
        parts[index].outcomes[count.outcome] = count.count
      } else {
        parts.append(Part(part: part, outcomes: [count.outcome: count.count]))
      }
    }
  }

  /// The one mapping with rejects, and its parts; no mapping if several have none.
  ///
  /// - Throws: `OperationFailure` if the run does not have what was asked for, or several mappings have rejects.
  func chosen(mapping: String?, destination: String?, showsPending: Bool) throws -> (mapping: String?, parts: [Part]) {
    guard !parts.isEmpty else {
      throw OperationFailure(.inputMissing, "run \(run) has no outcomes; `waybill runs show \(run)` says why")
    }
    var own = parts
    if let mapping {
      own = own.filter { $0.part.mapping == Name(mapping) }
      if own.isEmpty { throw unknown(.mapping, "mapping", mapping, parts.map(\.part.mapping)) }
    }
    if let destination {
      let destinations = own.map(\.part.destination)
      own = own.filter { $0.part.destination == Name(destination) }
      if own.isEmpty { throw unknown(.to, "destination", destination, destinations) }
    }
    let shown: [Outcome] = showsPending ? [.rejected, .failed, .pending] : [.rejected, .failed]
    let having = Set(own.filter { $0.count(shown) > 0 }.map(\.part.mapping)).sorted()
    guard having.count < 2 else {
      throw OperationFailure(
        .usage,
        "run \(run) has rejects of \(Wording.list(having.map { "'\($0)'" })), which have different columns: "
          + "choose one with \(CommandOption.mapping)")
    }
    let all = Set(own.map(\.part.mapping))
    guard let name = having.first ?? (all.count == 1 ? all.first : nil) else { return (nil, []) }
    return (name.text, own.filter { $0.part.mapping == name })
  }

  private func unknown(_ option: CommandOption, _ what: String, _ name: String, _ all: [Name]) -> OperationFailure {
    let all = Set(all).sorted().map(\.text)
    let hint = NearestName.hint(name, in: all) ?? "it has \(Wording.list(all.map { "'\($0)'" }))"
    return OperationFailure(.usage, "\(option) \(name): run \(run) has no such \(what); \(hint)")
  }
}
