/// One line of the ledger: the columns that can be queried, and the whole line.
package struct LedgerEntry: Sendable, Hashable {
  package var run: String
  package var mapping: String
  /// The record's key; nil if it has none.
  package var record: String?
  package var stage: String
  package var severity: String
  package var code: String
  package var field: String?
  /// Of the input, from 1.
  package var line: Int?
  /// The JSON object as in `ledger.ndjson`.
  package var text: String

  package init(
    run: String, mapping: String, record: String? = nil, stage: String, severity: String, code: String,
    field: String? = nil, line: Int? = nil, text: String
  ) {
    self.run = run
    self.mapping = mapping
    self.record = record
    self.stage = stage
    self.severity = severity
    self.code = code
    self.field = field
    self.line = line
    self.text = text
  }
}
