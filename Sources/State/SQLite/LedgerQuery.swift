package import Core

/// A query on a run's ledger; nil: everything.
package struct LedgerQuery: Sendable, Hashable {
  package var run: String
  package var mapping: String?
  package var stage: Stage?
  package var severity: Severity?
  package var code: String?
  package var record: String?
  package var limit: Int?

  package init(
    run: String, mapping: String? = nil, stage: Stage? = nil, severity: Severity? = nil, code: String? = nil,
    record: String? = nil, limit: Int? = nil
  ) {
    self.run = run
    self.mapping = mapping
    self.stage = stage
    self.severity = severity
    self.code = code
    self.record = record
    self.limit = limit
  }

  /// The condition and its values, in order.
  var condition: (sql: String, values: [String]) {
    var parts = ["run = ?"]
    var values = [run]
    for (column, value) in [
      ("mapping", mapping), ("stage", stage?.rawValue), ("severity", severity?.rawValue), ("code", code), ("record", record),
    ] {
      guard let value else { continue }
      parts.append("\(column) = ?")
      values.append(value)
    }
    return (parts.joined(separator: " AND "), values)
  }
}
