import Control
package import Core
import Files
package import PipelineFile
package import State

/// Judges a finished run again, by the gates of today's pipeline file. It reads what the run has left and changes nothing.
///
/// What a run did not record, because an earlier version made it or because no gate asked for it then, is not judged: it never passes.
package struct GatesEngine {
  private let document: PipelineDocument
  private let state: StateFolder

  package init(_ document: PipelineDocument, state: StateFolder) {
    self.document = document
    self.state = state
  }

  /// The pipeline's newest run.
  ///
  /// - Throws: `OperationFailure` if it has none.
  package func latest(in runs: any RunStore) throws -> RunRecord {
    guard let newest = try runs.runs().first(where: { $0.pipeline.isExactly(document.name) }) else {
      throw OperationFailure(
        .inputMissing, "there are no runs of pipeline '\(document.name)' yet: run `waybill run` first")
    }
    return newest
  }

  /// - Throws: `OperationFailure` if the run is of another pipeline, or has not ended.
  package func judge(_ run: RunRecord) throws -> GatesReport {
    guard run.pipeline.isExactly(document.name) else {
      throw OperationFailure(
        .usage, "run \(run.id) belongs to pipeline '\(run.pipeline)', not to '\(document.name)': name its pipeline file")
    }
    guard run.status != .running, let text = run.summary, let summary = try? JSONReader.read(Array(text.utf8)) else {
      throw OperationFailure(.inputMissing, "run \(run.id) has no summary: it has not ended, or its process was killed")
    }
    let folder = RunFolder(path: state.run(run.id))
    let past = PastRun(summary, folder: folder, document: document)
    let narrowed = summary["narrowed"].flatMap { $0 == .null ? nil : $0 }
    let judge = GateJudge(
      document.gates, isNarrowed: narrowed != nil || past.isPartOfLoad, isReplay: narrowed?["replay"]?.stringValue != nil,
      accepted: Set((summary["accepted_gates"]?.arrayValue ?? []).compactMap(\.stringValue)))
    let results = judge.judge(past.facts, past.run) + judge.judgeLoad(past.loadFacts)
    return GatesReport(run: run.id, pipeline: run.pipeline, status: run.status, gates: results)
  }
}
