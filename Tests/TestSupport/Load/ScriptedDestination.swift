package import Core

/// An incremental destination that does with each record what a test says. It stands for an API: it knows the records that it has,
/// also over several runs.
package final class ScriptedDestination: Destination {
  /// What it does with a record.
  package enum Reaction: Sendable {
    /// Created, updated or unchanged.
    case take
    /// It has the record, but changes a value.
    case takeWithout(column: Int)
    case refuse(LoadProblem)
    /// As `refuse`, with several reasons.
    case refuseFor([LoadProblem])
    /// The record is pending.
    case leave(LoadProblem)
    /// This and all later records, of other mappings as well, are pending: the destination is stopped.
    case stop(OperationFailure)
    /// The session breaks.
    case `throw`(OperationFailure)
    /// The test goes on before the record is taken.
    case wait(@Sendable () async -> Void)
  }

  package let name: String
  package let traits = DestinationTraits(delivery: .incremental)
  private let reaction: @Sendable (_ mapping: String, _ key: String) -> Reaction
  private let held = Locked(Content())

  private struct Content {
    var rows: [Name: String] = [:]
    var stop: OperationFailure?
    var begun: [String] = []
  }

  package init(_ name: String, _ reaction: @escaping @Sendable (_ mapping: String, _ key: String) -> Reaction = { _, _ in .take })
  {
    self.name = name
    self.reaction = reaction
  }

  /// `contacts c1`, in order.
  package var keys: [String] { held.withLock { $0.rows.keys.map(\.text).sorted() } }
  /// What it has of each record, by `contacts c1`.
  package var content: [String: String] {
    held.withLock { rows in Dictionary(uniqueKeysWithValues: rows.rows.map { ($0.key.text, $0.value) }) }
  }
  /// The mappings that were begun, in order.
  package var begun: [String] { held.withLock { $0.begun } }
  /// It works again.
  package func restart() { held.withLock { $0.stop = nil } }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    try Task.checkCancellation()
    held.withLock { $0.begun.append(part.mapping) }
    return Session(destination: self, part: part, sink: sink)
  }

  /// As far as the script is known before anything is sent: what it refuses later counts as taken.
  package func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    let rows = held.withLock { $0.rows }
    return PredictingSession(sink) { batch, index in
      let key = batch.key(index).string
      let old = rows[Name("\(part.mapping) \(key)")]
      let new = Self.value(batch.record(index))
      return Forecast(Name(key), old == nil ? .created : old?.isExactly(new) == true ? .unchanged : .updated)
    }
  }

  private static func value(_ cells: UnsafeBufferPointer<Cell>) -> String {
    cells.map { $0.kind == .string ? $0.text.string : "-" }.joined(separator: "|")
  }

  private struct Session: LoadSession {
    let destination: ScriptedDestination
    let part: LoadPart
    let sink: any OutcomeSink
    var failure: OperationFailure?

    mutating func submit(_ batch: StagedBatch) async throws {
      for index in 0..<batch.count {
        try Task.checkCancellation()
        let record = Record(
          ordinal: batch.first + UInt64(index), key: batch.key(index).string, line: batch.line(index),
          value: ScriptedDestination.value(batch.record(index)))
        try await take(record)
      }
    }

    private struct Record {
      var ordinal: UInt64
      var key: String
      var line: Int
      var value: String
    }

    private mutating func take(_ record: Record) async throws {
      if let stop = destination.held.withLock({ $0.stop }) { return leave(record, stop) }
      switch destination.reaction(part.mapping, record.key) {
      case .take: keep(record)
      case .takeWithout(let column):
        explain(record, LoadProblem(.notApplied, severity: .warning, column: column, record: record.key, line: record.line))
        keep(record)
      case .refuse(let problem):
        explain(record, problem)
        sink.report(record.ordinal, LoadOutcome(.failed, code: problem.code, attempt: problem.attempt))
      case .refuseFor(let problems):
        for problem in problems { explain(record, problem) }
        sink.report(record.ordinal, LoadOutcome(.failed, code: problems.last?.code))
      case .leave(let problem):
        explain(record, problem)
        sink.report(record.ordinal, LoadOutcome(.pending, code: problem.code))
      case .stop(let failure):
        destination.held.withLock { $0.stop = failure }
        leave(record, failure)
      case .throw(let failure): throw failure
      case .wait(let body):
        await body()
        try Task.checkCancellation()
        keep(record)
      }
    }

    private func explain(_ record: Record, _ problem: LoadProblem) {
      var problem = problem
      (problem.record, problem.line) = (record.key, record.line)
      sink.explain(record.ordinal, problem)
    }

    private mutating func leave(_ record: Record, _ failure: OperationFailure) {
      self.failure = failure
      explain(record, LoadProblem(.notSent, severity: .warning, record: "", line: 0, detail: failure.description, attempt: 0))
      sink.report(record.ordinal, LoadOutcome(.pending, code: .notSent, attempt: 0))
    }

    private func keep(_ record: Record) {
      let old = destination.held.withLock { $0.rows.updateValue(record.value, forKey: Name("\(part.mapping) \(record.key)")) }
      let outcome: Outcome = old == nil ? .created : old?.isExactly(record.value) == true ? .unchanged : .updated
      sink.report(record.ordinal, LoadOutcome(outcome))
    }

    mutating func finish() async throws { try Task.checkCancellation() }
    mutating func close() async {}
  }
}
