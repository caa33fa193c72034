package import Core
import GRDB

/// The state database cannot be opened, read or written.
package struct StateFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package var path: String
  package var reason: String
  package var exitCode: ExitCode

  package var description: String { "state \(path): \(reason)" }

  package init(path: String, reason: String, exitCode: ExitCode) {
    self.path = path
    self.reason = reason
    self.exitCode = exitCode
  }

  init(_ error: any Error, path: String) {
    if let failure = error as? StateFailure {
      self = failure
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(path: path, reason: ErrorText.describe(error), exitCode: .fault)
      return
    }
    let said = error.message ?? "error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(path: path, reason: "another process is writing to it; try again later", exitCode: .tryLater)
    case .SQLITE_FULL:
      self.init(path: path, reason: "the disk is full; free some space", exitCode: .cannotWrite)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR:
      self.init(path: path, reason: "\(said); check the folder's permissions and the disk", exitCode: .cannotWrite)
    // Our statements fit our tables: somebody else has changed them.
    case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_MISMATCH:
      self.init(
        path: path, reason: "it is damaged (\(said)); move it away, and the next run makes a new one",
        exitCode: .configuration)
    default:
      self.init(path: path, reason: said, exitCode: .fault)
    }
  }
}
