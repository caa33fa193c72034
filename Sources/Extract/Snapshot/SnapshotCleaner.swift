import Core
import Files
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Removes snapshots that can no longer be finished: an extraction that ended before it was complete starts over.
///
/// Call it only while the state is locked, so that no process is writing a snapshot. Anything that is not a snapshot of this
/// version or an earlier one is kept, and so are files in it that do not belong to the snapshot.
package struct SnapshotCleaner: Sendable {
  private let root: String

  /// - Parameter root: `.waybill/snapshots`.
  package init(root: String) { self.root = root }

  /// Returns the ids of the removed snapshots. If a crash interrupts it, the next call finishes the removal.
  ///
  /// - Parameter kept: the id of a snapshot to keep because the user named it.
  package func removeUnfinished(except kept: String? = nil) -> [String] {
    var removed: [String] = []
    for id in FolderListing.names(in: root) where id != kept && SortableName.isName(id) && FolderListing.isFolder("\(root)/\(id)")
    {
      var isGone = false
      for part in FolderListing.names(in: "\(root)/\(id)") where isUnfinished("\(root)/\(id)/\(part)") {
        isGone = remove("\(root)/\(id)/\(part)") || isGone
      }
      // Only if nothing is left in it.
      if FileRemoval.emptyFolder("\(root)/\(id)") { isGone = true }
      if isGone { removed.append(id) }
    }
    return removed
  }

  private func isUnfinished(_ folder: String) -> Bool {
    guard FolderListing.isFolder(folder) else { return false }
    do throws(OperationFailure) {
      return try !SnapshotReader(root: root).open(folder).manifest.isComplete
    } catch {
      // Left by a crash before the first manifest, or after the last file was removed.
      return error.code == .inputMissing
        && FolderListing.names(in: folder).allSatisfy { $0 == "\(SnapshotManifest.fileName).new" }
    }
  }

  /// The manifest goes last: until then, the next call can find the rest.
  private func remove(_ folder: String) -> Bool {
    let known = names(of: (try? SnapshotReader(root: root).open(folder))?.manifest)
    for name in FolderListing.names(in: folder) where known.contains(name) && name != SnapshotManifest.fileName {
      FileRemoval.file("\(folder)/\(name)")
    }
    FileRemoval.file("\(folder)/\(SnapshotManifest.fileName)")
    return FileRemoval.emptyFolder(folder)
  }

  /// The files that belong to a snapshot: those its manifest lists, those any snapshot may have, and unfinished versions of
  /// both.
  private func names(of manifest: SnapshotManifest?) -> Set<Name> {
    var names = Set(
      names: [SnapshotManifest.fileName, Snapshot.problemsName, Snapshot.customFieldsName, LeftOut.fileName])
    for entity in SnapshotWriter.entities {
      // Copies have the first extension of a format that pipelines read.
      for format in SourceFormats.standard.all where format.pipelineSummary != nil {
        if let suffix = format.extensions.first { names.insert("\(entity).\(suffix)") }
      }
    }
    for entity in manifest?.entities.values.map(\.file) ?? [] { names.insert(entity) }
    names.formUnion(manifest?.files.keys.map { $0 } ?? [])
    return names.union(names.map { Name($0.text + ".new") })
  }
}
