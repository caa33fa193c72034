import Control
import Core
import Files
import FoundationEssentials
import PipelineFile
import State

/// A run that is to be resumed: whether it can be, and what it was asked to do.
struct ResumedRun {
  let mark: RunFolder.Mark
  let folder: RunFolder

  /// - Parameter id: a run's ID, the beginning of one, or `latest`: the newest run of the pipeline.
  /// - Throws: `OperationFailure` if there is no such run, or it cannot be resumed.
  static func find(
    _ id: String, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> ResumedRun {
    let isLatest = id.isExactly("latest")
    let found = isLatest ? try runs.runs().first { $0.pipeline.isExactly(document.name) } : try runs.run(id)
    guard let record = found else {
      guard !isLatest else {
        throw OperationFailure(
          .inputMissing, "there are no runs of pipeline '\(document.name)' to resume: start one with `waybill run`")
      }
      throw OperationFailure(.inputMissing, "there is no run '\(id)', or several IDs begin with it: see `waybill runs list`")
    }
    let folder = RunFolder(path: state.run(record.id))
    guard let mark = try folder.mark(), mark.run.isExactly(record.id) else {
      throw OperationFailure(
        .inputMissing, "run \(record.id) cannot be resumed: its staged data is gone, or an earlier version made it; start over")
    }
    guard mark.pipeline.isExactly(document.name) else {
      throw OperationFailure(
        .usage, "run \(record.id) belongs to pipeline '\(mark.pipeline)', not to '\(document.name)': name its pipeline file")
    }
    let known = RunState(try FactLog.read(folder.facts))
    guard known.canResume else {
      throw OperationFailure(.usage, "run \(record.id) is over (\(record.status.rawValue)): there is nothing to resume")
    }
    if let later = try laterPublisher(than: record, known, of: document, in: state, runs) {
      let what = later.replayOf.map { "a replay of run \($0)" } ?? "of the same pipeline"
      throw OperationFailure(
        .usage, "run \(later.id), \(what), is newer and has published: resuming \(record.id) would replace its results")
    }
    return ResumedRun(mark: mark, folder: folder)
  }

  /// Whether `find` would find the run.
  static func canResume(
    _ run: RunRecord, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> Bool {
    let folder = RunFolder(path: state.run(run.id))
    guard FilePath.exists(folder.facts), let known = try folder.knownState(), known.canResume else { return false }
    return try laterPublisher(than: run, known, of: document, in: state, runs) == nil
  }

  /// A run of the same pipeline and location that began later, and has changed a target of this run, or may have.
  static func laterPublisher(
    than run: RunRecord, _ known: RunState, of document: PipelineDocument, in state: StateFolder, _ runs: any RunStore
  ) throws(OperationFailure) -> RunRecord? {
    let destinations = RunFolder(path: state.run(run.id)).request?.destinations
    let sends = document.destinations.contains { $0.kind.delivery == .incremental }
    for other in try runs.runs(limit: nil) {
      if other.id.isExactly(run.id) { return nil }
      guard other.pipeline.isExactly(run.pipeline) else { continue }
      let folder = RunFolder(path: state.run(other.id))
      if let destinations, let others = folder.request?.destinations, !others.contains(where: destinations.contains(exactly:)) {
        continue
      }
      let path = folder.facts
      guard FilePath.exists(path) else {
        // Its end has been recorded. What was published empty has a count of zero.
        if try runs.counts(of: other.id).contains(where: { Outcome.loaded.contains($0.outcome) || $0.outcome == .removed }) {
          return other
        }
        continue
      }
      let later = RunState(try FactLog.read(path))
      // A dry run, even one that was killed, writes nothing.
      if folder.request?.isDryRun == true, !later.isApplied { continue }
      if let one = known.extracted?.location, let two = later.extracted?.location, !one.isExactly(two) { continue }
      if later.mayHavePublished(sends: sends) || later.hasReachedTarget { return other }
    }
    return nil
  }
}
