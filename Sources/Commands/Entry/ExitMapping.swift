import ArgumentParser
import Core
import Pipeline
import Sandbox

/// Every failure of the layers below, as an exit code and a sentence. One place, so that a code means the same
/// whichever command ends with it.
enum ExitMapping {
  /// Nil for what the argument parser throws: it writes its own texts.
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
