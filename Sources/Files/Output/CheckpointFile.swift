package import Core
import Glibc

/// A private file that outlives the process that writes it: what was written up to a checkpoint is durable, and another process
/// continues from there. It appears at its path with `commit`; until then it is beside it, as `PATH.part`.
///
///     let file = try CheckpointFile(path: "ledger.ndjson")
///     try file.write(lines)
///     let end = try file.checkpoint()                        // remember this
///     …                                                      // the process is killed
///     let again = try CheckpointFile(path: "ledger.ndjson", continuingAt: end)
package final class CheckpointFile {
  package let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isCommitted = false
  package private(set) var byteCount = 0

  /// An existing file at `PATH.part` is replaced.
  ///
  /// - Throws: `OperationFailure`.
  package init(path: String) throws(OperationFailure) {
    self.path = path
    temporary = path + ".part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .writing(path, errno) }
  }

  /// Where the bytes of an earlier process are: beside the path, or at it if the file was complete. Nil if there are none.
  ///
  /// - Throws: `OperationFailure`: `damaged` if there are fewer than `position` bytes.
  package static func present(_ path: String, atLeast position: Int) throws(OperationFailure) -> String? {
    let found = [path + ".part", path].first { FilePath.exists($0) }
    let count = found.flatMap { FileKind.size(of: $0) } ?? 0
    guard count >= position else {
      throw OperationFailure(.damaged, "\(path) has \(count) bytes, but \(position) were written: start over")
    }
    return found
  }

  /// Continues a file that was left, or that has already appeared: it disappears until the next `commit`.
  ///
  /// - Parameter position: what `checkpoint` returned. What was written after it is removed.
  /// - Throws: `OperationFailure`: `damaged` if the file has fewer bytes.
  package init(path: String, continuingAt position: Int) throws(OperationFailure) {
    self.path = path
    temporary = path + ".part"
    if let present = try Self.present(path, atLeast: position), present.isExactly(path), rename(path, temporary) != 0 {
      throw .writing(path, errno)
    }
    descriptor = open(temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .writing(path, errno) }
    guard ftruncate(descriptor, off_t(position)) == 0, lseek(descriptor, off_t(position), SEEK_SET) >= 0 else {
      throw .writing(path, errno)
    }
    byteCount = position
  }

  deinit { close(descriptor) }

  /// - Throws: `OperationFailure`; the file then has none of the bytes.
  package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OperationFailure) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, base + written, bytes.count - written)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        let error = errno
        cut(to: byteCount)
        throw .writing(path, error)
      }
    }
    byteCount += written
  }

  /// - Throws: as `write(_:)` for bytes.
  package func write(_ text: String) throws(OperationFailure) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(OperationFailure) in try write(bytes) }
    }
    try result.get()
  }

  /// Removes everything after the first `count` bytes.
  package func truncate(to count: Int) {
    guard count <= byteCount else { return }
    cut(to: count)
    byteCount = count
  }

  private func cut(to count: Int) {
    if ftruncate(descriptor, off_t(count)) == 0 { lseek(descriptor, off_t(count), SEEK_SET) }
  }

  /// Makes everything written so far durable.
  ///
  /// - Returns: the position from which another process can continue.
  /// - Throws: `OperationFailure`.
  package func checkpoint() throws(OperationFailure) -> Int {
    guard fsync(descriptor) == 0 else { throw .writing(path, errno) }
    return byteCount
  }

  /// The file is complete: it is synced and appears at its path.
  ///
  /// - Throws: `OperationFailure`.
  package func commit() throws(OperationFailure) {
    guard !isCommitted else { return }
    _ = try checkpoint()
    guard rename(temporary, path) == 0 else { throw .writing(path, errno) }
    isCommitted = true
    try DurableFile.syncFolder(FilePath.openableFolder(of: path))
  }
}
