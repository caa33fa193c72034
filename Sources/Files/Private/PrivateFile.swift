import Core
import Glibc

/// Small files that only their owner may read.
package enum PrivateFile {
  /// Creates a missing file, as a whole or not at all; an existing one is kept, unless it is empty. It is written beside its
  /// path and linked: if several processes create it at once, the first one wins, and none ever reads half of it.
  ///
  /// - Throws: `OperationFailure`.
  package static func make(_ bytes: [UInt8], at path: String) throws {
    let beside = beside(path)
    try write(bytes, to: beside)
    defer { unlink(beside) }
    if link(beside, path) == 0 { return }
    guard errno == EEXIST else { throw failure(path) }
    try replaceEmpty(path, with: beside)
  }

  /// Checks that a database can be read and written, and makes an empty one where none is, private from its first byte.
  ///
  /// An existing one is never opened: closing it again would release all locks that SQLite holds on it for this process.
  ///
  /// - Throws: `OperationFailure`.
  package static func prepareDatabase(_ path: String, createsMissing: Bool) throws {
    if createsMissing, access(path, F_OK) != 0, errno == ENOENT {
      let beside = beside(path)
      try write([], to: beside)
      defer { unlink(beside) }
      guard link(beside, path) == 0 || errno == EEXIST else { throw failure(path) }
    }
    guard faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 else { throw failure(path) }
    guard !FolderListing.isFolder(path) else {
      errno = EISDIR
      throw failure(path)
    }
  }

  /// Removes others' permissions from a file of ours that should be private, such as one that was copied, or restored from
  /// an archive.
  package static func tighten(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 != 0 else { return }
    chmod(path, status.st_mode & 0o700)
  }

  /// Two processes that find it empty must not both replace it: they lock the empty file while they do.
  private static func replaceEmpty(_ path: String, with beside: String) throws {
    let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw failure(path) }
    var status = stat()
    // Another process was first and has replaced the file, so this one is no longer at its path.
    guard stat(path, &status) == 0, status.st_size == 0 else { return }
    guard rename(beside, path) == 0 else { throw failure(path) }
  }

  private static func beside(_ path: String) -> String {
    "\(path).\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36)).part"
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      let failure = failure(path)
      unlink(path)
      throw failure
    }
  }

  private static func failure(_ path: String) -> OperationFailure {
    let reason = SystemReason(errno, .writing)
    return OperationFailure(.cannotWrite, "state \(path): \(reason.text): \(reason.remedy)")
  }
}
