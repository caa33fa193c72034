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

  private var rows: SQLiteComparison { SQLiteComparison(table: table, mode: mode) }

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
    try database.execute(sql: rows.comparison)
    if mode == .replace {
      try database.execute(sql: rows.deletion)
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

  func fittingTable(_ database: Database) throws -> ExistingTable? {
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

  /// Nil if no row can differ.
  ///
  /// - Parameter clause: ` OR ABORT`, or nothing.
  private func update(_ clause: String) -> String? {
    guard !table.values.isEmpty else { return nil }
    let values = table.values.map { "\(table.quoted($0)) = \(rows.newValue($0))" }.joined(separator: ", ")
    // A single table after FROM: SQLite would combine several into one with all their columns, which can be too many.
    return """
      UPDATE\(clause) main.\(table.quotedName) AS t SET \(values) FROM part.rows r
        WHERE r.ordinal IN (SELECT ordinal FROM part.fates WHERE outcome = \(SQLiteFate.updated.rawValue)) AND \(rows.hasSameKey)
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
}
