package import Core
import Glibc

/// A private file of lines, each durable when `append` returns. A process that was killed leaves whole lines, and perhaps the
/// beginning of one more, which `reopen` removes.
package final class AppendedLines: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Creates the file, which must not exist.
  ///
  /// - Throws: `OperationFailure`.
  package init(path: String) throws(OperationFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .writing(path, errno) }
    try DurableFile.syncFolder(FilePath.openableFolder(of: path))
  }

  private init(path: String, descriptor: Int32) { (self.path, self.descriptor) = (path, descriptor) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Continues a file, and returns its lines.
  ///
  /// - Throws: `OperationFailure`.
  package static func reopen(path: String) throws(OperationFailure) -> (file: AppendedLines, lines: [[UInt8]]) {
    let lines = try read(path)
    let whole = lines.map { $0.count + 1 }.reduce(0, +)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(path, errno) }
    let file = AppendedLines(path: path, descriptor: descriptor)
    guard ftruncate(descriptor, off_t(whole)) == 0 else { throw .writing(path, errno) }
    return (file, lines)
  }

  /// The whole lines of a file, without their line breaks.
  ///
  /// - Throws: `OperationFailure`.
  package static func read(_ path: String) throws(OperationFailure) -> [[UInt8]] {
    let bytes = try FileRegions(path: path).bytes(0..<Int.max)
    guard let whole = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    return bytes[..<whole].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
  }

  /// - Throws: `OperationFailure`; the file then ends with the line before.
  package func append(_ line: [UInt8]) throws(OperationFailure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .writing(path, errno) }
    let bytes = line + [UInt8(ascii: "\n")]
    let count = write(descriptor, bytes, bytes.count)
    guard count == bytes.count, fsync(descriptor) == 0 else {
      let error = count >= 0 && count < bytes.count ? ENOSPC : errno
      ftruncate(descriptor, status.st_size)
      throw .writing(path, error)
    }
  }
}
