import Glibc

/// Removes Waybill's own files and folders.
package enum FileRemoval {
  /// Returns whether this call removed it.
  @discardableResult
  package static func file(_ path: String) -> Bool { unlink(path) == 0 }

  /// Renames a file, replacing any file that has the new name. Returns whether it was renamed.
  @discardableResult
  package static func setAside(_ path: String, as other: String) -> Bool { rename(path, other) == 0 }

  /// Removes a folder if it is empty. Whether it is gone by this call.
  @discardableResult
  package static func emptyFolder(_ path: String) -> Bool { rmdir(path) == 0 }

  /// Removes a folder with all that is in it. Links are removed, not followed.
  package static func tree(_ folder: String) {
    guard FolderListing.isFolder(folder) else { return }
    for name in FolderListing.names(in: folder) {
      let path = "\(folder)/\(name)"
      if FolderListing.isFolder(path) { tree(path) } else { file(path) }
    }
    emptyFolder(folder)
  }
}
