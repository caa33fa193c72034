import Core
import Files
import GRDB

/// What happens to a row at `publish`. The raw values are stored in `fates`.
enum SQLiteFate: Int, Sendable {
  case created, updated, unchanged

  var outcome: Outcome {
    switch self {
    case .created: .created
    case .updated: .updated
    case .unchanged: .unchanged
    }
  }
}

/// The statements that bring a table up to date with the rows of an attached staging database, `part`:
///
/// 1. Create the table, or check that it fits.
/// 2. Compare each row with that of its key: it is new, or differs, or is the same.
/// 3. Delete the rows whose keys are not in the part (`replace` only).
/// 4. Update the rows that differ, insert the new ones.
///
/// Rows that do not change are not touched, so that triggers do not fire for them, and rows of other tables that refer to them
/// stay valid. If constraints or triggers of the table make the result differ from what step 2 found, the transaction fails.
struct SQLitePublication: Sendable {
  let table: SQLiteTable
  let mode: SQLiteMode
  let mapping: String
  let path: String

  /// Call it in a transaction.
  ///
  /// - Throws: `DatabaseError`, or `OperationFailure` if the table does not fit.
  func run(_ database: Database) throws {
    // A row may refer to a later row of the same table.
    try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
    let existing = try fittingTable(database)
    if existing == nil { try database.execute(sql: table.creation) }
    // Only where it is needed: it also applies to the statements of triggers, and overrides their own clauses.
    let clause = existing?.hasConflictClauses == true ? " OR ABORT" : ""
    try database.execute(sql: comparison)
    if mode == .replace {
      try database.execute(sql: deletion)
      let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM main.\(table.quotedName)")
      guard try count == self.count(.updated, database) + self.count(.unchanged, database) else {
        throw interference("a trigger or foreign key of the table '\(table.name)' changes which rows are deleted")
      }
    }
    if let update = update(clause) { try change(.updated, update, database) }
    try change(.created, insertion(clause), database)
  }

  /// Checks that the table fits or can be created, without changing anything.
  ///
  /// - Throws: as `run`.
  func check(_ database: Database) throws {
    // Compiling the statement is enough to find, say, an index with the table's name.
    if try fittingTable(database) == nil { _ = try database.makeStatement(sql: table.creation) }
  }

  private func fittingTable(_ database: Database) throws -> ExistingTable? {
    let existing = try ExistingTable(named: table.name, database)
    if let failure = existing?.misfit(with: table, of: mapping, path: path) { throw failure }
    return existing
  }

  /// Executes a statement that changes one row for each record with this fate.
  private func change(_ fate: SQLiteFate, _ statement: String, _ database: Database) throws {
    try database.execute(sql: statement)
    let changed = database.changesCount
    guard try changed == count(fate, database) else {
      throw interference("a trigger of the table '\(table.name)' skips records")
    }
  }

  private func count(_ fate: SQLiteFate, _ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM part.fates WHERE outcome = \(fate.rawValue)") ?? 0
  }

  private func interference(_ reason: String) -> OperationFailure {
    .writing(path, reason, remedy: "remove it, or load into another table")
  }

  private var comparison: String {
    """
    DELETE FROM part.fates;
    INSERT INTO part.fates
      SELECT r.ordinal, CASE WHEN t.\(table.quoted(table.key[0])) IS NULL THEN \(SQLiteFate.created.rawValue)
        WHEN \(isSame) THEN \(SQLiteFate.unchanged.rawValue) ELSE \(SQLiteFate.updated.rawValue) END
      FROM part.rows r LEFT JOIN main.\(table.quotedName) t ON \(hasSameKey) ORDER BY r.ordinal
    """
  }

  private var deletion: String {
    "DELETE FROM main.\(table.quotedName) AS t WHERE NOT EXISTS (SELECT 1 FROM part.rows r WHERE \(hasSameKey))"
  }

  /// Nil if no row can differ.
  ///
  /// - Parameter clause: ` OR ABORT`, or nothing.
  private func update(_ clause: String) -> String? {
    guard !table.values.isEmpty else { return nil }
    let values = table.values.map { "\(table.quoted($0)) = \(newValue($0))" }.joined(separator: ", ")
    // A single table after FROM: SQLite would combine several into one with all their columns, which can be too many.
    return """
      UPDATE\(clause) main.\(table.quotedName) AS t SET \(values) FROM part.rows r
        WHERE r.ordinal IN (SELECT ordinal FROM part.fates WHERE outcome = \(SQLiteFate.updated.rawValue)) AND \(hasSameKey)
      """
  }

  private func insertion(_ clause: String) -> String {
    let columns = table.columns.indices
    return """
      INSERT\(clause) INTO main.\(table.quotedName) (\(columns.map(table.quoted).joined(separator: ", ")))
        SELECT \(columns.map { "r.c\($0)" }.joined(separator: ", ")) FROM part.rows r
        WHERE r.ordinal IN (SELECT ordinal FROM part.fates WHERE outcome = \(SQLiteFate.created.rawValue)) ORDER BY r.ordinal
      """
  }

  /// Byte by byte, whatever the column's collation.
  private var hasSameKey: String {
    table.key.map { "t.\(table.quoted($0)) = r.c\($0) COLLATE BINARY" }.joined(separator: " AND ")
  }

  /// As one comparison of rows: a chain of a thousand ANDs would be nested too deeply for SQLite. The table may compare texts
  /// without regard to case; here every byte counts.
  private var isSame: String {
    guard !table.values.isEmpty else { return "1" }
    let new = table.values.map { "(\(newValue($0))) COLLATE BINARY" }.joined(separator: ", ")
    let old = table.values.map { "t.\(table.quoted($0))" }.joined(separator: ", ")
    return table.values.count == 1 ? "\(new) IS \(old)" : "(\(new)) IS (\(old))"
  }

  /// A field that a record does not have leaves the column as it is (`upsert`), or null (`replace`).
  ///
  /// An expression, not a column: compared with a numeric column, a text would be converted, and 5 would equal '5'.
  private func newValue(_ column: Int) -> String {
    guard mode == .upsert else { return "+r.c\(column)" }
    return "CASE WHEN substr(r.missing, \(column + 1), 1) = '1' THEN t.\(table.quoted(column)) ELSE r.c\(column) END"
  }
}
