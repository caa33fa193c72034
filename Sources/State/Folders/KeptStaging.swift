package import Control
package import Core
import Files
import Records

/// What earlier runs staged for a part, as far as it is still there: where the old values of a dry run come from.
package struct KeptStaging {
  /// At most this many runs are read: a run replaces what earlier ones staged once the whole pipeline has succeeded.
  private static let runsAtMost = 3

  package let state: StateFolder
  package let runs: any RunStore

  package init(state: StateFolder, runs: any RunStore) {
    self.state = state
    self.runs = runs
  }

  /// The staged records of the runs that loaded the part, the newest first.
  ///
  /// - Parameters:
  ///   - run: earlier ones count.
  ///   - columns: of records whose run did not record its own.
  package func records(
    of part: RunPart, pipeline: String, location: String, before run: String, columns: [LoadColumn]
  ) throws(OperationFailure) -> [ForecastRequest.Kept] {
    var found: [ForecastRequest.Kept] = []
    for earlier in try runs.stagedRuns(of: pipeline, before: run).reversed() where found.count < Self.runsAtMost {
      let folder = RunFolder(path: state.run(earlier.id))
      let base = "\(folder.staging)/\(SortableName.safe(part.mapping.text))"
      // The facts of a run that an older version made, or that is damaged, say nothing.
      guard KeptFile.exists("\(base).ndjson"), let facts = try? FactLog.read(folder.facts) else { continue }
      let state = RunState(facts)
      guard let loaded = state.reached(part), state.extracted?.location?.isExactly(location) ?? true else { continue }
      let form = try? StagedForm.read(StagedForm.path(base))
      found.append(.init(path: "\(base).ndjson", columns: form?.loadColumns ?? columns, published: loaded.stamps ?? []))
    }
    return found
  }
}
