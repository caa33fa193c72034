import Core
import Glibc

/// Bytes of a file or of standard input (`-`). Closes what it opened. Waiting for an idle pipe ends when the task is
/// cancelled.
package final class FileInput: ByteInput {
  fileprivate let descriptor: Int32
  private let path: String
  /// A file is always ready.
  private let mayWait: Bool

  /// `offset`: the byte of the file to begin at.
  ///
  /// - Throws: `OperationFailure` if it cannot be opened, or ends before `offset`.
  package init(path: String, from offset: Int = 0) throws {
    self.path = path == "-" ? "standard input" : path
    guard path != "-" else {
      descriptor = STDIN_FILENO
      var status = stat()
      mayWait = fstat(STDIN_FILENO, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
      return
    }
    // Opening a pipe would wait for its writer and could not be cancelled: `read` waits instead.
    let isPipe = StreamPath.isNamedPipe(path)
    let opened = open(path, O_RDONLY | O_CLOEXEC | (isPipe ? O_NONBLOCK : 0))
    if isPipe, opened >= 0 { _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~O_NONBLOCK) }
    guard opened >= 0 else { throw OperationFailure.reading(path, errno) }
    var status = stat()
    if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(opened)
      throw OperationFailure.reading(path, "it is a folder")
    }
    descriptor = opened
    mayWait = status.st_mode & S_IFMT != S_IFREG
    posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
    guard offset > 0 else { return }
    guard !mayWait, Int(status.st_size) >= offset, lseek(opened, off_t(offset), SEEK_SET) == off_t(offset) else {
      throw OperationFailure.reading(path, "it has \(status.st_size) bytes, but was already read up to byte \(offset)")
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  package func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    while true {
      if mayWait { try waitForBytes() }
      let received = Glibc.read(descriptor, buffer, count)
      if received >= 0 { return received }
      guard errno == EINTR else { throw OperationFailure.reading(path, errno) }
    }
  }
}

extension FileInput {
  /// How often a waiting reader checks for cancellation, in milliseconds.
  private static let pause: Int32 = 100

  private func waitForBytes() throws {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Bytes, the end or an error: `read` finds out. A signal may end the wait early.
    while true {
      let count = poll(&waiting, 1, Self.pause)
      if count > 0 || (count < 0 && errno != EINTR) { return }
      try Task.checkCancellation()
    }
  }
}

/// Bytes in memory, returned in pieces: for tests, and for data that is already loaded.
package struct MemoryInput: ByteInput {
  private let bytes: [UInt8]
  private var position = 0
  private let pieceSize: Int

  package init(_ bytes: [UInt8], pieceSize: Int = .max) {
    self.bytes = bytes
    self.pieceSize = pieceSize
  }

  package mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    let size = min(count, pieceSize, bytes.count - position)
    bytes.withUnsafeBufferPointer { source in
      if size > 0, let from = source.baseAddress { buffer.update(from: from + position, count: size) }
    }
    position += size
    return size
  }
}
