import Control
import Core
import Report

/// The gates of a run.
extension RunExecution {
  /// Accepting a gate that does not exist would otherwise have no effect, silently.
  ///
  /// - Throws: `OperationFailure` with the exit code `usage`.
  func checkAcceptedGates() throws {
    let names = document.gates.map(\.name)
    for name in options.acceptedGates where !names.contains(name) {
      let hint = NearestName.hint(name, in: names) ?? "its gates are: \(names.joined(separator: ", "))"
      throw OperationFailure(.usage, "--accept-gate \(name): the pipeline has no such gate; \(hint)")
    }
  }

  /// False: a gate forbids publishing.
  ///
  /// - Throws: `OperationFailure` if the earlier runs cannot be read.
  func judge() throws -> Bool {
    let facts = try staged.map { $0.facts(last: try lastWritten($0.name)) }
    let judge = GateJudge(
      document.gates, isNarrowed: summary.narrowing != nil, accepted: Set(options.acceptedGates))
    summary.gates = judge.judge(facts)
    for result in summary.gates where result.isJudged && !result.passed {
      let verdict = result.isAccepted ? "failed, accepted" : result.severity == .warning ? "warning" : "failed"
      observer.note("gate \(verdict): \(result.text)")
      if result.isAccepted { summary.notes.append("a gate failure was accepted: \(result.text)") }
    }
    let failed = summary.gates.filter(\.stops)
    failures += failed.map { OperationFailure(.gateFailed, "gate \($0.text)") }
    return failed.isEmpty
  }

  /// What the last complete run of this pipeline and location let through.
  private func lastWritten(_ mapping: String) throws -> GateResult.Last? {
    try state?.lastWritten(mapping, pipeline: document.name, location: location).map { .init(run: $0.run, count: $0.count) }
  }
}
