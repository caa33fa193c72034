import Glibc

/// What a path leads to, links followed.
package enum FileKind: Sendable, Hashable {
  case regular, folder
  /// A pipe, a socket or a device.
  case other

  /// Nil where nothing is, or where that cannot be told.
  package static func of(_ path: String) -> FileKind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// Bytes of a regular file; nil for everything else.
  package static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
