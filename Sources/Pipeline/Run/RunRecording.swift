import Control
import Core
import Extract
import Files
import FoundationEssentials
import PipelineFile
import Records
import Report
import State

/// Records how a run ended: in the state, in its folder, and where `--summary` asks for it.
struct RunRecording {
  let document: PipelineDocument
  let options: RunEngine.Options
  /// Nil if the state could not be opened.
  let runs: (any RunStore)?
  /// Nil if the run has none of its own.
  let folder: RunFolder?
  let permission: SummaryPermission

  /// Returns what could not be written.
  func record(_ summary: RunSummary, counts: [OutcomeCount], location: String?, isWhole: Bool) -> [OperationFailure] {
    var failures: [OperationFailure] = []
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch { failures.append(OperationFailure(error)) }
    }
    // The state first: there must be no file that says `done` while the state lacks the run.
    if let runs, folder != nil { attempt { try runs.end(record(of: summary, location, isWhole), counts: counts) } }
    let text = summary.json.prettyText
    if let folder { attempt { try Self.write(text, to: folder.summary, mode: 0o600) } }
    if let path = options.summaryPath, !permission.isForbidden {
      attempt {
        if !permission.isClear { try OutputGuard.checkReplaced(path) }
        try Self.write(text, to: path, mode: 0o666)
      }
    }
    return failures
  }

  /// A failure at the very end is in the report, the exit code and the state, though not in the file.
  func correct(_ summary: RunSummary, counts: [OutcomeCount], location: String?, isWhole: Bool) {
    if let runs, folder != nil { try? runs.end(record(of: summary, location, isWhole), counts: counts) }
  }

  private func record(of summary: RunSummary, _ location: String?, _ isWhole: Bool) -> RunRecord {
    RunRecord(
      id: summary.run, pipeline: document.name, status: summary.status, exitCode: summary.exitCode.rawValue,
      started: summary.started, finished: summary.finished, snapshot: summary.snapshot, location: location,
      narrowed: summary.narrowing?.json.text, isWhole: isWhole, summary: summary.json.text)
  }

  private static func write(_ text: String, to path: String, mode: UInt32) throws {
    let file = try OutputFile(path: path, mode: mode)
    try file.write(text)
    try file.commit()
  }
}

extension RunSummary {
  mutating func set(_ verdict: Verdict) {
    status = verdict.status
    exitCode = verdict.exitCode
    messages = verdict.messages
    retryAfterSeconds = verdict.retryAfterSeconds
  }

  /// The location that was read through the API; none for files and existing snapshots.
  mutating func setLocation(of document: PipelineDocument, _ options: SourceOptions) {
    guard case .ghl(let source) = document.source, options.snapshot == nil, options.load == nil else { return }
    locations = [
      .init(
        id: options.location ?? source.location, status: status, exitCode: exitCode,
        read: entities.map(\.read).reduce(0, +), requests: requests.made)
    ]
  }
}
