package import Core

/// The stores of a project, all in one file. Nothing else in the product names an implementation.
extension StateFolder {
  /// True once a run has been recorded.
  package var hasRuns: Bool { StateDatabase.exists(in: path) }

  /// - Parameter isReadOnly: The folder's data is not changed, even if its format is older; the store must exist.
  package func openRuns(isReadOnly: Bool = false) throws(OperationFailure) -> any RunStore {
    try SQLiteRunStore(folder: path, isReadOnly: isReadOnly)
  }

  /// - Parameter isReadOnly: as for `openRuns`; a store in an older format is refused.
  package func openJournal(isReadOnly: Bool = false) throws(OperationFailure) -> any Journal {
    try SQLiteJournal(folder: path, isReadOnly: isReadOnly)
  }

  /// - Parameter isReadOnly: as for `openRuns`.
  package func openStateStore(isReadOnly: Bool = false) throws(OperationFailure) -> any StateStore {
    try SQLiteStateStore(folder: path, isReadOnly: isReadOnly)
  }
}
