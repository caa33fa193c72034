import Core
import GRDB
import GRDBSQLite

/// Writes batches into the table `rows` of a staging database.
struct RowWriter: Sendable {
  let table: SQLiteTable
  let mapping: String
  let target: String
  let keepsMissing: Bool

  /// - Throws: `DatabaseError`, or `OperationFailure` if a record does not fit into the table.
  func write(_ batch: StagedBatch, to database: Database) throws {
    let statement = try database.cachedStatement(sql: insertion).sqliteStatement
    defer { sqlite3_clear_bindings(statement) }
    var binder = CellBinder(statement)
    for index in 0..<batch.count {
      binder.beginRecord()
      binder.bind(1, Int64(batch.first) + Int64(index))
      binder.bind(2, Int64(batch.line(index)))
      var code = binder.bind(3, batch.key(index))
      let cells = batch.record(index)
      code = max(code, bindMissing(cells, &binder))
      for (position, column) in table.columns.enumerated() where code == SQLITE_OK {
        let cell = cells[position]
        guard !column.isKey || !cell.isAbsent else {
          throw refusal(
            batch, index, "has no value in '\(column.name)', which is part of the target key",
            "make sure that the mapping sets it")
        }
        guard binder.bind(SQLiteStaging.ownColumns + position + 1, cell, as: column.storage, code: &code) else {
          throw refusal(
            batch, index, "has a number in '\(column.name)' that SQLite cannot store exactly",
            "make the field a string")
        }
      }
      if code == SQLITE_OK { code = sqlite3_step(statement) }
      sqlite3_reset(statement)
      guard code == SQLITE_DONE else {
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
      }
    }
  }

  /// One digit for each column, 1 where the record has no such field; null if it has all of them.
  private func bindMissing(_ cells: UnsafeBufferPointer<Cell>, _ binder: inout CellBinder) -> Int32 {
    guard keepsMissing, cells.contains(where: { $0.kind == .missing }) else {
      binder.bindNull(4)
      return SQLITE_OK
    }
    return binder.bindDigits(4, cells.lazy.map { $0.kind == .missing })
  }

  private var insertion: String {
    let parameters = Array(repeating: "?", count: SQLiteStaging.ownColumns + table.columns.count)
    return "INSERT INTO rows VALUES (\(parameters.joined(separator: ", ")))"
  }

  private func refusal(_ batch: StagedBatch, _ index: Int, _ reason: String, _ remedy: String) -> OperationFailure {
    OperationFailure(
      .wrongFile,
      "cannot write \(target): record '\(batch.key(index).string)' of '\(mapping)' (line \(batch.line(index))) \(reason): \(remedy)"
    )
  }
}
