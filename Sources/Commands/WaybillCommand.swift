import ArgumentParser
import Core

/// A command of waybill: gets a context, gives an exit code.
protocol WaybillCommand: AsyncParsableCommand, Sendable {
  var common: CommonOptions { get }
  /// An interruption is how it is meant to end.
  var endsByInterruption: Bool { get }
  func run(in context: CommandContext) async throws -> Core.ExitCode
}

extension WaybillCommand {
  var endsByInterruption: Bool { false }
}
