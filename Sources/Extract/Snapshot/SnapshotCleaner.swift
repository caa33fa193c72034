import Core

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
    for id in Self.names(in: root) where id != kept && Self.isFolder("\(root)/\(id)") {
      var isGone = false
      for part in Self.names(in: "\(root)/\(id)") where isUnfinished("\(root)/\(id)/\(part)") {
        isGone = remove("\(root)/\(id)/\(part)") || isGone
      }
      // Only where nothing is left in it.
      if SnapshotName.isName(id), rmdir("\(root)/\(id)") == 0 { isGone = true }
      if isGone { removed.append(id) }
    }
    return removed
  }

  private func isUnfinished(_ folder: String) -> Bool {
    guard Self.isFolder(folder) else { return false }
    do throws(SnapshotFailure) {
      return try !SnapshotReader(root: root).open(folder).manifest.isComplete
    } catch {
      // A crash before the first manifest, or after the last file of a removal.
      return error.kind == .missing && Self.names(in: folder).allSatisfy { $0 == "\(SnapshotManifest.fileName).new" }
    }
  }

  /// The manifest goes last: until then the next call finds the rest.
  private func remove(_ folder: String) -> Bool {
    let names = Self.names(in: folder).filter { name in [".ndjson", ".csv", ".json", ".new"].contains { name.hasSuffix($0) } }
    for name in names where name != SnapshotManifest.fileName { unlink("\(folder)/\(name)") }
    unlink("\(folder)/\(SnapshotManifest.fileName)")
    return rmdir(folder) == 0
  }

  /// A folder itself, and not a link to one.
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func names(in folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
