import ArgumentParser
import Core

/// A command of waybill: gets a context, gives an exit code.
///
/// What ran to its end has the code of its end, also where a signal came meanwhile: what the command said and its code must
/// not contradict each other. Whatever may take long hears of the cancellation itself, and throws or says so in its code.
protocol WaybillCommand: AsyncParsableCommand, Sendable {
  var common: CommonOptions { get }
  /// The command changes nothing, has nothing to clean up, and may compute for a long time without checking for cancellation: the
  /// first signal ends the process, whatever the command is doing.
  static var endsAtOnce: Bool { get }
  func run(in context: CommandContext) async throws -> Core.ExitCode
}

extension WaybillCommand {
  static var endsAtOnce: Bool { false }
}
