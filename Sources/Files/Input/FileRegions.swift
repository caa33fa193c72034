package import Core
import Glibc

/// Reads parts of a file by their positions.
package final class FileRegions: Sendable {
  private let descriptor: Int32
  private let path: String

  /// - Throws: `OperationFailure`.
  package init(path: String) throws(OperationFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .reading(path, errno) }
  }

  deinit { close(descriptor) }

  /// Its size at present, in bytes.
  ///
  /// - Throws: `OperationFailure`.
  package func size() throws(OperationFailure) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(path, errno) }
    return max(0, Int(status.st_size))
  }

  /// The bytes of a region; fewer where the file ends before.
  ///
  /// - Throws: `OperationFailure`.
  package func bytes(_ region: Range<Int>) throws(OperationFailure) -> [UInt8] {
    let region = region.clamped(to: 0..<(try size()))
    var bytes = [UInt8](repeating: 0, count: region.count)
    var count = 0
    while count < bytes.count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, off_t(region.lowerBound + count))
      }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw .reading(path, errno) }
      if read == 0 { break }
      count += read
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
