package import Control
package import Core
import Files
package import Transform

/// Receives the outcomes and problems of one part: counts them, keeps the outcomes in the run's folder, and turns problems into lines
/// of the ledger.
package final class PartSink: OutcomeSink {
  private struct Line {
    var line: LedgerLine
    var code: ProblemCode
    var severity: Severity
    /// The record whose outcome it may explain.
    var ordinal: UInt64?
  }

  private struct Content {
    /// By ordinal; nil: not reported yet.
    var outcomes: [LoadOutcome?]
    var reported = 0
    var counts = OutcomeCounts()
    var repeated = 0
    var lines: [Line] = []
    var places = Places()
    /// Tasks that wait until the lines have been taken.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let part: RunPart
  private let encoder: ProblemLines
  private let program: Program
  private let path: String?
  private let isSilent: Bool
  private let content: Locked<Content>

  /// Codes that do not explain why a record failed or is pending: the record was accepted, even if not exactly as sent.
  private static let remarks: Set<ProblemCode> = [
    .notApplied, .notCompared, .remoteIDMissing, .remoteIDShared, .overwritten, .repeatedKey, .drifted, .notVerified,
  ]

  /// More lines are not kept in memory: their senders wait.
  private static let mostLines = 4096

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
      content.reported += 1
      content.counts[outcome.outcome] += 1
    }
  }

  package func explain(_ ordinal: UInt64, _ problem: LoadProblem) {
    guard !isSilent else { return }
    let line = encoder.line(of: problem, at: part.destination.text)
    let explains = !Self.remarks.contains(problem.code) && problem.severity != .note
    let made = Line(line: line, code: problem.code, severity: problem.severity, ordinal: explains ? ordinal : nil)
    content.withLock { $0.lines.append(made) }
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
    var encoded = encoder.line(of: problem, in: log)
    encoded.destination = part.destination.text
    let line = Line(line: encoded, code: warning.code, severity: .warning)
    content.withLock { $0.lines.append(line) }
  }

  /// Returns when there is room for more problems, or the task has been cancelled: whoever drains the sink may be slower than those
  /// who report.
  package func room() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = content.withLock { content in
          if content.lines.count < Self.mostLines || Task.isCancelled { return true }
          content.waiting.append(continuation)
          return false
        }
        if isThere { continuation.resume() }
      }
    } onCancel: {
      resumeWaiting()
    }
  }

  private func resumeWaiting() {
    let waiting = content.withLock { content in
      defer { content.waiting = [] }
      return content.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Moves the lines received so far into the ledger, and adds them to `notes`.
  ///
  /// - Throws: `OperationFailure`.
  package func drain(into ledger: RunLedgerWriter, _ notes: inout MappingNotes) throws {
    let lines = content.withLock { content in
      defer { content.lines = [] }
      return content.lines
    }
    defer { resumeWaiting() }
    var place = ledger.byteCount
    let ends = try ledger.append(lines.map(\.line))
    content.withLock { content in
      for (line, end) in zip(lines, ends) {
        if let ordinal = line.ordinal { content.places.add(place, of: ordinal, line.severity, count: content.outcomes.count) }
        place = end
      }
    }
    for line in lines { notes.add(line.code.slug, line.severity) }
    try ledger.mark()
  }

  /// How many records have an outcome.
  package var reported: Int { content.withLock { $0.reported } }

  /// How many records ended with each outcome, as far as outcomes have been reported.
  package var counts: OutcomeCounts { content.withLock { $0.counts } }

  /// Makes the outcomes durable, with the places of the lines that explain them. Those that have been reported are kept even if this
  /// throws.
  ///
  /// - Throws: `OperationFailure`, also if a record has no outcome, or more than one.
  package func finish() throws {
    let (outcomes, places, repeated) = content.withLock { ($0.outcomes, $0.places, $0.repeated) }
    let log = try path.map { try FateLogWriter(path: $0) }
    for (ordinal, outcome) in outcomes.enumerated() {
      guard let outcome else { continue }
      let needsReason = outcome.outcome == .failed || outcome.outcome == .pending
      try log?.append(UInt64(ordinal), outcome, place: needsReason ? places[ordinal] : nil)
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

  /// By ordinal, the place of the line in the ledger that explains the record's outcome: its first error, or else its first line.
  private struct Places {
    /// Twice the place plus 2, and 1 more if it is an error; 0: none. Empty until there is one.
    private var places: [UInt64] = []

    mutating func add(_ place: Int, of ordinal: UInt64, _ severity: Severity, count: Int) {
      guard ordinal < UInt64(count) else { return }
      if places.isEmpty { places = [UInt64](repeating: 0, count: count) }
      let known = places[Int(ordinal)]
      let isError = severity == .error
      guard known == 0 || isError && known & 1 == 0 else { return }
      places[Int(ordinal)] = UInt64(place) * 2 + 2 + (isError ? 1 : 0)
    }

    subscript(ordinal: Int) -> Int? {
      places.isEmpty || places[ordinal] == 0 ? nil : Int(places[ordinal] / 2 - 1)
    }
  }
}
