/// Why a record failed or is pending at a destination, or is not there as it was sent. It becomes a line of the run's ledger.
///
///     LoadProblem(.destinationRefused, column: 3, record: "c1", line: 7, detail: "must be an e-mail address", status: 422)
package struct LoadProblem: Sendable, Hashable {
  package var code: ProblemCode
  /// `error` for a record that failed, `warning` for one that is pending or that arrived with differences.
  package var severity: Severity
  /// The index of the field in `LoadPart.columns`; nil: the record as a whole.
  package var column: Int?
  /// The record's key in the source, as in `StagedBatch`.
  package var record: String
  /// The line number in the input, starting at 1.
  package var line: Int
  /// What the destination says, or what was found: without secrets, at most 200 characters; empty if the code says it all.
  package var detail: String
  /// The field's value as it was sent. The ledger shows it as far as the mapping's privacy allows, also where it occurs in `detail`;
  /// nil: it is not shown.
  package var value: String?
  /// The value that the destination has instead. The ledger shows it in the message, as far as the mapping's privacy allows; nil: there
  /// is none, or it is not shown.
  package var found: String?
  /// The status of the destination's response, and what it identifies the request by in its own logs.
  package var status: Int?
  package var trace: String?
  /// How many times the record was sent; 0: it was not.
  package var attempt: UInt32

  package init(
    _ code: ProblemCode, severity: Severity = .error, column: Int? = nil, record: String, line: Int, detail: String = "",
    value: String? = nil, found: String? = nil, status: Int? = nil, trace: String? = nil, attempt: UInt32 = 1
  ) {
    self.code = code
    self.severity = severity
    self.column = column
    self.record = record
    self.line = line
    self.detail = detail
    self.value = value
    self.found = found
    self.status = status
    self.trace = trace
    self.attempt = attempt
  }
}
