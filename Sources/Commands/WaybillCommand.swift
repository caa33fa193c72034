import ArgumentParser
import Core

/// A command of waybill: takes a context and returns an exit code.
///
/// A command that ran to its end keeps its exit code even if a signal arrived in the meantime: its output and its code must
/// not contradict each other. Long work checks for cancellation itself, and throws or returns the matching code.
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
