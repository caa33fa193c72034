import Core
import GRDB

/// Indexes staged rows by their key, so that two records with one key are found: a table has one row for a key, and which of
/// the two it would be is not for us to choose.
struct DuplicateKeys: Sendable {
  let table: SQLiteTable
  let mapping: String
  let target: String

  /// - Throws: `DatabaseError`, or `OperationFailure` if two records have the same key.
  func check(_ database: Database) throws {
    let key = table.key.map { "c\($0)" }.joined(separator: ", ")
    do {
      try database.execute(sql: "CREATE UNIQUE INDEX rows_by_key ON rows (\(key))")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      let pair = try Row.fetchOne(
        database,
        sql: """
          SELECT min(ordinal), max(ordinal) FROM rows GROUP BY \(key) HAVING count(*) > 1 ORDER BY 1 LIMIT 1
          """)
      guard let pair else { throw error }
      let names = try Row.fetchAll(
        database, sql: "SELECT record, line FROM rows WHERE ordinal IN (?, ?) ORDER BY ordinal",
        arguments: [pair[0] as Int64, pair[1] as Int64]
      ).map { "'\($0[0] as String)' (line \($0[1] as Int64))" }
      let fields = table.key.map { table.columns[$0].name }.joined(separator: ", ")
      throw OperationFailure(
        .wrongFile,
        "cannot write \(target): records \(names.joined(separator: " and ")) of '\(mapping)' have the same target key (\(fields)): "
          + "add `unique` with these fields to the mapping")
    }
  }
}
