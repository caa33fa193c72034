import Core
import Glibc

/// Folders that only their owner may enter: personal data and tokens lie in them.
package enum PrivateFolder {
  /// Makes `path` with mode 0700, and those above it as the process's mask says. One that is there stays as it is, but
  /// nobody else may enter it any more.
  ///
  /// - Throws: `StateFailure`.
  package static func make(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
      if status.st_mode & 0o077 != 0, status.st_uid == getuid() { chmod(path, 0o700) }
      return
    }
    try makeParents(of: path)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, errno) }
  }

  private static func makeParents(of path: String) throws {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let parent = String(path[..<slash])
    var status = stat()
    if stat(parent, &status) == 0 { return }
    try makeParents(of: parent)
    guard mkdir(parent, 0o777) == 0 || errno == EEXIST else { throw failure(parent, errno) }
  }

  private static func failure(_ path: String, _ error: Int32) -> StateFailure {
    StateFailure(path: path, reason: "\(String(cString: strerror(error))); choose another --state folder", exitCode: .cannotWrite)
  }
}
