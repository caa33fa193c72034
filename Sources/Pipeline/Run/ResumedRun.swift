import Control
import Core
import FoundationEssentials
import State

/// A run that is to be resumed: whether it can be, and what it was asked to do.
struct ResumedRun {
  let mark: RunFolder.Mark
  let folder: RunFolder

  /// - Parameter id: a run's ID, or the beginning of one.
  /// - Throws: `OperationFailure` if there is no such run, or it cannot be resumed.
  static func find(
    _ id: String, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> ResumedRun {
    guard let record = try runs.run(id) else {
      throw OperationFailure(.inputMissing, "there is no run '\(id)', or several begin like this: `waybill runs list` shows them")
    }
    let folder = RunFolder(path: state.run(record.id))
    guard let mark = try folder.mark(), mark.run.isExactly(record.id) else {
      throw OperationFailure(
        .inputMissing, "run \(record.id) cannot be resumed: what it staged is gone, or an earlier version made it; start over")
    }
    guard mark.pipeline.isExactly(document.name) else {
      throw OperationFailure(
        .usage, "run \(record.id) is of the pipeline '\(mark.pipeline)', not of '\(document.name)': name its pipeline file")
    }
    guard RunState(try FactLog.read(folder.facts)).canResume else {
      throw OperationFailure(.usage, "run \(record.id) is over (\(record.status.rawValue)): there is nothing to resume")
    }
    if let later = try laterPublisher(than: record, runs) {
      throw OperationFailure(
        .usage, "run \(later) of the same pipeline is newer and has published: resuming \(record.id) would replace its results"
      )
    }
    return ResumedRun(mark: mark, folder: folder)
  }

  /// A run of the same pipeline that began later, and has written something.
  private static func laterPublisher(
    than run: RunRecord, _ runs: any RunStore
  ) throws(OperationFailure) -> String? {
    for other in try runs.runs(limit: nil) {
      if other.id.isExactly(run.id) { return nil }
      guard other.pipeline.isExactly(run.pipeline) else { continue }
      let counts = try runs.counts(of: other.id)
      if counts.contains(where: { $0.count > 0 && $0.outcome.isAtDestination }) { return other.id }
    }
    return nil
  }
}

extension Outcome {
  /// The destination holds, or no longer holds, the record because of the run.
  var isAtDestination: Bool { [.written, .created, .updated, .unchanged, .removed].contains(self) }
}
