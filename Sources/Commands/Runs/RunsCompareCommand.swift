import ArgumentParser
import Core
import Report

/// `waybill runs compare [A] [B]`: what differs between two runs.
struct RunsCompareCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show what differs between two runs",
    discussion: """
      Example:
        waybill runs compare
        waybill runs compare latest --json
      With two runs, the first one is the earlier one. With one run, or none (the last run), it is compared with the last whole run \
      before it, of the same pipeline and location. Figures stay when the folder of a run is removed.
      """)

  @Argument(
    help: ArgumentHelp("One or two runs: an ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var runs: [String] = []

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if runs.count > 2 { throw ValidationError("compare takes at most two runs; \(runs.count) are given") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let store = try context.openRuns()
    let after = RunFigures(try context.run(runs.last, in: store))
    let before =
      runs.count == 2 ? RunFigures(try context.run(runs[0], in: store)) : RunHistory(try store.runs()).previous(to: after)
    if let before, before.run.isExactly(after.run) {
      throw OperationFailure(.usage, "both runs are \(after.run): name two different runs, or only the later one")
    }
    guard let before else {
      if output.json { try context.console.print(Self.json(ofFirst: after)) }
      context.console.note(
        "Run \(after.run) has no earlier whole run of the same pipeline and location to be compared with.")
      return .done
    }
    let comparison = RunComparison(before: before, after: after)
    if output.json {
      try context.console.print(comparison.json)
    } else {
      try context.console.writeOutput(RunComparisonText(comparison).text(fitting: context.console.lineWidth))
    }
    return .done
  }

  private static func json(ofFirst run: RunFigures) -> JSONValue {
    .object([.init("before", .null), .init("after", run.json), .init("comparable", .bool(false))])
  }
}
