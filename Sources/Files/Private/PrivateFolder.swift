import Core
import Glibc

/// Folders that only their owner may enter: they contain personal data and tokens.
package enum PrivateFolder {
  /// What distinguishes a state folder from other folders.
  private static let marks = ["state.sqlite", "lock", "digest.key", "runs", "snapshots"]

  /// Creates `path` with mode 0700, and its parents according to the process's umask. An existing folder that others may enter
  /// is closed to them if it is ours, or empty. Any other is refused: closing `/tmp` or a home folder would break other
  /// programs, and leaving it open would expose personal data.
  ///
  /// - Parameter isInside: It is in a state folder, so it is ours.
  /// - Throws: `OperationFailure`.
  package static func make(_ path: String, isInside: Bool = false) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
      guard status.st_mode & 0o077 != 0 else { return }
      let isOurs = isInside || marks.contains { access("\(path)/\($0)", F_OK) == 0 }
      guard isOurs || (status.st_uid == getuid() && status.st_mode & S_ISVTX == 0 && isEmpty(path)) else {
        throw OperationFailure(
          .configuration,
          "state \(path): other users can enter this folder, and it contains things other than a state: "
            + "choose a separate \(CommandOption.state) folder, which is created if missing")
      }
      if status.st_uid == getuid() { chmod(path, 0o700) }
      return
    }
    try makeParents(of: path)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, errno) }
  }

  private static func isEmpty(_ path: String) -> Bool {
    guard let folder = opendir(path) else { return false }
    defer { closedir(folder) }
    var names = 0
    while readdir(folder) != nil { names += 1 }
    // `.` and `..`
    return names <= 2
  }

  private static func makeParents(of path: String) throws {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return }
    let parent = String(path[..<slash])
    var status = stat()
    if stat(parent, &status) == 0 { return }
    try makeParents(of: parent)
    guard mkdir(parent, 0o777) == 0 || errno == EEXIST else { throw failure(parent, errno) }
  }

  private static func failure(_ path: String, _ error: Int32) -> OperationFailure {
    OperationFailure(
      .cannotWrite, "state \(path): \(SystemReason(error, .writing).text): choose another \(CommandOption.state) folder")
  }
}
