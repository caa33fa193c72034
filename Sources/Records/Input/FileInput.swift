import Glibc

/// Bytes of a file or of standard input (`-`). Closes what it opened.
package final class FileInput: ByteInput {
  private let descriptor: Int32
  private let path: String

  package init(path: String) throws {
    self.path = path == "-" ? "standard input" : path
    guard path != "-" else {
      descriptor = STDIN_FILENO
      return
    }
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw InputFailure(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(opened)
      throw InputFailure(path: path, reason: "it is a folder")
    }
    descriptor = opened
    posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  package func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    while true {
      let received = Glibc.read(descriptor, buffer, count)
      if received >= 0 { return received }
      guard errno == EINTR else { throw InputFailure(path: path, reason: String(cString: strerror(errno))) }
    }
  }
}

/// Bytes in memory, handed out in pieces: for tests, and for data that is there already.
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
