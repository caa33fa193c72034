import Core
import GRDB

extension LedgerQuery {
  /// The row of `resolutions` that belongs to a row of `ledger`. A replay has the resolutions of the run that it replays.
  static let resolution = """
    resolutions.run = (SELECT coalesce(runs.replay_of, runs.id) FROM runs WHERE runs.id = ledger.run)
    AND resolutions.mapping = ledger.mapping AND resolutions.destination = coalesce(ledger.destination, '')
    AND resolutions.line = ledger.line AND resolutions.record = coalesce(CAST(ledger.record AS BLOB), x'')
    AND resolutions.element = coalesce(ledger.element, -1)
    """

  /// The condition of a `SELECT` from `ledger`, and its values in order.
  var condition: (sql: String, values: StatementArguments) {
    // Without the `+`, SQLite would read the whole ledger of the run to find one record.
    var parts = [record == nil ? "ledger.run = ?" : "+ledger.run = ?"]
    var values: [(any DatabaseValueConvertible)?] = [run]
    for (column, value) in [
      ("mapping", mapping), ("stage", stage?.rawValue), ("severity", severity?.rawValue), ("code", code), ("field", field),
    ] {
      guard let value else { continue }
      parts.append("ledger.\(column) = CAST(? AS TEXT)")
      values.append(SQLText(value))
    }
    if let record {
      // One range of the index has the record and its items: `KEY`, then `KEY#0` to `KEY#9…`.
      parts.append(
        """
        ledger.record >= CAST(? AS TEXT) AND ledger.record < CAST(? AS TEXT) AND (ledger.record = CAST(? AS TEXT)
        OR ledger.record > CAST(? AS TEXT) AND rtrim(ledger.record, '0123456789') = CAST(? AS TEXT))
        """)
      values += [record, "\(record)#:", record, "\(record)#", "\(record)#"].map { SQLText($0) }
    }
    if isOpen {
      parts.append(
        "ledger.severity = 'error' AND ledger.stage <> 'extract' AND NOT EXISTS (SELECT 1 FROM resolutions WHERE \(Self.resolution))"
      )
    }
    return (parts.joined(separator: " AND "), StatementArguments(values))
  }
}
