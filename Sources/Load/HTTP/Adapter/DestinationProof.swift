import Core

/// Finds out by a few small requests that change nothing whether the credentials may do what a load will do, so that a run ends
/// before its first record if they may not.
protocol DestinationProof: Sendable {
  /// - Parameter fields: the paths that each mapping writes that is loaded.
  /// - Throws: `OperationFailure` if the credentials are refused, or lack a permission; `CancellationError`. A destination that does not
  ///   respond proves nothing, and is no failure.
  func prove(_ engine: HTTPEngine, _ fields: [Name: [[String]]]) async throws
}
