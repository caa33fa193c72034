import Control
import Core
import Extract
import Files
import FoundationEssentials
import Glibc
import Records
import State

/// Keeps the state from growing without bound. Call it only while the state is locked, so that no other process writes to it.
struct StateCleanup {
  let state: StateFolder
  let observer: any RunObserver

  /// Removes what dead runs and extractions left: unfinished files, and snapshots that can no longer be finished.
  ///
  /// - Parameter kept: the id of a snapshot that the user named.
  func removeDead(keepingSnapshot kept: String?) {
    var files: [String] = []
    for run in FolderListing.names(in: state.runs) where isRunFolder("\(state.runs)/\(run)") {
      let folder = "\(state.runs)/\(run)"
      files += OutputFile.removeUnfinished(in: folder)
      for name in FolderListing.names(in: folder) where FolderListing.isFolder("\(folder)/\(name)") {
        files += OutputFile.removeUnfinished(in: "\(folder)/\(name)")
      }
    }
    files += removeParts()
    if !files.isEmpty { observer.receive(.leftoversRemoved(.runFiles(folder: state.runs), names: files)) }
    let snapshots = SnapshotCleaner(root: state.snapshots).removeUnfinished(except: kept)
    if !snapshots.isEmpty {
      observer.receive(.leftoversRemoved(.snapshots, names: snapshots))
    }
  }

  /// After a successful run: removes the staged records of earlier runs of the same pipeline and location.
  ///
  /// - Throws: `OperationFailure`.
  func removeStaging(before run: String, pipeline: String, location: String, _ runs: any RunStore) throws {
    for earlier in try runs.stagedRuns(of: pipeline, before: run) where isOf(location, earlier) {
      let folder = state.run(earlier.id)
      guard !FolderListing.isFolder(folder) || isRunFolder(folder) else { continue }
      StagingArchive(folder: RunFolder(path: folder)).remove()
      try runs.markUnstaged(earlier.id)
    }
  }

  /// Runs of version 1 do not record their location; their snapshots do. For a killed run that reads a snapshot, its facts do.
  private func isOf(_ location: String, _ run: RunRecord) -> Bool {
    if let own = run.location { return own.isExactly(location) }
    guard let snapshot = run.snapshot else {
      let facts = (try? FactLog.read(RunFolder(path: state.run(run.id)).facts)) ?? []
      return RunState(facts).extracted?.location.map { $0.isExactly(location) } ?? true
    }
    return FolderListing.isFolder("\(state.snapshots)/\(snapshot)/\(SortableName.safe(location))")
  }

  /// A run's folder of this version or an earlier one.
  private func isRunFolder(_ folder: String) -> Bool {
    guard FolderListing.isFolder(folder) else { return false }
    let mark = RunFolder(path: folder).markPath
    guard let data = FileManager.default.contents(atPath: mark) else { return FilePath.exists("\(folder)/waybill.log") }
    guard let version = (try? JSONReader.read(Array(data)))?["version"]?.intValue else { return false }
    return version <= RunFolder.version
  }

  /// Unfinished copies of the project's key and of a new database. Other processes create them without the lock, so only those
  /// of dead processes are removed.
  private func removeParts() -> [String] {
    FolderListing.names(in: state.path).filter { name in
      guard ["digest.key.", "state.sqlite."].contains(where: { name.hasPrefix($0) }),
        let process = OutputFile.process(ofTemporary: "." + name),
        kill(process, 0) != 0, errno == ESRCH
      else { return false }
      return FileRemoval.file("\(state.path)/\(name)")
    }
  }
}
