import ArgumentParser
import Core
import Files
import Page
import Pipeline
import PipelineFile
import State

/// `waybill report [RUN...]`: the page on which a go-live is signed off.
struct ReportCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the integrity report of runs",
    discussion: """
      Example:
        waybill report
        waybill report latest --json
        waybill report latest --markdown --output report.md
      The report is one HTML page: the verdict, where every record went, gates, totals, exceptions and signatures. A run writes it into \
      its folder, too; write it again after `waybill reconcile`, so that it has the result. Several runs, such as those of several \
      locations, become one page with a row each; it needs --output FILE. Values are masked as the mapping's `pii` says. \
      What a run did not record is reported as such, never as zero. The same runs and files give the same page, byte for byte.
      """)

  @Argument(
    help: ArgumentHelp("IDs of runs, their beginnings, or `latest` (default: the last run).", valueName: "run"))
  var run: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write the report to this file instead of the run's folder; `-` is standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the whole report as JSON.")
  var json = false

  @Flag(help: "Print a summary in Markdown, for a pull request.")
  var markdown = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if json, markdown { throw ValidationError("--json conflicts with --markdown: remove one of them") }
    if run.count > 1, output == nil, form == .html {
      throw ValidationError("a report of several runs requires --output FILE: it does not belong in any run's folder")
    }
  }

  private var form: PageForm { json ? .json : markdown ? .markdown : .html }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try checkOutput(in: context)
    let state = StateFolder(path: context.state)
    let runs = try context.openRuns()
    var records: [RunRecord] = []
    for id in run.isEmpty ? ["latest"] : run {
      let record = try context.run(id, in: runs)
      if !records.contains(where: { $0.id.isExactly(record.id) }) { records.append(record) }
    }
    let page = try PageCollector(state: state, runs: runs).page(of: records)
    let console = context.console
    if let place = output ?? (form == .html ? RunFolder(path: state.run(records[0].id)).page : nil), place != "-" {
      let isReplacing = FilePath.exists(place) && !StreamPath.isStream(place)
      try PageFile.write(page, as: form, to: place)
      try console.print(place)
      if isReplacing { console.note("An earlier report was replaced.") }
      console.note("\(page.verdict.heading).")
    } else {
      let text = String(decoding: PageFile.bytes(of: page, as: form), as: UTF8.self)
      try console.writeOutput(text)
    }
    return .done
  }

  /// - Throws: `OperationFailure` 64 if the file is in the state folder, one that the project reads, or anything but a report.
  private func checkOutput(in context: CommandContext) throws {
    guard let output, output != "-", !StreamPath.isStream(output) else { return }
    if FileIdentity.isSame(output, context.pipelinePath) {
      throw OperationFailure(.usage, "\(CommandOption.output) would overwrite the pipeline file \(output): choose another path")
    }
    let document =
      context.fileExists(context.pipelinePath)
      ? PipelineDocument.load(path: context.pipelinePath, environment: context.environment).0 : nil
    try OutputGuard.check(output, option: .output, against: document, state: context.state)
    guard PageFile.mayReplace(output) else {
      throw OperationFailure(
        .usage,
        "\(CommandOption.output): \(output) already exists and is not a report, so it was not replaced; choose another path")
    }
  }
}
