/// Which lines of a run's ledger to read; nil: all of them. Texts are compared by their bytes.
package struct LedgerQuery: Sendable, Hashable {
  package var run: String
  package var mapping: String?
  package var stage: Stage?
  package var severity: Severity?
  package var code: String?
  package var field: String?
  /// The lines of this record, and those of its items (`ItemName`).
  package var record: String?
  /// Only errors without a resolution, and not those of the stage `extract`: what could not be fetched cannot be replayed.
  package var isOpen: Bool
  /// At most this many lines, from the first one.
  package var limit: Int?

  package init(
    run: String, mapping: String? = nil, stage: Stage? = nil, severity: Severity? = nil, code: String? = nil,
    field: String? = nil, record: String? = nil, isOpen: Bool = false, limit: Int? = nil
  ) {
    self.run = run
    self.mapping = mapping
    self.stage = stage
    self.severity = severity
    self.code = code
    self.field = field
    self.record = record
    self.isOpen = isOpen
    self.limit = limit
  }
}
