import Core

/// Reports the outcomes of a part's records to the run.
struct PartReports: Sendable {
  let sink: any OutcomeSink

  /// Found out without sending the record.
  private static let unsent: Set<ProblemCode> = [.outstanding, .drifted, .notVerified]

  func explain(_ record: OutgoingRecord, _ reason: PartLoad.Reason, _ severity: Severity, attempts: Int = 1) {
    sink.explain(
      record.ordinal,
      LoadProblem(
        reason.code, severity: severity, column: reason.column, record: record.source, line: record.line,
        detail: reason.detail, value: reason.value, found: reason.found, status: reason.status, trace: reason.trace,
        attempt: Self.unsent.contains(reason.code) ? 0 : UInt32(max(1, attempts))))
  }

  func end(_ record: OutgoingRecord, _ outcome: Outcome, _ reason: PartLoad.Reason?, attempts: Int) {
    if let reason { explain(record, reason, outcome == .failed ? .error : .warning, attempts: attempts) }
    sink.report(record.ordinal, LoadOutcome(outcome, code: reason?.code, attempt: UInt32(max(1, attempts))))
  }
}

extension PartLoad {
  /// Why a record has its outcome.
  struct Reason: Error, Sendable {
    var code: ProblemCode
    var detail: String
    var column: Int?
    /// As of `LoadProblem`.
    var value: String?
    var found: String?
    var status: Int?
    var trace: String?

    init(_ code: ProblemCode, _ detail: String, column: Int? = nil, status: Int? = nil, trace: String? = nil) {
      self.code = code
      self.detail = detail
      self.column = column
      self.status = status
      self.trace = trace
    }

    static func parent(_ mapping: Name, _ key: Name) -> Reason {
      Reason(.parentNotLoaded, "'\(mapping)' \(VisibleText.escaped(key.text)) is not there")
    }
  }
}
