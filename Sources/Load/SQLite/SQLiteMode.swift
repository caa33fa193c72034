/// What a part does to its table.
package enum SQLiteMode: String, Sendable, Hashable, CaseIterable {
  /// Rows are inserted or updated by their key. Other rows stay, and so do the columns whose fields a record does not have.
  case upsert
  /// The table has exactly the records of the part: other rows are deleted, and a field that a record does not have is null.
  case replace
}
