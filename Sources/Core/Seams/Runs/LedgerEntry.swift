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
  /// The element of a list (`each`) that has no key: the key of another one names it. Nil: none.
  package var element: Int?
  /// Of lines of the stage `load`; nil in ledgers of versions that did not record it.
  package var destination: String?
  /// The JSON object as in `ledger.ndjson`.
  package var text: String
  /// What became of the item later; set only when an error is read back.
  package var resolution: LedgerResolution?

  package init(
    run: String, mapping: String, record: String? = nil, stage: String, severity: String, code: String,
    field: String? = nil, line: Int? = nil, element: Int? = nil, destination: String? = nil, text: String,
    resolution: LedgerResolution? = nil
  ) {
    self.run = run
    self.mapping = mapping
    self.record = record
    self.stage = stage
    self.severity = severity
    self.code = code
    self.field = field
    self.line = line
    self.element = element
    self.destination = destination
    self.text = text
    self.resolution = resolution
  }
}

/// How the item of a ledger line was resolved.
package struct LedgerResolution: Sendable, Hashable {
  /// The run that resolved it.
  package var run: String
  /// How the item ended there: `created`.
  package var outcome: String
  /// RFC 3339, UTC.
  package var time: String

  package init(run: String, outcome: String, time: String) {
    self.run = run
    self.outcome = outcome
    self.time = time
  }
}
