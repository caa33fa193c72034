import Core
import Glibc

/// A private file without a name, for what does not fit into memory: unlinked as soon as it is open, so that the system takes it
/// back whatever ends the process.
final class SpillFile: @unchecked Sendable {
  private let descriptor: Int32
  private let folder: String
  /// Bytes from the beginning.
  private(set) var count = 0

  /// - Throws: `SpillFailure`.
  init(folder: String) throws(SpillFailure) {
    self.folder = folder
    var (opened, name): (Int32, String)
    repeat {
      name = "\(folder)/.waybill-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
      opened = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    } while opened < 0 && errno == EEXIST
    descriptor = opened
    guard descriptor >= 0 else { throw SpillFailure(folder: folder, error: errno) }
    unlink(name)
  }

  deinit { close(descriptor) }

  /// What was read back is not what was written.
  var damage: SpillFailure { SpillFailure(folder: folder, error: EIO) }

  /// Appends bytes. One task at a time.
  func append(_ bytes: UnsafeRawBufferPointer) throws(SpillFailure) {
    var written = 0
    while written < bytes.count {
      let done = pwrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(count + written))
      if done > 0 { written += done } else if done == 0 || errno != EINTR { throw SpillFailure(folder: folder, error: errno) }
    }
    count += written
  }

  /// Fills `bytes` from `offset`, all of them. Any number of tasks.
  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(SpillFailure) {
    var filled = 0
    while filled < bytes.count {
      let done = pread(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled, off_t(offset + filled))
      if done > 0 {
        filled += done
      } else if done == 0 || errno != EINTR {
        throw SpillFailure(folder: folder, error: done == 0 ? EIO : errno)
      }
    }
  }
}

/// Keys and records cannot be put on the disk: it is full, or the folder cannot be written. Exit code 73.
package struct SpillFailure: Error, Sendable, CustomStringConvertible {
  package let folder: String
  package let reason: String

  init(folder: String, error: Int32) {
    self.folder = folder
    reason = String(cString: strerror(error))
  }

  package var description: String { "cannot keep temporary data in \(folder): \(reason)" }
}

/// Where temporary data lies.
package enum SpillFolder {
  /// `TMPDIR`, or `/var/tmp`, which is on a disk where `/tmp` often is memory.
  package static var standard: String {
    if let folder = getenv("TMPDIR").map({ String(cString: $0) }), !folder.isEmpty { return folder }
    return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
  }
}
