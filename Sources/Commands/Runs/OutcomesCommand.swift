import ArgumentParser
import Control
import Core
import Files
import FoundationEssentials
import Report
import State

/// `waybill outcomes [RUN]`: what became of each record of the source, as files which together are the source.
struct OutcomesCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes",
    abstract: "Export a run's success and error files, and check them",
    discussion: """
      Example:
        waybill outcomes --output outcomes
        waybill outcomes latest --mapping contacts --output outcomes
      For each mapping and destination, MAPPING.DESTINATION.success.csv and MAPPING.DESTINATION.errors.csv together have each record \
      that was read, once, with the columns of the source. Rejected, failed and pending records are in the error file. Records that \
      were filtered out or merged into another are in the success file; its column `outcome` says so. The files are checked against \
      the run while they are written, and none appears if they do not add up. Values are not masked.
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("Only this mapping.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only this destination.", valueName: "name"))
  var to: String?

  @Option(help: ArgumentHelp("Write the files to this folder.", valueName: "folder"))
  var output: String

  @Flag(help: "Replace files of an earlier export.")
  var force = false

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try ExportTarget.checkFolder(output)
    let runs = try context.openRuns()
    let record = try context.run(run, in: runs)
    let folder = RunFolder(path: StateFolder(path: context.state).run(record.id))
    let all = try parts(of: record, folder)
    let asked = try chosen(all, record.id)
    let parts = asked.filter { $0.read > 0 }
    // A mapping that read nothing has no files, at no destination.
    let unread = asked.filter { $0.read == 0 }.map(\.part.mapping).reduce(into: [Name]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }.map(\.text)
    let target = ExportTarget(what: "a success or error file", may: "may have been edited", isForced: force)
    try target.check(parts.flatMap { [$0.successCopy, $0.errorsCopy] }, in: context, OutcomeExport.content)
    for path in [folder.outcomes] + parts.flatMap({ [$0.success, $0.errors] }) where !parts.isEmpty && !FilePath.exists(path) {
      throw OperationFailure(
        .inputMissing,
        "the outcomes of run \(record.id) are missing: \(path) does not exist; the folder was cleaned up, or the run ended too "
          + "early: `waybill runs show \(record.id)` says how it ended")
    }
    for part in parts { OutputFile.removeLeftovers(beside: part.successCopy) }
    let results = parts.isEmpty ? [] : try OutcomeExport.write(parts, outcomes: folder.outcomes)
    let text = OutcomesText(run: record.id, results: results, unread: unread)
    if json.json {
      try context.console.print(text.json)
    } else {
      try context.console.writeOutput(text.text(fitting: context.console.lineWidth))
    }
    return .done
  }

  /// - Throws: `OperationFailure` 66 if the run has no summary, or no mappings in it.
  private func parts(of record: RunRecord, _ folder: RunFolder) throws -> [OutcomeExport.Part] {
    let summary = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }
    var parts: [OutcomeExport.Part] = []
    for entity in summary?["entities"]?.objectValue ?? [] {
      let read = entity.value["read"]?.intValue ?? 0
      for destination in entity.value["destinations"]?.objectValue ?? [] {
        let part = RunPart(mapping: Name(entity.name), destination: Name(destination.name))
        let name = "\(SortableName.safe(entity.name)).\(SortableName.safe(destination.name))"
        let start = output.hasSuffix("/") ? output + name : "\(output)/\(name)"
        parts.append(
          .init(
            part: part, read: read, success: folder.success(of: part), errors: folder.rejects(of: part),
            successCopy: "\(start).success.csv", errorsCopy: "\(start).errors.csv"))
      }
    }
    guard !parts.isEmpty else {
      throw OperationFailure(.inputMissing, "run \(record.id) has no outcomes; `waybill runs show \(record.id)` says why")
    }
    return parts
  }

  /// - Throws: `OperationFailure` 64 if the run does not have what was asked for.
  private func chosen(_ all: [OutcomeExport.Part], _ run: String) throws(OperationFailure) -> [OutcomeExport.Part] {
    var parts = all
    let wanted: [(CommandOption, String, String?, (OutcomeExport.Part) -> Name)] = [
      (.mapping, "mapping", mapping, { $0.part.mapping }), (.to, "destination", to, { $0.part.destination }),
    ]
    for (option, what, name, value) in wanted {
      guard let name else { continue }
      let names = Set(parts.map(value)).sorted().map(\.text)
      parts = parts.filter { value($0) == Name(name) }
      guard parts.isEmpty else { continue }
      let hint = NearestName.hint(name, in: names) ?? "it has \(Wording.list(names.map { "'\($0)'" }))"
      throw OperationFailure(.usage, "\(option) \(name): run \(run) has no such \(what); \(hint)")
    }
    return parts
  }
}
