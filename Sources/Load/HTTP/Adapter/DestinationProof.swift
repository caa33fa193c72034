import Core

/// Finds out, with a few small requests that change nothing, whether the credentials permit what a load will do, and whether the
/// destination has what the mappings name, so that a run ends before its first record if not.
protocol DestinationProof: Sendable {
  /// - Parameter fields: for each mapping that is loaded, the paths that it writes.
  /// - Throws: `OperationFailure` if the credentials are refused, or lack a permission, and, with the code `configuration`, if the
  ///   destination lacks what a mapping names; `CancellationError`. A destination that does not respond proves nothing, and is not a
  ///   failure.
  func prove(_ engine: HTTPEngine, _ fields: [Name: [[String]]]) async throws
}
