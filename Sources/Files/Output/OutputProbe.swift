package import Core
import Glibc

/// Whether a file could be written, as far as that can be told without writing it.
package enum OutputProbe {
  /// Nil where nothing speaks against it. Devices and pipes are left to the write itself.
  package static func failure(of given: String) -> OperationFailure? {
    do { try OutputFile.check(given) } catch { return OperationFailure(error) }
    let path = OutputFile.place(of: given)
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return failure(path, EISDIR, path)
      case S_IFREG: break
      default: return nil
      }
    }
    // The file is made beside and renamed: it is the folder that must be writable, or the nearest one that is there.
    var folder = FilePath.folder(of: path)
    if folder.isEmpty { folder = "." }
    while stat(folder, &status) != 0 {
      guard errno == ENOENT else { return failure(path, errno, folder) }
      let above = FilePath.folder(of: folder)
      guard !above.isExactly(folder) else { break }
      folder = above.isEmpty ? "." : above
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return failure(path, ENOTDIR, folder) }
    guard access(folder, W_OK | X_OK) == 0 else { return failure(path, errno, folder) }
    return nil
  }

  private static func failure(_ path: String, _ error: Int32, _ folder: String) -> OperationFailure {
    let place = folder == path ? "" : " (\(folder))"
    let reason = SystemReason(error, .writing)
    return OperationFailure(.cannotWrite, "cannot write \(path): \(reason.text)\(place): nothing was read; \(reason.remedy)")
  }
}
