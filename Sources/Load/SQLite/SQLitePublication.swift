import Core
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
/// stay valid.
struct SQLitePublication: Sendable {
  let table: SQLiteTable
  let mode: SQLiteMode
  let mapping: String
  let path: String

  /// Call it in a transaction.
  ///
  /// - Throws: `DatabaseError`, or `OperationFailure` if the table does not fit.
  func run(_ database: Database) throws {
    if let existing = try ExistingTable(named: table.name, database) {
      if let failure = existing.misfit(with: table, of: mapping, path: path) { throw failure }
    } else {
      try database.execute(sql: table.creation)
    }
    for statement in [comparison, deletion, update, insertion].compactMap(\.self) { try database.execute(sql: statement) }
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

  private var deletion: String? {
    guard mode == .replace else { return nil }
    return "DELETE FROM main.\(table.quotedName) AS t WHERE NOT EXISTS (SELECT 1 FROM part.rows r WHERE \(hasSameKey))"
  }

  private var update: String? {
    guard !table.values.isEmpty else { return nil }
    let values = table.values.map { "\(table.quoted($0)) = \(newValue($0))" }.joined(separator: ", ")
    // A single table after FROM: SQLite would combine several into one with all their columns, which can be too many.
    return """
      UPDATE main.\(table.quotedName) AS t SET \(values) FROM part.rows r
        WHERE r.ordinal IN (SELECT ordinal FROM part.fates WHERE outcome = \(SQLiteFate.updated.rawValue)) AND \(hasSameKey)
      """
  }

  private var insertion: String {
    let columns = table.columns.indices
    return """
      INSERT INTO main.\(table.quotedName) (\(columns.map(table.quoted).joined(separator: ", ")))
        SELECT \(columns.map { "r.c\($0)" }.joined(separator: ", ")) FROM part.rows r
        WHERE r.ordinal IN (SELECT ordinal FROM part.fates WHERE outcome = \(SQLiteFate.created.rawValue)) ORDER BY r.ordinal
      """
  }

  private var hasSameKey: String {
    table.key.map { "t.\(table.quoted($0)) = r.c\($0)" }.joined(separator: " AND ")
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
  private func newValue(_ column: Int) -> String {
    guard mode == .upsert else { return "r.c\(column)" }
    return "CASE WHEN substr(r.missing, \(column + 1), 1) = '1' THEN t.\(table.quoted(column)) ELSE r.c\(column) END"
  }
}
