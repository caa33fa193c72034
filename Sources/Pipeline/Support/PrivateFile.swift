import Core
import Glibc
import Ledger

/// Small files that only their owner may read.
enum PrivateFile {
  /// Makes a file that is not there yet.
  ///
  /// - Throws: `StateFailure`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> StateFailure {
    StateFailure(path: path, reason: String(cString: strerror(errno)), exitCode: .cannotWrite)
  }
}
