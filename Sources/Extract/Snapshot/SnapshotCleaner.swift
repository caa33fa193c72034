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
/// stays, and so does every file in it that no snapshot has.
package struct SnapshotCleaner: Sendable {
  private let root: String

  /// - Parameter root: `.waybill/snapshots`.
  package init(root: String) { self.root = root }

  /// Gives the ids of the snapshots that were removed. A crash in the middle leaves one that the next call removes.
  ///
  /// - Parameter kept: the id of one that stays: somebody asks for it.
  package func removeUnfinished(except kept: String? = nil) -> [String] {
    var removed: [String] = []
    for id in FolderListing.names(in: root) where id != kept && FolderListing.isFolder("\(root)/\(id)") {
      var isGone = false
      for part in FolderListing.names(in: "\(root)/\(id)") where isUnfinished("\(root)/\(id)/\(part)") {
        isGone = remove("\(root)/\(id)/\(part)") || isGone
      }
      // Only where nothing is left in it.
      if SnapshotName.isName(id), rmdir("\(root)/\(id)") == 0 { isGone = true }
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
    let names = FolderListing.names(in: folder).filter { name in
      [".ndjson", ".csv", ".json", ".new"].contains { name.hasSuffix($0) }
    }
    for name in names where name != SnapshotManifest.fileName { unlink("\(folder)/\(name)") }
    unlink("\(folder)/\(SnapshotManifest.fileName)")
    return rmdir(folder) == 0
  }
}
