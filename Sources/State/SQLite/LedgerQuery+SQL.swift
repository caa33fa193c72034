import Core
import GRDB

extension LedgerQuery {
  /// The condition of a `SELECT` from `ledger`, and its values in order.
  var condition: (sql: String, values: StatementArguments) {
    var parts = ["run = ?"]
    var values: [(any DatabaseValueConvertible)?] = [run]
    for (column, value) in [
      ("mapping", mapping), ("stage", stage?.rawValue), ("severity", severity?.rawValue), ("code", code), ("field", field),
      ("record", record),
    ] {
      guard let value else { continue }
      parts.append("\(column) = CAST(? AS TEXT)")
      values.append(SQLText(value))
    }
    return (parts.joined(separator: " AND "), StatementArguments(values))
  }
}
