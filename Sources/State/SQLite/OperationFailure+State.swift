import Core
import GRDB

extension OperationFailure {
  /// The state database cannot be opened, read or written.
  static func state(_ path: String, _ error: any Error) -> OperationFailure {
    guard let error = error as? DatabaseError else {
      if error is OperationFailure { return OperationFailure(error) }
      return OperationFailure(.fault, "state \(path): \(ErrorText.describe(error))", underlying: error)
    }
    let said = error.message ?? "error \(error.resultCode.rawValue)"
    func failure(_ code: Code, _ reason: String) -> OperationFailure {
      OperationFailure(code, "state \(path): \(reason)", underlying: error)
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return failure(.stateBusy, "another process is writing to it; try again later")
    case .SQLITE_FULL: return failure(.cannotWrite, "the disk is full; free some space")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR:
      return failure(.cannotWrite, "\(said); check the folder's permissions and the disk")
    // Our statements match our tables, so the tables were changed by something else.
    case .SQLITE_ERROR where said.contains("no such"), .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_MISMATCH:
      return failure(.configuration, "it is damaged (\(said)); move it away, and the next run creates a new one")
    default: return failure(.fault, said)
    }
  }
}
