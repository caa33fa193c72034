import ArgumentParser
import Core

/// `waybill` itself: the list of commands.
struct Waybill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waybill",
    abstract: "Move CRM contacts out of GHL through compiled mappings",
    discussion: discussion,
    version: "waybill \(version)",
    groupedSubcommands: [
      CommandGroup(
        name: "Mappings",
        subcommands: [
          InitCommand.self, ProfileCommand.self, CheckCommand.self, TestCommand.self, PreviewCommand.self, TransformCommand.self,
          EvalCommand.self, ValidateCommand.self,
        ]),
      CommandGroup(
        name: "Runs",
        subcommands: [
          PlanCommand.self, ExtractCommand.self, RunCommand.self, LoadCommand.self, ReplayCommand.self, ReconcileCommand.self,
          ReportCommand.self, GatesCommand.self, UndoCommand.self, LedgerCommand.self, RejectsCommand.self, OutcomesCommand.self,
          RunsCommand.self, HistoryCommand.self, JournalCommand.self,
        ]),
      CommandGroup(name: "GHL", subcommands: [ListCommand.self, GHLCommand.self, SandboxCommand.self]),
      CommandGroup(name: "Reference", subcommands: [FunctionsCommand.self, ExplainCommand.self, SchemaCommand.self]),
    ])

  static let version = WaybillVersion.current

  private static let discussion = """
    Every record that is read is accounted for. To try it without an account:
      waybill sandbox --limit-scale 10   # in another terminal; prints variables
      waybill init acme && cd acme && waybill check && waybill run

    Results go to standard output, everything else goes to standard error. Exit codes:
    \(exitCodes)
    Worth retrying: 69, 75, and 6 after a pause.
    """

  private static var exitCodes: String {
    Core.ExitCode.allCases.map { code in
      let number = String(code.rawValue)
      return "  " + String(repeating: " ", count: max(0, 2 - number.count)) + number + "  " + code.meaning
    }.joined(separator: "\n")
  }
}
