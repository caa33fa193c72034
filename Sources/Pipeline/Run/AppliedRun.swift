import Control
import Core
import Files
import PipelineFile
import State

/// A dry run that is to be applied: whether it can be, and what it was asked to do.
struct AppliedRun {
  /// - Parameter id: a run's ID, the beginning of one, or `latest`: the newest dry run of the pipeline.
  /// - Throws: `OperationFailure` if there is no such run, or it cannot be applied.
  static func find(
    _ id: String, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> ResumedRun {
    guard let record = try record(id, of: document, in: state, runs) else {
      let what =
        id.isExactly("latest")
        ? "there is no dry run of pipeline '\(document.name)'" : "there is no run '\(id)', or several IDs begin with it"
      throw OperationFailure(.inputMissing, "\(what): see `waybill runs list`")
    }
    let folder = RunFolder(path: state.run(record.id))
    guard let mark = try folder.mark(), mark.run.isExactly(record.id) else {
      throw OperationFailure(
        .inputMissing,
        "the staged records of run \(record.id) are gone, because a later run has replaced them: run again with --dry-run")
    }
    guard mark.pipeline.isExactly(document.name) else {
      throw OperationFailure(
        .usage, "run \(record.id) belongs to pipeline '\(mark.pipeline)', not to '\(document.name)': name its pipeline file")
    }
    guard mark.request.isDryRun else {
      throw OperationFailure(.usage, "run \(record.id) is not a dry run, so there is nothing to apply")
    }
    let known = RunState(try FactLog.read(folder.facts))
    if known.isApplied, !known.canResume { throw OperationFailure(.usage, "run \(record.id) was already applied") }
    guard known.isApplied || isComplete(known) else {
      throw OperationFailure(
        .usage,
        "run \(record.id) ended as '\(record.status.rawValue)', so it does not predict everything: run again with --dry-run")
    }
    if let later = try ResumedRun.laterPublisher(than: record, known, of: document, in: state, runs) {
      throw OperationFailure(
        .usage,
        "run \(later.id) of the same pipeline is newer and has published, so run \(record.id) is out of date: run again with --dry-run"
      )
    }
    return ResumedRun(mark: mark, folder: folder)
  }

  /// It predicts everything, and can only be applied.
  private static func isComplete(_ known: RunState) -> Bool {
    guard let verdict = known.verdict, [.done, .partial].contains(verdict.status) else { return false }
    return !known.canResume && !known.predicted.isEmpty
  }

  private static func record(
    _ id: String, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> RunRecord? {
    guard id.isExactly("latest") else { return try runs.run(id) }
    for record in try runs.runs() where record.pipeline.isExactly(document.name) {
      if (try? RunFolder(path: state.run(record.id)).mark())??.request.isDryRun == true { return record }
    }
    return nil
  }
}
