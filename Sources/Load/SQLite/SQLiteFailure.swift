import Core
import Files
import GRDB

/// What SQLite reports, as a failure of the load.
enum SQLiteFailure {
  /// An `OperationFailure`, or a `CancellationError`.
  static func error(_ path: String, _ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error is CancellationError ? error : OperationFailure(error) }
    return switch error.resultCode {
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: CancellationError()
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      OperationFailure(
        .destinationBusy, "cannot write \(path): another program has locked the database; try again later", underlying: error)
    case .SQLITE_FULL: failure(path, "the disk is full", "free some space", error)
    case .SQLITE_NOTADB: failure(path, "it is not a SQLite database", "choose another path, or move the file away", error)
    case .SQLITE_CORRUPT: failure(path, "the database is damaged", "restore it from a backup, or move it away", error)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      failure(
        path, "the database cannot be opened for writing",
        "check that its folder exists and that you can write to both the folder and the file", error)
    case .SQLITE_IOERR: failure(path, "the disk reports an error", "check the disk", error)
    case .SQLITE_TOOBIG: failure(path, "a value is larger than SQLite allows", "leave it out of the mapping", error)
    case .SQLITE_NOMEM: failure(path, "there is not enough memory", "close other programs", error)
    case .SQLITE_CONSTRAINT:
      failure(path, "a record breaks a rule of the table: \(rule(error))", "change the rule or the mapping", error)
    case .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_SCHEMA:
      failure(path, obstacle(error), "change the database, or load into another table", error)
    default:
      OperationFailure(
        .fault,
        "\(path): an internal error (SQLite \(error.extendedResultCode.rawValue)), which is a bug in Waybill: please report it",
        underlying: error)
    }
  }

  /// The constraint that a record breaks. SQLite's message ends with the names that the table's author chose.
  private static func rule(_ error: DatabaseError) -> String {
    let names = error.message.flatMap { message in message.firstRange(of: ": ").map { String(message[$0.upperBound...]) } }
    let subject = names.map { "'\($0)'" }
    return switch error.extendedResultCode {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
      "another row has the same value in \(subject ?? "a column that must be unique")"
    case .SQLITE_CONSTRAINT_NOTNULL: "\(subject ?? "a column") must have a value"
    case .SQLITE_CONSTRAINT_CHECK: "the check `\(names ?? "of a column")` is not met"
    case .SQLITE_CONSTRAINT_FOREIGNKEY: "a foreign key refers to a row that does not exist"
    case .SQLITE_CONSTRAINT_TRIGGER: "a trigger refuses it" + (error.message.map { ", \"\($0)\"" } ?? "")
    case .SQLITE_CONSTRAINT_DATATYPE: "the type of a value does not fit its column"
    default: "a constraint is not met"
    }
  }

  /// What keeps a statement of ours from working on tables of others, such as a trigger that refers to a missing table.
  private static func obstacle(_ error: DatabaseError) -> String {
    let message = error.message ?? ""
    for kind in ["table", "column", "function", "collation sequence", "module"] {
      guard let place = message.firstRange(of: "no such \(kind): ") else { continue }
      return "it refers to the \(kind) '\(message[place.upperBound...])', which does not exist"
    }
    for kind in ["a table", "a view", "an index"] {
      guard let place = message.firstRange(of: "there is already \(kind) named ") else { continue }
      return "it already has \(kind) named '\(message[place.upperBound...])'"
    }
    return "a trigger, view or index of the database does not work"
  }

  private static func failure(_ path: String, _ reason: String, _ remedy: String, _ error: DatabaseError) -> OperationFailure {
    OperationFailure(.cannotWrite, "cannot write \(path): \(reason): \(remedy)", underlying: error)
  }
}
