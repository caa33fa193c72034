/// Remembers runs and what happened to their records.
package protocol RunLedger: Sendable {
  /// - Throws: `OperationFailure`, as every call.
  func begin(_ run: RunRecord) throws
  /// Adds entries to the ledger, in one transaction.
  func record(_ entries: [LedgerEntry]) throws
  func end(_ run: RunRecord, counts: [OutcomeCount]) throws
}

/// One run as the state keeps it. Times are RFC 3339, UTC.
package struct RunRecord: Sendable, Hashable {
  package var id: String
  package var pipeline: String
  package var status: RunStatus
  package var exitCode: Int32?
  package var started: String
  package var finished: String?
  package var snapshot: String?
  /// The location whose records it read, or `files`; nil if it ended before that was known.
  package var location: String?
  /// How it was narrowed, as the JSON of `summary.json`; nil if it was not.
  package var narrowed: String?
  /// Whether it published everything the source has. Nil for runs of versions that did not record it.
  package var isWhole: Bool?
  /// The text of `summary.json`.
  package var summary: String?

  package init(
    id: String, pipeline: String, status: RunStatus = .running, exitCode: Int32? = nil, started: String,
    finished: String? = nil, snapshot: String? = nil, location: String? = nil, narrowed: String? = nil, isWhole: Bool? = nil,
    summary: String? = nil
  ) {
    self.id = id
    self.pipeline = pipeline
    self.status = status
    self.exitCode = exitCode
    self.started = started
    self.finished = finished
    self.snapshot = snapshot
    self.location = location
    self.narrowed = narrowed
    self.isWhole = isWhole
    self.summary = summary
  }
}

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

/// How many items of a mapping ended in one state at one destination.
package struct OutcomeCount: Sendable, Hashable {
  package var mapping: String
  package var destination: String
  package var outcome: Outcome
  package var count: Int

  package init(mapping: String, destination: String, outcome: Outcome, count: Int) {
    self.mapping = mapping
    self.destination = destination
    self.outcome = outcome
    self.count = count
  }
}
