import Core
import GRDB

extension OperationFailure {
  /// The state database cannot be opened, read or written.
  static func state(_ path: String, _ error: any Error) -> OperationFailure {
    guard let error = error as? DatabaseError else {
      if error is OperationFailure { return OperationFailure(error) }
      return OperationFailure(.fault, "state \(path): \(ErrorText.describe(error))", underlying: error)
    }
    let replaced = "move it away, and the next run creates a new one"
    func failure(_ code: Code, _ reason: String) -> OperationFailure {
      OperationFailure(code, "state \(path): \(reason)", underlying: error)
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return failure(.stateBusy, "another process is writing to it; try again later")
    case .SQLITE_FULL: return failure(.cannotWrite, "the disk is full; free some space")
    case .SQLITE_READONLY: return failure(.cannotWrite, "it cannot be written; change the permissions of the file and its folder")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      return failure(.cannotWrite, "it cannot be opened; change the permissions of the file and its folder")
    case .SQLITE_IOERR: return failure(.cannotWrite, "the disk reports an error; check the disk")
    case .SQLITE_NOMEM: return failure(.fault, "there is not enough memory; close other programs")
    case .SQLITE_NOTADB: return failure(.configuration, "it is not a SQLite database; \(replaced)")
    case .SQLITE_CORRUPT: return failure(.configuration, "it is damaged; \(replaced)")
    // Our statements match our tables, so the tables were changed by something else.
    case .SQLITE_ERROR where error.message?.contains("no such") == true, .SQLITE_MISMATCH, .SQLITE_SCHEMA:
      return failure(.configuration, "it is damaged: its tables are not those that Waybill creates; \(replaced)")
    default:
      return failure(
        .fault, "an internal error (SQLite \(error.extendedResultCode.rawValue)), which is a bug in Waybill: please report it")
    }
  }
}
