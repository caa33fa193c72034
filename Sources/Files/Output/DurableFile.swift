package import Core
import Crypto
import Glibc

/// A file that lines are appended to, with its digest. Small writes are buffered; `checkpoint` and `finish` sync.
package struct DurableFile: ~Copyable {
  package let path: String
  package internal(set) var lines = 0
  package internal(set) var bytes = 0
  let descriptor: Int32
  private var buffer: [UInt8] = []
  var digest = SHA256()
  /// The folder has been synced since the file was created.
  var isNameDurable = false

  static let bufferSize = 256 * 1024

  package init(path: String) throws(OperationFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    buffer.reserveCapacity(Self.bufferSize + 4096)
  }

  /// A file that is open; it is closed with the value.
  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.bufferSize + 4096)
  }

  deinit { _ = Self.closing(descriptor) }

  package mutating func append(line: [UInt8]) throws(OperationFailure) {
    buffer += line
    buffer.append(UInt8(ascii: "\n"))
    lines += 1
    bytes += line.count + 1
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends bytes as they are; `lines` does not count them.
  package mutating func append(piece: UnsafeBufferPointer<UInt8>) throws(OperationFailure) {
    buffer += piece
    bytes += piece.count
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes the buffered bytes; only whole lines, if lines were appended.
  package mutating func flush() throws(OperationFailure) {
    digest.update(data: buffer)
    try Self.write(buffer, to: descriptor, path)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Flushes and syncs; returns the SHA-256 of everything that was written, in hexadecimal.
  package mutating func finish() throws(OperationFailure) -> String {
    try sync()
    return Hexadecimal.text(of: digest.finalize())
  }

  mutating func sync() throws(OperationFailure) {
    try flush()
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  private static func closing(_ descriptor: Int32) -> Int32 { close(descriptor) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(OperationFailure) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { unistdWrite(descriptor, $0) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      offset += count
    }
  }

  static func failure(_ path: String) -> OperationFailure { .writing(path, errno) }

  /// Writes a small file as a whole: beside its path, synced, renamed. Returns its size and digest.
  @discardableResult
  package static func replace(_ path: String, with bytes: [UInt8]) throws(OperationFailure) -> FileMark {
    let beside = path + ".new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(beside) }
    defer { _ = closing(descriptor) }
    try write(bytes, to: descriptor, beside)
    guard fsync(descriptor) == 0, rename(beside, path) == 0 else { throw failure(path) }
    return .init(bytes: bytes.count, sha256: FileDigest.sha256(of: bytes))
  }

  /// Makes the names in a folder durable.
  package static func syncFolder(_ path: String) throws(OperationFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { _ = closing(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  /// Creates a folder that only its owner may read, with its parents. True if it did not exist.
  package static func makeFolder(_ path: String) throws(OperationFailure) -> Bool {
    if mkdir(path, 0o700) == 0 { return true }
    if errno == EEXIST { return false }
    guard errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
      throw failure(path)
    }
    _ = try makeFolder(String(path[..<slash]))
    if mkdir(path, 0o700) == 0 { return true }
    if errno == EEXIST { return false }
    throw failure(path)
  }
}

private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
