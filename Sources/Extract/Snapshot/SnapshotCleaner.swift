import Core
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Removes snapshots that can no longer be finished: extractions that ended before they were complete are begun anew.
///
/// Call it while the state is locked: then nobody is writing one. What is not a snapshot of this version or an earlier one
/// stays, and so does every file in it that the snapshot does not have.
package struct SnapshotCleaner: Sendable {
  private let root: String

  /// - Parameter root: `.waybill/snapshots`.
  package init(root: String) { self.root = root }

  /// Gives the ids of the snapshots that were removed. A crash in the middle leaves one that the next call removes.
  ///
  /// - Parameter kept: the id of one that stays: somebody asks for it.
  package func removeUnfinished(except kept: String? = nil) -> [String] {
    var removed: [String] = []
    for id in FolderListing.names(in: root) where id != kept && SnapshotName.isName(id) && FolderListing.isFolder("\(root)/\(id)")
    {
      var isGone = false
      for part in FolderListing.names(in: "\(root)/\(id)") where isUnfinished("\(root)/\(id)/\(part)") {
        isGone = remove("\(root)/\(id)/\(part)") || isGone
      }
      // Only where nothing is left in it.
      if rmdir("\(root)/\(id)") == 0 { isGone = true }
      if isGone { removed.append(id) }
    }
    return removed
  }

  private func isUnfinished(_ folder: String) -> Bool {
    guard FolderListing.isFolder(folder) else { return false }
    do throws(SnapshotFailure) {
      return try !SnapshotReader(root: root).open(folder).manifest.isComplete
    } catch {
      // A crash before the first manifest, or after the last file of a removal.
      return error.kind == .missing && FolderListing.names(in: folder).allSatisfy { $0 == "\(SnapshotManifest.fileName).new" }
    }
  }

  /// The manifest goes last: until then the next call finds the rest.
  private func remove(_ folder: String) -> Bool {
    let known = names(of: (try? SnapshotReader(root: root).open(folder))?.manifest)
    for name in FolderListing.names(in: folder) where known.contains(name) && name != SnapshotManifest.fileName {
      unlink("\(folder)/\(name)")
    }
    unlink("\(folder)/\(SnapshotManifest.fileName)")
    return rmdir(folder) == 0
  }

  /// The files that a snapshot has: those that its manifest lists, those that every one may have, and their beginnings.
  private func names(of manifest: SnapshotManifest?) -> Set<Name> {
    var names = Set(
      names: [SnapshotManifest.fileName, Snapshot.problemsName, Snapshot.customFieldsName, LeftOut.fileName])
    for entity in SnapshotWriter.entities { for suffix in ["ndjson", "csv"] { names.insert("\(entity).\(suffix)") } }
    for entity in manifest?.entities.values.map(\.file) ?? [] { names.insert(entity) }
    names.formUnion(manifest?.files.keys.map { $0 } ?? [])
    return names.union(names.map { Name($0.text + ".new") })
  }
}
