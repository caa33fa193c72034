package import Core
import Glibc

/// A private file without a name, for data that does not fit in memory: unlinked as soon as it is open, so that the system
/// reclaims it however the process ends.
package final class SpillFile: @unchecked Sendable {
  private let descriptor: Int32
  private let folder: String
  /// Bytes from the beginning.
  package private(set) var count = 0

  /// - Throws: `OperationFailure`.
  package init(folder: String) throws(OperationFailure) {
    self.folder = folder
    var (opened, name): (Int32, String)
    repeat {
      name = "\(folder)/.waybill-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
      opened = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    } while opened < 0 && errno == EEXIST
    descriptor = opened
    guard descriptor >= 0 else { throw Self.failure(folder, errno) }
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Keys and records cannot be written to the disk: it is full, or the folder is not writable.
  private static func failure(_ folder: String, _ error: Int32) -> OperationFailure {
    OperationFailure(
      .cannotWrite,
      "cannot keep temporary data in \(folder): \(SystemReason(error, .writing).text): free some space, or point TMPDIR to another disk"
    )
  }

  /// The data read back differs from the data written.
  package var damage: OperationFailure { Self.failure(folder, EIO) }

  /// Appends bytes. One task at a time.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(OperationFailure) {
    var written = 0
    while written < bytes.count {
      let done = pwrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(count + written))
      if done > 0 { written += done } else if done == 0 || errno != EINTR { throw Self.failure(folder, errno) }
    }
    count += written
  }

  /// Fills all of `bytes` from `offset`. May be called by several tasks at once.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(OperationFailure) {
    var filled = 0
    while filled < bytes.count {
      let done = pread(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled, off_t(offset + filled))
      if done > 0 {
        filled += done
      } else if done == 0 || errno != EINTR {
        throw Self.failure(folder, done == 0 ? EIO : errno)
      }
    }
  }
}

/// The folder for temporary data.
package enum SpillFolder {
  /// `TMPDIR`, or `/var/tmp`, which is on a disk, whereas `/tmp` is often in memory.
  package static var standard: String {
    if let folder = getenv("TMPDIR").map({ String(cString: $0) }), !folder.isEmpty { return folder }
    return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
  }
}
