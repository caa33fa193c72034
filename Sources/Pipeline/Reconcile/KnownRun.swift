import Control
import Core
import Extract
import Files
import State

/// A run with the facts that its folder still has.
struct KnownRun {
  let record: RunRecord
  let state: RunState
  let folder: RunFolder
  let location: String

  /// Nil if its facts are no longer kept.
  ///
  /// - Throws: `OperationFailure`.
  init?(_ record: RunRecord, in state: StateFolder) throws {
    folder = RunFolder(path: state.run(record.id))
    guard FilePath.exists(folder.facts) else { return nil }
    self.record = record
    self.state = RunState(try FactLog.read(folder.facts))
    location = record.location ?? self.state.extracted?.location ?? SnapshotImport.location
  }

  var load: LoadedPart.Load { .init(run: record.id, started: record.started, folder: folder) }

  /// What has reached its target, complete or not.
  var parts: [RunPart] { Array(Set(state.loaded.keys).union(state.partlyLoaded.keys)).filter(has) }

  func has(_ part: RunPart) -> Bool { state.reached(part) != nil }

  /// Its process died when the part was ready to be published, and there is no fact of what became of it.
  func mayHavePublished(_ part: RunPart) -> Bool {
    let isTrial = folder.request?.isDryRun == true && !state.isApplied
    let isOpen = state.prepared[part] != nil && state.loaded[part] == nil && !has(part)
    return isOpen && !isTrial && state.mayHavePublished(sends: false)
  }

  /// Its process died, or it was interrupted, and it may have sent records of the part.
  func mayHaveSent(_ part: RunPart) -> Bool {
    let isTrial = folder.request?.isDryRun == true && !state.isApplied
    let takes = folder.request?.destinations?.contains(exactly: part.destination.text) ?? true
    return takes && !isTrial && !has(part) && state.verdict == nil && state.mayHavePublished(sends: true)
  }

  func isOfLocation(of other: KnownRun) -> Bool { location.isExactly(other.location) }
}
