import GRDB

extension Row {
  /// A column's value. GRDB's own subscript ends the program if the row has no such column, or the value another type, as in
  /// a damaged file.
  ///
  /// - Throws: `DatabaseError` with the code `SQLITE_CORRUPT`.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value = Value.fromDatabaseValue(try stored(column)) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value of the column '\(column)' has the wrong type")
    }
    return value
  }

  /// The same for a column that may be null.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    try stored(column).isNull ? nil : try value(column)
  }

  private func stored(_ column: String) throws -> DatabaseValue {
    guard hasColumn(column) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the column '\(column)' is missing")
    }
    return self[column]
  }
}
