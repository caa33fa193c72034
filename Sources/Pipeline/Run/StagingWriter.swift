import Core
import Records
import Transform

/// Transforms one mapping's input into the run's staging folder.
struct StagingWriter {
  let mapping: StagedMapping
  let encoder: LedgerLineEncoder
  let ledger: RunLedgerWriter
  let observer: any RunObserver
  let threads: Int

  /// What has been read is in `mapping.counts`, and each of these items has its line in `mapping.outcomes`, also when
  /// this throws: `InputFailure`, `OutputFailure`, `StateFailure`, `CSVSource.HeaderFailure`, `CancellationError`.
  func run(_ source: any RecordSource) async throws {
    let outcomes = try OutputFile(path: mapping.outcomes, mode: 0o600)
    let records = try OutputFile(path: mapping.records, mode: 0o600)
    var options = TransformRunner.Options(threads: threads)
    options.writesOutcomes = true
    let runner = TransformRunner(mapping.program, encoding: .staged(mapping.program), options: options)
    var source = source
    observer.stageBegan(.transform, of: mapping.name, expected: mapping.fetched)
    defer { observer.stageEnded(.transform, of: mapping.name) }
    do {
      _ = try await runner.run(&source) { lane in
        try records.write(lane.output.withPending { $0 })
        for problem in lane.log.problems { try ledger.append(encoder.line(of: problem, in: lane.log)) }
        try write(lane, to: outcomes)
        mapping.counts += lane.counts
        observer.stageAdvanced(.transform, of: mapping.name, done: mapping.counts.read)
      }
    } catch {
      try outcomes.commit()
      throw error
    }
    try records.commit()
    try outcomes.commit()
  }

  /// Outcome lines; those of rejected items with their first problem.
  private func write(_ lane: TransformLane, to file: OutputFile) throws {
    let lines = lane.outcomes.withPending { $0 }
    guard lane.counts.rejected > 0 else { return try file.write(lines) }
    let reasons = Self.reasons(lane.log)
    var next = 0
    var out = ""
    for line in lines.string.split(separator: "\n") {
      if line.contains(#""outcome":"rejected""#), next < reasons.count {
        out += line.dropLast() + "," + reason(reasons[next], lane.log).text.dropFirst() + "\n"
        next += 1
      } else {
        out += line + "\n"
      }
    }
    try file.write(out)
  }

  /// The first error of each item that has one: these are the rejected ones, in their order.
  private static func reasons(_ log: ProblemLog) -> [Problem] {
    var found: [Problem] = []
    for problem in log.problems where problem.severity == .error && found.last?.record.isSameItem(as: problem.record) != true {
      found.append(problem)
    }
    return found
  }

  private func reason(_ problem: Problem, _ log: ProblemLog) -> JSONValue {
    let line = encoder.line(of: problem, in: log)
    return .object(["code", "field", "message"].compactMap { name in line[name].map { .init(name, $0) } })
  }
}

extension RecordMark {
  fileprivate func isSameItem(as other: RecordMark) -> Bool {
    line == other.line && offset == other.offset && element == other.element
  }
}
