import Core
import GRDB
import Testing

@testable import Load

@Suite struct SQLiteFailureTests {
  @Test(arguments: [
    (ResultCode.SQLITE_FULL, "cannot write x.sqlite: the disk is full: free some space", OperationFailure.Code.cannotWrite),
    (
      .SQLITE_CORRUPT, "cannot write x.sqlite: the database is damaged (why): restore it from a backup, or move it away",
      .cannotWrite
    ),
    (.SQLITE_READONLY, "cannot write x.sqlite: why: check the file, its folder and their permissions", .cannotWrite),
    (.SQLITE_IOERR_WRITE, "cannot write x.sqlite: why: check the file, its folder and their permissions", .cannotWrite),
    (.SQLITE_BUSY, "cannot write x.sqlite: another program has locked the database; try again later", .destinationBusy),
    (.SQLITE_ERROR, "cannot write x.sqlite: why: change the database, or load into another table", .cannotWrite),
    (.SQLITE_MISUSE, "x.sqlite: why", .fault),
  ])
  func `a failure of SQLite has a reason and a remedy`(code: ResultCode, message: String, wanted: OperationFailure.Code) {
    let failure = SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: code, message: "why")) as? OperationFailure
    #expect(failure?.description == message)
    #expect(failure?.code == wanted)
  }

  @Test(arguments: [ResultCode.SQLITE_INTERRUPT, .SQLITE_ABORT]) func `an interruption is a cancellation`(code: ResultCode) {
    #expect(SQLiteFailure.error("x.sqlite", DatabaseError(resultCode: code)) is CancellationError)
  }
}
