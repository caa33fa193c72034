import GRDB

extension Row {
  /// A column's value. GRDB's own subscript ends the program if the value has another type, as in a damaged file.
  ///
  /// - Throws: `DatabaseError` with the code `SQLITE_CORRUPT`.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value = Value.fromDatabaseValue(self[column] as DatabaseValue) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value of the column '\(column)' has the wrong type")
    }
    return value
  }

  /// The same for a column that may be null.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    (self[column] as DatabaseValue).isNull ? nil : try value(column)
  }
}
