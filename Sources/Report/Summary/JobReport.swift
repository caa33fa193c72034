import Control
package import Core
import Files
import Records

/// What the summaries of jobs on one input have in common: `transform`'s and `validate`'s.
package protocol JobSummary {
  var status: RunStatus { get set }
  var exitCode: ExitCode { get set }
  var messages: [String] { get set }
  var seconds: Double { get set }
  var unaccounted: Int { get }
  /// Records that were rejected, or are invalid.
  var failed: Int { get }
  var json: JSONValue { get }
}

/// How such a job ends.
package protocol JobReport {
  associatedtype Summary: JobSummary
  var summary: Summary { get set }
  var diagnostics: Diagnostics { get }
  var failure: OperationFailure? { get set }
}

extension JobReport {
  /// Determines exit code and status, and writes the summary to `path`.
  package mutating func end(since start: ContinuousClock.Instant, isLenient: Bool, summaryTo path: String?) {
    let parts = (ContinuousClock.now - start).components
    summary.seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    settle(isLenient)
    // If the files themselves are refused, none of them is overwritten; nor is a file that was read before another failure.
    guard let path, failure?.exitCode != .usage, !diagnostics.files.values.contains(where: { FileIdentity.isSame($0.name, path) })
    else {
      return
    }
    do {
      let file = try OutputFile(path: path)
      try file.write(Redactor.process.redacted(summary.json).prettyText)
      try file.commit()
    } catch {
      failure = failure ?? OperationFailure(error)
      settle(isLenient)
    }
  }

  private mutating func settle(_ isLenient: Bool) {
    let verdict = verdict(RunPlan(isLenient: isLenient), facts)
    summary.exitCode = verdict.exitCode
    summary.status = verdict.status
    if let failure, !summary.messages.contains(failure.description) { summary.messages.append(failure.description) }
  }

  /// The job as a run of one mapping without destinations.
  private var facts: [RunFact] {
    if let failure { return [.failed(.transform([]), .init(failure))] }
    let job: Name = "job"
    let counts = MappingCounts(job, read: summary.failed + summary.unaccounted, rejected: summary.failed)
    return [.compiled(.init(mappings: [job], groups: [[job]])), .staged(.init([counts]))]
  }
}
