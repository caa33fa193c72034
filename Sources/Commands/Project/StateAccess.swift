import Core
import Pipeline
import State

extension CommandContext {
  /// The project's runs, for reading.
  ///
  /// - Throws: `OperationFailure` 66 if nothing has been run yet.
  func openRuns() throws -> any RunStore {
    let folder = StateFolder(path: state)
    guard folder.hasRuns else {
      throw OperationFailure(
        .inputMissing, "there are no runs in \(state): run `waybill run` first, or name the folders with --project or --state")
    }
    return try folder.openRuns(isReadOnly: true)
  }

  /// The project's journal, for reading; nil if nothing has been run yet.
  func openJournal() throws -> (any Journal)? {
    let folder = StateFolder(path: state)
    return folder.hasRuns ? try folder.openJournal(isReadOnly: true) : nil
  }

  /// The run with this ID, or the only one whose ID begins with it; nil or `latest`: the last one.
  func run(_ id: String?, in runs: any RunStore) throws -> RunRecord {
    if let id, id != "latest" {
      if let run = try runs.run(id) { return run }
      let ids = try runs.runs().map(\.id)
      let beginning = ids.filter { $0.hasPrefix(id) }
      let hint =
        beginning.count > 1
        ? "\(beginning.count) runs begin with that: give more of the ID"
        : NearestName.hint(id, in: ids) ?? "`waybill runs list` shows them"
      throw OperationFailure(.inputMissing, "there is no run '\(id)' in \(state); \(hint)")
    }
    guard let last = try runs.runs(limit: 1).first else {
      throw OperationFailure(.inputMissing, "there are no runs in \(state): run `waybill run` first")
    }
    return last
  }
}
