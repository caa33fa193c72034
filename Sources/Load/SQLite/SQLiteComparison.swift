/// The SQL that compares the rows of a staging database, `part`, with those of the table: the same when they are published, and when
/// a dry run asks what that would do.
struct SQLiteComparison: Sendable {
  let table: SQLiteTable
  let mode: SQLiteMode

  /// Fills `part.fates`.
  var comparison: String {
    """
    DELETE FROM part.fates;
    INSERT INTO part.fates \(selection(of: []))
    """
  }

  /// For each row of the part, in their order: its ordinal, its fate, and more expressions.
  func selection(of more: [String]) -> String {
    """
    SELECT \((["r.ordinal", fate] + more).joined(separator: ", "))
      FROM part.rows r LEFT JOIN main.\(table.quotedName) t ON \(hasSameKey) ORDER BY r.ordinal
    """
  }

  private var fate: String {
    """
    CASE WHEN t.\(table.quoted(table.key[0])) IS NULL THEN \(SQLiteFate.created.rawValue)
        WHEN \(isSame) THEN \(SQLiteFate.unchanged.rawValue) ELSE \(SQLiteFate.updated.rawValue) END
    """
  }

  var deletion: String { "DELETE FROM main.\(table.quotedName) AS t WHERE \(isNotInPart)" }

  /// The keys of the rows that `deletion` removes.
  var deletedKeys: String {
    "SELECT \(table.key.map { "t.\(table.quoted($0))" }.joined(separator: ", ")) FROM main.\(table.quotedName) AS t WHERE \(isNotInPart)"
  }

  private var isNotInPart: String { "NOT EXISTS (SELECT 1 FROM part.rows r WHERE \(hasSameKey))" }

  /// Byte by byte, whatever the column's collation.
  var hasSameKey: String {
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
  func newValue(_ column: Int) -> String {
    guard mode == .upsert else { return "+r.c\(column)" }
    return "CASE WHEN substr(r.missing, \(column + 1), 1) = '1' THEN t.\(table.quoted(column)) ELSE r.c\(column) END"
  }
}
