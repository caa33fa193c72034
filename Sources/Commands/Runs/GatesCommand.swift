import ArgumentParser
import Core
import Pipeline
import PipelineFile
import State

/// `waybill gates [RUN]`: a finished run, judged again by today's gates.
struct GatesCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "gates", abstract: "Judge a finished run again by the current gates",
    discussion: """
      Example:
        waybill gates
        waybill gates latest --json
      The gates in the pipeline file are compared with what the run has recorded, and with the result of `waybill reconcile` if \
      there is one. What the run did not record is not judged. Nothing is changed. Exit code 3: a gate fails.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run's ID, its beginning, or `latest` (default: the pipeline's last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "file"))
  var pipeline: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    let runs = try context.openRuns()
    let engine = GatesEngine(document, state: StateFolder(path: context.state))
    let record = run == nil || run == "latest" ? try engine.latest(in: runs) : try context.run(run, in: runs)
    let report = try engine.judge(record)
    let console = context.console
    return try console.settle(report.exitCode) {
      if output.json { return try console.print(report.json) }
      try console.writeOutput(GatesReportText.text(of: report.json, fitting: console.lineWidth))
    }
  }
}

/// A `GatesReport` for people: a line per gate, then the sentences of those that failed or were not judged.
enum GatesReportText {
  static func text(of report: JSONValue, fitting width: Int?) -> String {
    func word(_ name: String) -> String { LedgerPrinter.text(report[name]) }
    let gates = report["gates"]?.arrayValue ?? []
    var table = TextTable([
      .init("GATE"), .init("MAPPING"), .init("LIMIT", isNumber: true), .init("ACTUAL", isNumber: true),
      .init("MARGIN", isNumber: true), .init("VERDICT"),
    ])
    for gate in gates {
      table.add([
        GateText.name(gate), GateText.place(gate), GateText.limit(gate), known(gate, "actual"), known(gate, "margin"),
        GateText.verdict(gate),
      ])
    }
    let start = "run \(word("run"))  \(word("pipeline"))  \(word("status"))\n"
    let lines = gates.filter { $0["passed"]?.boolValue != true }.compactMap { $0["text"]?.stringValue }
    let end = lines.isEmpty ? "" : "\n" + lines.map { VisibleText.escaped($0) + "\n" }.joined()
    let prose = width.map { CellText.prose(end, to: $0) } ?? end
    return start + "\n" + table.text(fitting: width) + prose
  }

  private static func known(_ gate: JSONValue, _ name: String) -> String {
    guard let value = gate[name], value != .null else { return "" }
    return GateText.amount(value, gate["unit"])
  }
}
