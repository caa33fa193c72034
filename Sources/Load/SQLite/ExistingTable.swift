import Core
import Files
import GRDB

/// A table that the target already has.
struct ExistingTable {
  private struct Column {
    var name: String
    var type: String
  }

  private let name: String
  private let isTable: Bool
  private let isStrict: Bool
  private let columns: [Column]
  private let key: [String]
  /// The key is compared byte by byte.
  private let hasPlainKey: Bool
  /// It may have constraints that skip or replace rows, such as `UNIQUE ON CONFLICT REPLACE`.
  let hasConflictClauses: Bool

  /// Nil if there is no such table.
  init?(named name: String, _ database: Database) throws {
    let row = try Row.fetchOne(
      database, sql: "SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)",
      arguments: [name])
    guard let row else { return nil }
    let known: String = row[0]
    self.name = known
    isTable = row[1] == "table"
    isStrict = row[2] == 1
    let rows = try Row.fetchAll(
      database, sql: "SELECT name, type, pk FROM pragma_table_info(?, 'main') ORDER BY cid", arguments: [known])
    columns = rows.map { Column(name: $0[0], type: $0[1]) }
    key = rows.filter { ($0[2] as Int) > 0 }.sorted { ($0[2] as Int) < ($1[2] as Int) }.map { $0[0] }
    hasPlainKey =
      try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM pragma_index_list(?, 'main') AS list, pragma_index_xinfo(list.name, 'main') AS part
          WHERE list.origin = 'pk' AND part.key = 1 AND part.coll <> 'BINARY'
          """, arguments: [known]) == 0
    hasConflictClauses =
      try Bool.fetchOne(
        database, sql: "SELECT sql LIKE '%conflict%' FROM main.sqlite_schema WHERE type = 'table' AND name = ?",
        arguments: [known]) ?? false
  }

  /// Why records cannot be loaded into it; nil if they can.
  func misfit(with table: SQLiteTable, of mapping: String, path: String) -> OperationFailure? {
    func failure(_ reason: String, _ remedy: String) -> OperationFailure {
      .writing(path, reason, remedy: "\(remedy), or load into another table")
    }
    guard isTable else { return failure("'\(name)' is not an ordinary table", "rename it") }
    let own = SQLiteName.quoted(name)
    let known = Dictionary(columns.map { (SQLiteName.folded($0.name), $0) }) { first, _ in first }
    for column in table.columns {
      guard let existing = known[SQLiteName.folded(column.name)] else {
        return failure(
          "the table '\(name)' has no column '\(column.name)', which '\(mapping)' writes",
          "add it: ALTER TABLE \(own) ADD COLUMN \(SQLiteName.quoted(column.name)) \(column.storage.rawValue)")
      }
      guard takes(column.storage, existing.type, isKey: column.isKey) else {
        return failure(
          "the column '\(column.name)' of the table '\(name)' is \(existing.type.isEmpty ? "untyped" : existing.type), "
            + "but '\(mapping)' writes \(column.storage.rawValue)", "change the target schema or the column")
      }
    }
    let names = Set(table.columns.map { SQLiteName.folded($0.name) })
    if let other = columns.first(where: { !names.contains(SQLiteName.folded($0.name)) }) {
      return failure(
        "the table '\(name)' has a column '\(other.name)', which '\(mapping)' does not write",
        "remove it: ALTER TABLE \(own) DROP COLUMN \(SQLiteName.quoted(other.name))")
    }
    let wanted = table.key.map { table.columns[$0].name }
    guard Set(key.map(SQLiteName.folded)) == Set(wanted.map(SQLiteName.folded)), key.count == wanted.count else {
      let present = key.isEmpty ? "no primary key" : "the primary key (\(key.joined(separator: ", ")))"
      return failure(
        "the table '\(name)' has \(present), but the target key of '\(mapping)' is (\(wanted.joined(separator: ", ")))",
        "change `target.key`")
    }
    guard hasPlainKey else {
      return failure(
        "the primary key of the table '\(name)' treats different strings as equal (COLLATE)", "remove its COLLATE clause")
    }
    return nil
  }

  /// Whether a column of this type keeps such values as they are. See "Datatypes In SQLite", section 3.1.
  private func takes(_ storage: SQLiteColumn.Storage, _ type: String, isKey: Bool) -> Bool {
    let type = type.uppercased()
    // When compared with a number, a text in a column without affinity is converted, and the column's index is not used.
    let isComparable = !isKey || storage == .any || storage == .text
    if isStrict {
      switch type {
      case "ANY": return isComparable
      case "INT": return storage == .integer
      default: return storage.rawValue == type
      }
    }
    let isInteger = type.contains("INT")
    let isText = ["CHAR", "CLOB", "TEXT"].contains { type.contains($0) }
    if isInteger { return storage == .integer }
    if isText { return storage == .text }
    if type.isEmpty || type.contains("BLOB") { return isComparable }
    if ["REAL", "FLOA", "DOUB"].contains(where: { type.contains($0) }) { return storage == .real }
    // Numeric: numbers stay numbers, but a text that looks like one becomes one.
    return storage == .integer || storage == .real
  }
}
