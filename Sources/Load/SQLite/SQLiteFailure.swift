import Core
import Files
import GRDB

/// What SQLite reports, as a failure of the load.
enum SQLiteFailure {
  /// An `OperationFailure`, or a `CancellationError`.
  static func error(_ path: String, _ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error is CancellationError ? error : OperationFailure(error) }
    let said = error.message ?? "error \(error.resultCode.rawValue)"
    return switch error.resultCode {
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: CancellationError()
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      OperationFailure(
        .destinationBusy, "cannot write \(path): another program has locked the database; try again later", underlying: error)
    case .SQLITE_FULL: failure(path, "the disk is full", "free some space", error)
    case .SQLITE_NOTADB: failure(path, "it is not a SQLite database", "choose another path, or move the file away", error)
    case .SQLITE_CORRUPT: failure(path, "the database is damaged (\(said))", "restore it from a backup, or move it away", error)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR:
      failure(path, said, "check the file, its folder and their permissions", error)
    case .SQLITE_CONSTRAINT:
      failure(path, "a constraint of the table rejects a record (\(said))", "change the constraint or the mapping", error)
    case .SQLITE_ERROR: failure(path, said, "change the database, or load into another table", error)
    default: OperationFailure(.fault, "\(path): \(said)", underlying: error)
    }
  }

  private static func failure(_ path: String, _ reason: String, _ remedy: String, _ error: DatabaseError) -> OperationFailure {
    OperationFailure(.cannotWrite, "cannot write \(path): \(reason): \(remedy)", underlying: error)
  }
}
