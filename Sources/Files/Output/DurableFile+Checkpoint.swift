package import Core
import Crypto
import Glibc

/// Files that are continued where an earlier process stopped:
///
///     let place = try file.checkpoint()                          // stored with what the process needs to go on
///     …                                                          // the process ends, at any moment
///     var file = try DurableFile.reopen(path, at: place)         // what was appended after the checkpoint is gone
extension DurableFile {
  /// Makes everything that was appended durable, and the file's name with it.
  ///
  /// Costs a sync of the disk. What is appended later may be lost or torn; `reopen` removes it.
  package mutating func checkpoint() throws(OperationFailure) -> FileCheckpoint {
    try sync()
    if !isNameDurable {
      let folder = FilePath.folder(of: path)
      try Self.syncFolder(folder.isEmpty ? "." : folder)
      isNameDurable = true
    }
    return FileCheckpoint(bytes: bytes, lines: lines, sha256: Hexadecimal.text(of: digest.finalize()))
  }

  /// Opens a file for more lines, exactly as it was at `place`: what was appended later is removed, durably.
  ///
  /// Reads the file up to the checkpoint once: its content must be what it was.
  ///
  /// - Throws: `OperationFailure` with the code `damaged` if the file is missing, is not a regular file, is shorter than the
  ///   checkpoint, or has other bytes before it; nothing is changed then.
  package static func reopen(_ path: String, at place: FileCheckpoint) throws(OperationFailure) -> DurableFile {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw damaged(path, SystemReason(errno, .reading).text) }
    // Closes it if anything below fails.
    var file = DurableFile(path: path, descriptor: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw damaged(path, "it is not a regular file") }
    guard Int(status.st_size) >= place.bytes, place.bytes >= 0 else {
      throw damaged(path, "it has \(status.st_size) bytes, but \(place.bytes) were written")
    }
    try file.readAgain(upTo: place.bytes)
    guard Hexadecimal.text(of: file.digest.finalize()) == place.sha256 else {
      throw damaged(path, "its first \(place.bytes) bytes are not what was written")
    }
    if Int(status.st_size) > place.bytes {
      guard ftruncate(descriptor, off_t(place.bytes)) == 0, fsync(descriptor) == 0 else { throw failure(path) }
    }
    guard lseek(descriptor, off_t(place.bytes), SEEK_SET) == off_t(place.bytes) else { throw failure(path) }
    (file.lines, file.bytes, file.isNameDurable) = (place.lines, place.bytes, true)
    return file
  }

  /// Digests the beginning of the file.
  private mutating func readAgain(upTo end: Int) throws(OperationFailure) {
    var chunk = [UInt8](repeating: 0, count: min(end, Self.bufferSize))
    var offset = 0
    while offset < end {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, min($0.count, end - offset), off_t(offset)) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(path) }
      guard count > 0 else { throw Self.damaged(path, "it was truncated") }
      digest.update(data: chunk[..<count])
      offset += count
    }
  }

  private static func damaged(_ path: String, _ reason: String) -> OperationFailure {
    OperationFailure(.damaged, "cannot continue writing \(path): \(reason): start over")
  }
}
