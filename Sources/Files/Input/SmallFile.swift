import Glibc

/// Reads whole files of a bounded size: those that people write, not their data.
package enum SmallFile {
  package static let maximumBytes = 16 << 20

  /// Why a file was not read. The description is the end of a sentence about it.
  package enum Failure: Error, Hashable, CustomStringConvertible {
    /// The operating system's error number.
    case unreadable(Int32)
    /// A pipe, a socket or a device: reading it might never end.
    case notRegular
    case tooLarge

    package var description: String {
      switch self {
      case .unreadable(let number): "cannot be read: \(SystemReason(number, .reading).text)"
      case .notRegular: "is not a regular file (it is a pipe, a socket or a device)"
      case .tooLarge: "is larger than \(maximumBytes >> 20) MiB"
      }
    }
  }

  package static func bytes(of path: String, atMost maximumBytes: Int = maximumBytes) -> Result<[UInt8], Failure> {
    // Without waiting for the other end of a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(errno == ENXIO ? .notRegular : .unreadable(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(.unreadable(errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { return .failure(.unreadable(EISDIR)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.notRegular) }
    guard status.st_size <= maximumBytes else { return .failure(.tooLarge) }
    // One byte more shows whether it has grown.
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    var count = 0
    while count < bytes.count {
      let read = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count) }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { return .failure(.unreadable(errno)) }
      if read == 0 { break }
      count += read
      if count == bytes.count {
        guard count <= maximumBytes else { return .failure(.tooLarge) }
        bytes += [UInt8](repeating: 0, count: min(count, maximumBytes + 1 - count))
      }
    }
    bytes.removeLast(bytes.count - count)
    return .success(bytes)
  }
}
