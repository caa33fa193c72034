import Core
import GRDB
import Testing

@testable import Load

@Suite struct SQLiteFailureTests {
  @Test(arguments: [
    (ResultCode.SQLITE_FULL, "cannot write x.sqlite: the disk is full: free some space", OperationFailure.Code.cannotWrite),
    (
      .SQLITE_CORRUPT, "cannot write x.sqlite: the database is damaged: restore it from a backup, or move it away",
      .cannotWrite
    ),
    (
      .SQLITE_READONLY,
      "cannot write x.sqlite: the database cannot be opened for writing: check that its folder exists and that you can write to both the folder and the file",
      .cannotWrite
    ),
    (.SQLITE_IOERR_WRITE, "cannot write x.sqlite: the disk reports an error: check the disk", .cannotWrite),
    (.SQLITE_BUSY, "cannot write x.sqlite: another program has locked the database; try again later", .destinationBusy),
    (
      .SQLITE_ERROR,
      "cannot write x.sqlite: a trigger, view or index of the database does not work: change the database, or load into another table",
      .cannotWrite
    ),
    (.SQLITE_MISUSE, "x.sqlite: an internal error (SQLite 21), which is a bug in Waybill: please report it", .fault),
  ])
  func `a failure of SQLite has a reason and a remedy`(code: ResultCode, message: String, wanted: OperationFailure.Code) {
    let failure = SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: code, message: "why")) as? OperationFailure
    #expect(failure?.description == message)
    #expect(failure?.code == wanted)
  }

  @Test(arguments: [
    ("no such table: main.log", "it refers to the table 'main.log', which does not exist"),
    ("no such column: new.y", "it refers to the column 'new.y', which does not exist"),
    ("there is already an index named people", "it already has an index named 'people'"),
    ("near \"x\": syntax error", "a trigger, view or index of the database does not work"),
  ])
  func `SQLite's own words are not shown, only the names in them`(message: String, reason: String) {
    let failure = SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: .SQLITE_ERROR, message: message)) as? OperationFailure
    #expect(failure?.description == "cannot write x.sqlite: \(reason): change the database, or load into another table")
  }

  @Test(
    arguments: [
      (ResultCode.SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: people.x", "another row has the same value in 'people.x'"),
      (.SQLITE_CONSTRAINT_NOTNULL, "NOT NULL constraint failed: people.x", "'people.x' must have a value"),
      (.SQLITE_CONSTRAINT_TRIGGER, "too young", "a trigger refuses it, \"too young\""),
      (
        .SQLITE_CONSTRAINT_DATATYPE, "cannot store TEXT value in INTEGER column people.x",
        "the type of a value does not fit its column"
      ),
      (.SQLITE_CONSTRAINT, nil, "a constraint is not met"),
    ] as [(ResultCode, String?, String)])
  func `a constraint is named`(code: ResultCode, message: String?, rule: String) {
    let failure = SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: code, message: message)) as? OperationFailure
    #expect(
      failure?.description
        == "cannot write x.sqlite: a record breaks a rule of the table: \(rule): change the rule or the mapping")
  }

  @Test(arguments: [ResultCode.SQLITE_INTERRUPT, .SQLITE_ABORT]) func `an interruption is a cancellation`(code: ResultCode) {
    #expect(SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: code)) is CancellationError)
  }
}
