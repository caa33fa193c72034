package import Control
package import Core

/// The result of an extraction, complete or not.
package struct ExtractResult: Sendable {
  /// Nil if not even the snapshot's folder could be created.
  package var snapshot: Snapshot?
  package var problems: [ExtractProblem]
  /// Notes about the records that are not faults of any single one. They are also among the snapshot's problems.
  package var notes: [ExtractProblem] = []
  package var quota: Quota
  /// Nil: the snapshot is complete (records may have been refused: see `problems` and the manifest's counts).
  package var failure: ExtractFailure?

  package var manifest: SnapshotManifest? { snapshot?.manifest }
  /// Contacts that belong to no business; nil if they were not counted.
  package var outsideBusinesses: Int? { snapshot?.manifest.outsideBusinesses }
  package var exitCode: ExitCode { failure?.operationFailure.exitCode ?? .done }
}
