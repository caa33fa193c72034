import Control
import Core
import Files
import FoundationEssentials
import PipelineFile
import State

/// A run that is to be replayed: whether it can be, and what it read.
struct ReplayedRun {
  let record: RunRecord
  let snapshot: String

  /// - Parameter id: a run's ID, or the beginning of one; nil: the newest run of the pipeline that is not a replay, a load or a dry run.
  /// - Throws: `OperationFailure` with the exit code 64 or 66 if there is no such run, or it cannot be replayed.
  static func find(
    _ id: String?, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> ReplayedRun {
    let record = try record(id, of: document, in: state, runs)
    let folder = RunFolder(path: state.run(record.id))
    guard record.pipeline.isExactly(document.name) else {
      throw OperationFailure(
        .usage,
        "run \(record.id) belongs to pipeline '\(record.pipeline)', not to '\(document.name)': name its pipeline file")
    }
    let facts = try folder.knownState()
    try check(record, folder, facts)
    if try ResumedRun.canResume(record, of: document, in: state, runs), facts?.isExtracted == true {
      throw OperationFailure(
        .usage,
        "run \(record.id) was interrupted and can be continued: waybill run \(CommandOption.resume) \(record.id)")
    }
    // Before its end, what is there is of an earlier attempt.
    let hasOutcomes = FilePath.exists(folder.outcomes) && facts.map { $0.verdict != nil } ?? true
    guard let snapshot = record.snapshot, hasOutcomes else {
      throw OperationFailure(
        .inputMissing,
        "run \(record.id) ended before its outcomes were recorded, so it is not known what is open: run the pipeline again")
    }
    guard FilePath.exists("\(state.snapshots)/\(snapshot)") else {
      throw OperationFailure(
        .inputMissing,
        "run \(record.id) read snapshot \(snapshot), which no longer exists: \(SourceOptions.replayAdvice)")
    }
    return ReplayedRun(record: record, snapshot: snapshot)
  }

  private static func record(
    _ id: String?, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> RunRecord {
    let all = try runs.runs(limit: nil)
    guard let id, !id.isExactly("latest") else {
      let newest = all.first { run in
        guard run.pipeline.isExactly(document.name), run.replayOf == nil else { return false }
        let folder = RunFolder(path: state.run(run.id))
        return folder.request?.load == nil && !folder.isDryRun
      }
      guard let newest else {
        throw OperationFailure(
          .inputMissing, "there are no runs of pipeline '\(document.name)' to replay: start one with `waybill run`")
      }
      return newest
    }
    guard let found = try runs.run(id) else {
      throw OperationFailure(
        .inputMissing, "there is no run '\(id)', or several IDs begin with it: see `waybill runs list`")
    }
    // What a replay has left open is open in the run that it replays.
    guard let origin = found.replayOf else { return found }
    guard let replayed = try runs.run(origin) else {
      throw OperationFailure(.inputMissing, "run \(found.id) is a replay of run \(origin), which no longer exists")
    }
    return replayed
  }

  private static func check(_ record: RunRecord, _ folder: RunFolder, _ facts: RunState?) throws(OperationFailure) {
    if folder.request?.load != nil {
      throw OperationFailure(
        .usage, "run \(record.id) was a load, whose input is not kept: load the corrected file with `waybill load`")
    }
    if folder.isDryRun {
      throw OperationFailure(.usage, "run \(record.id) was a dry run, so nothing was loaded: run the pipeline")
    }
    if facts?.isForbidden ?? (record.status == .gateFailed) {
      let again = record.snapshot.map { " with \(CommandOption.snapshot) \($0)" } ?? ""
      throw OperationFailure(
        .usage, "a gate stopped run \(record.id), so nothing was loaded: once the cause is fixed, run the pipeline\(again)")
    }
    if record.status == .running, FilePath.exists(folder.facts) {
      throw OperationFailure(
        .usage,
        "run \(record.id) has not ended: wait for it; if its process was killed, continue it: waybill run \(CommandOption.resume) \(record.id)"
      )
    }
  }
}
