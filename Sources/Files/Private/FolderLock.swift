import Glibc

/// Lets one thread of one process at a time do something to a folder that must be done only once, such as creating its content.
package enum FolderLock {
  /// Waits for its turn. The system releases the lock when the process ends. On file systems without locks of folders, `body` runs
  /// without one.
  package static func hold<Value>(_ folder: String, _ body: () throws -> Value) rethrows -> Value {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
