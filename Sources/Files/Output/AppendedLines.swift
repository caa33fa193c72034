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

  /// Continues a file without reading its lines.
  ///
  /// - Throws: `OperationFailure`.
  package init(continuing path: String) throws(OperationFailure) {
    self.path = path
    let end = try Self.endOfLines(path)
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0, ftruncate(descriptor, off_t(end)) == 0 else { throw .writing(path, errno) }
  }

  /// The size of the file without the beginning of a line at its end.
  private static func endOfLines(_ path: String) throws(OperationFailure) -> Int {
    let file = try FileRegions(path: path)
    var end = try file.size()
    while end > 0 {
      let start = max(0, end - 64 * 1024)
      let bytes = try file.bytes(start..<end)
      if let last = bytes.lastIndex(of: UInt8(ascii: "\n")) { return start + last + 1 }
      end = start
    }
    return 0
  }

  /// - Throws: `OperationFailure`; the file then ends with the line before.
  package func append(_ line: [UInt8]) throws(OperationFailure) { try append([line]) }

  /// Appends all of the lines, which are synced once.
  ///
  /// - Throws: `OperationFailure`; the file then ends with the line before.
  package func append(_ lines: [[UInt8]]) throws(OperationFailure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .writing(path, errno) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
    for line in lines {
      bytes += line
      bytes.append(UInt8(ascii: "\n"))
    }
    let count = write(descriptor, bytes, bytes.count)
    guard count == bytes.count, fsync(descriptor) == 0 else {
      let error = count >= 0 && count < bytes.count ? ENOSPC : errno
      ftruncate(descriptor, status.st_size)
      throw .writing(path, error)
    }
  }
}
