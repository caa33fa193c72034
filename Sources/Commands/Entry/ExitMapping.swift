import ArgumentParser
import Core
import Pipeline
import Sandbox

/// Turns everything that a command throws into one type. This is the only place, so that a code means the same in every
/// command.
enum ExitMapping {
  /// Nil for errors of the argument parser, which prints its own messages.
  static func failure(of error: any Error) -> OperationFailure? {
    switch error {
    case is CancellationError: OperationFailure(.interrupted, "interrupted: no partial output is left; run it again")
    case let error as FaultPlanError: OperationFailure(.usage, error.message)
    case let error as SandboxServerError: OperationFailure(.unreachable, error.message)
    case is ValidationError, is ArgumentParser.ExitCode, is CleanExit: nil
    case _ where isOfParser(error): nil
    default: OperationFailure(error)
    }
  }

  /// The parser's own error types are not public.
  private static func isOfParser(_ error: any Error) -> Bool { String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") }
}
