package import Control
package import Core
import Files
package import Transform

/// Receives the outcomes and warnings of one part: counts them, keeps the outcomes in the run's folder, and turns warnings into
/// lines of the ledger.
package final class PartSink: OutcomeSink {
  private struct Content {
    /// By ordinal; nil: not reported yet.
    var outcomes: [LoadOutcome?]
    var repeated = 0
    var lines: [LedgerLine] = []
    var codes: [(code: ProblemCode, severity: Severity)] = []
  }

  private let part: RunPart
  private let encoder: ProblemLines
  private let program: Program
  private let path: String?
  private let isSilent: Bool
  private let content: Locked<Content>

  /// - Parameters:
  ///   - log: where the outcomes are kept; nil for a part that does not reach its target.
  ///   - isSilent: the part's warnings are already in the ledger.
  package init(_ part: RunPart, program: Program, count: Int, encoder: ProblemLines, log path: String?, isSilent: Bool) {
    self.part = part
    self.encoder = encoder
    self.path = path
    self.isSilent = isSilent
    self.program = program
    content = Locked(Content(outcomes: Array(repeating: nil, count: count)))
  }

  package func report(_ ordinal: UInt64, _ outcome: LoadOutcome) {
    content.withLock { content in
      guard ordinal < UInt64(content.outcomes.count), content.outcomes[Int(ordinal)] == nil else {
        content.repeated += 1
        return
      }
      content.outcomes[Int(ordinal)] = outcome
    }
  }

  package func explain(_ ordinal: UInt64, _ problem: LoadProblem) {
    guard !isSilent else { return }
    let line = encoder.line(of: problem, at: part.destination.text)
    content.withLock { content in
      content.lines.append(line)
      content.codes.append((problem.code, problem.severity))
    }
  }

  package func warn(_ warning: LoadWarning) {
    guard !isSilent else { return }
    var log = ProblemLog()
    let column = Int32(warning.column)
    let problem = Problem(
      warning.code, severity: .warning, stage: .load, subject: .field(column),
      record: RecordMark(line: warning.line, offset: 0),
      value: log.copy(warning.value, as: program.field(of: .field(column))?.privacy ?? .never),
      key: log.copy(key: warning.key))
    let line = encoder.line(of: problem, in: log)
    content.withLock { content in
      content.lines.append(line)
      content.codes.append((warning.code, .warning))
    }
  }

  /// Moves the lines received so far into the ledger, and adds them to `notes`.
  ///
  /// - Throws: `OperationFailure`.
  package func drain(into ledger: RunLedgerWriter, _ notes: inout MappingNotes) throws {
    let (lines, codes) = content.withLock { content in
      defer { (content.lines, content.codes) = ([], []) }
      return (content.lines, content.codes)
    }
    try ledger.append(lines)
    for (code, severity) in codes { notes.add(code.slug, severity) }
    try ledger.mark()
  }

  /// How many records ended with each outcome, as far as outcomes have been reported.
  package var counts: OutcomeCounts {
    content.withLock { content in
      content.outcomes.reduce(into: OutcomeCounts()) { if let outcome = $1 { $0[outcome.outcome] += 1 } }
    }
  }

  /// Makes the outcomes durable. Those that have been reported are kept even if this throws.
  ///
  /// - Throws: `OperationFailure`, also if a record has no outcome, or more than one.
  package func finish() throws {
    let (outcomes, repeated) = content.withLock { ($0.outcomes, $0.repeated) }
    let log = try path.map { try FateLogWriter(path: $0) }
    for (ordinal, outcome) in outcomes.enumerated() {
      if let outcome { try log?.append(UInt64(ordinal), outcome) }
    }
    try log?.commit()
    let missing = outcomes.count { $0 == nil }
    guard missing == 0, repeated == 0 else {
      throw OperationFailure(
        .fault,
        "'\(part.destination)' reported no outcome for \(missing) records of '\(part.mapping)', and \(repeated) extra outcomes; "
          + "please report this run")
    }
  }
}
