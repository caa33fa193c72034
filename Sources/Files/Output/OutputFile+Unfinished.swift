import Glibc

extension OutputFile {
  /// A file this old does not belong to the live process with its number: in containers, numbers are reused.
  private static let leftoverSeconds = 5

  /// Removes unfinished files that dead processes left in a folder, and returns their names. The caller makes sure that no
  /// live process writes there; a file that is locked is kept in any case.
  @discardableResult
  package static func removeUnfinished(in folder: String) -> [String] { removeUnfinished(in: folder) { _, _ in true } }

  /// Removes what killed processes left beside `path`: the beginnings of files with personal data. Returns their names. A file
  /// that a process holds is kept, and so is one that cannot be opened or removed.
  @discardableResult
  package static func removeLeftovers(beside path: String) -> [String] {
    guard path != "-" else { return [] }
    return removeUnfinished(in: FilePath.openableFolder(of: OutputPlace.path(of: path))) { process, status in
      let isGone = kill(process, 0) != 0 && errno == ESRCH
      return isGone || time(nil) - status.st_mtim.tv_sec > leftoverSeconds
    }
  }

  private static func removeUnfinished(in folder: String, where isDead: (_ process: Int32, _ status: stat) -> Bool) -> [String] {
    FolderListing.names(in: folder).filter { name in
      guard let process = process(ofTemporary: name) else { return false }
      let descriptor = open("\(folder)/\(name)", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, isDead(process, status),
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { return false }
      return unlink("\(folder)/\(name)") == 0
    }
  }
}
