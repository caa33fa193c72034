import ArgumentParser
import Core
import Mapping

/// `waybill explain SLUG`: what a code means, with an example and the usual fix.
struct ExplainCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a code of `check` or of a ledger, or an exit code",
    discussion: """
      Example:
        waybill explain nullable-into-required
        waybill explain 75
      """)

  @Argument(help: ArgumentHelp("The code, or the number of an exit code (default: list all codes).", valueName: "code"))
  var slug: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let console = context.console
    guard let slug else {
      if output.json {
        try console.print(.array(SlugReference.all.map(\.json)))
      } else {
        var table = TextTable([.init("CODE"), .sentence("MEANING")])
        for entry in SlugReference.all { table.add([entry.slug, entry.meaning]) }
        try console.writeOutput(table.text(fitting: console.lineWidth))
      }
      return .done
    }
    if let number = Int32(slug) {
      try explainExitCode(number, console)
      return .done
    }
    guard let entry = SlugReference.find(slug) else {
      throw OperationFailure(.usage, "there is no code '\(slug)'; \(SlugReference.hint(slug) ?? "`waybill explain` lists them")")
    }
    try output.json ? console.print(entry.json) : console.printProse(entry.text)
    return .done
  }

  private func explainExitCode(_ number: Int32, _ console: Console) throws {
    guard let code = Core.ExitCode(rawValue: number) else {
      let known = Core.ExitCode.allCases.map { String($0.rawValue) }
      throw OperationFailure(.usage, "waybill has no exit code \(number); it has \(Wording.list(known, "and"))")
    }
    let retry =
      switch code {
      case .unreachable, .tryLater: "yes"
      case .circuitOpen: "yes, after a pause"
      default: "no"
      }
    if output.json {
      try console.print(
        .object([
          .init("exit_code", .number(Int(number))), .init("meaning", .string(code.meaning)), .init("retry", .string(retry)),
        ]))
    } else if code == .done {
      try console.print("exit code 0\n  meaning  done")
    } else {
      try console.printProse("exit code \(number)\n  meaning  \(code.meaning)\n  retry    \(retry)")
    }
  }
}
