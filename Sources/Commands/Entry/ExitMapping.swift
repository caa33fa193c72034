import ArgumentParser
import Core
import Pipeline
import Sandbox

/// Maps every failure of the layers below to an exit code and a sentence. This is the only place, so that a code means the
/// same in every command.
enum ExitMapping {
  /// Nil for errors of the argument parser, which prints its own messages.
  static func fault(of error: any Error) -> CommandFailure? {
    switch error {
    case let error as CommandFailure: error
    case is CancellationError: CommandFailure(.tryLater, "interrupted: nothing half-written is left; run it again")
    case let error as FaultPlanError: CommandFailure(.usage, error.message)
    case let error as SandboxServerError: CommandFailure(.unreachable, error.message)
    case is ValidationError, is ArgumentParser.ExitCode, is CleanExit: nil
    case _ where isOfParser(error): nil
    default: ofStage(error)
    }
  }

  private static func ofStage(_ error: any Error) -> CommandFailure {
    let failure = OperationFailure(error)
    return CommandFailure(failure.exitCode, failure.code == .outputClosed ? "" : failure.description)
  }

  /// The parser's own error types are not public.
  private static func isOfParser(_ error: any Error) -> Bool { String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") }
}
