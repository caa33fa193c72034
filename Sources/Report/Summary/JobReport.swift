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
    var code = failure?.exitCode ?? .done
    if failure == nil, summary.unaccounted != 0 {
      code = .fault
    } else if failure == nil, summary.failed > 0, !isLenient {
      code = .recordsFailed
    }
    summary.exitCode = code
    summary.status =
      switch code {
      case .done: summary.failed > 0 ? .partial : .done
      case .recordsFailed: .partial
      case .tryLater: .interrupted
      default: .failed
      }
    if let failure, !summary.messages.contains(failure.description) { summary.messages.append(failure.description) }
  }
}
