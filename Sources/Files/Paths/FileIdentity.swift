import Core
import Glibc

/// Whether two spellings of a path refer to the same file.
package enum FileIdentity {
  /// For a file that is written: its folder with links resolved, and its own name. A link is written through, so its target
  /// counts.
  package static func written(_ path: String) -> String {
    let path = OutputFile.place(of: path)
    let folder = FilePath.folder(of: path)
    return FilePath.join(FilePath.real(folder.isEmpty ? "." : folder), FilePath.name(of: path))
  }

  /// Whether two paths refer to the same file: by what exists (links of both kinds are followed), or else by their spelling.
  package static func isSame(_ left: String, _ right: String) -> Bool {
    if written(left).isExactly(written(right)) { return true }
    guard let left = number(left), let right = number(right) else { return false }
    return left == right
  }

  /// Whether a file that is written is in a folder, however both are spelled.
  package static func isInside(_ path: String, _ folder: String) -> Bool {
    written(path).hasPrefix(exactly: FilePath.real(folder) + "/")
  }

  private struct Number: Equatable {
    var device: dev_t
    var inode: ino_t
  }

  private static func number(_ path: String) -> Number? {
    var status = stat()
    return stat(path, &status) == 0 ? Number(device: status.st_dev, inode: status.st_ino) : nil
  }

  /// For a file that is read: a link is followed.
  package static func read(_ path: String) -> String { FilePath.resolved(path) ?? written(path) }
}
