package import Core
import Glibc

/// An output that cannot be written: a full disk, a folder that is not there, no permission. Exit code 73.
package struct OutputFailure: Error, Sendable, CustomStringConvertible {
  package let path: String
  package let reason: String
  /// The reader of the pipe has gone.
  package let isBrokenPipe: Bool

  init(path: String, error: Int32) {
    self.path = path
    reason = String(cString: strerror(error))
    isBrokenPipe = error == EPIPE
  }

  package var description: String { "cannot write \(path): \(reason)" }
}

/// A file that appears at its path only when it is whole: written beside it, synced, renamed. Whatever stops it before
/// `commit` leaves what was at the path as it was. `-` is standard output, which is written at once.
package final class OutputFile {
  package let path: String
  private var descriptor: Int32
  private let temporary: String?
  private var isDone = false
  private var isSealed = false
  private(set) package var byteCount = 0

  /// Makes missing folders on the way. `mode`: permissions of the file, less the process's mask.
  package init(path: String, mode: UInt32 = 0o666) throws {
    self.path = path
    guard path != "-" else {
      descriptor = STDOUT_FILENO
      temporary = nil
      return
    }
    let folder = Self.folder(of: path)
    try Self.makeFolder(folder)
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw OutputFailure(path: path, error: EISDIR) }
    // A device or a pipe is written as it is: it cannot be renamed. An open file is written where it has got to.
    if StreamPath.isStream(path) {
      temporary = nil
      descriptor =
        StreamPath.descriptor(of: path).map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open(path, O_WRONLY | O_CLOEXEC)
    } else {
      // Never a file that is there: two outputs with one path, in this process or in another, must not mix their bytes.
      let name = path.split(separator: "/").last.map(String.init) ?? "output"
      var beside: String
      repeat {
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        beside = "\(folder)/.\(name).\(getpid())-\(suffix).part"
        descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      } while descriptor < 0 && errno == EEXIST
      temporary = beside
    }
    guard descriptor >= 0 else { throw OutputFailure(path: path, error: errno) }
  }

  deinit { abandon() }

  package func write(_ text: Text) throws {
    var written = 0
    while written < text.count {
      let count = Glibc.write(descriptor, text.start + written, text.count - written)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw OutputFailure(path: path, error: errno)
      }
    }
    byteCount += written
  }

  package func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return }
      try write(Text(start: base, count: bytes.count))
    }
  }

  /// Nothing more is written, and what was is on the disk; it does not appear yet. For several files that appear
  /// together: all are sealed before the first is committed.
  package func seal() throws {
    guard !isDone, !isSealed else { return }
    isSealed = true
    guard let temporary else {
      if descriptor != STDOUT_FILENO { close(descriptor) }
      return
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0 else {
      let error = errno
      isDone = true
      unlink(temporary)
      throw OutputFailure(path: path, error: error)
    }
  }

  /// The file is whole: it appears at its path.
  package func commit() throws {
    guard !isDone else { return }
    try seal()
    isDone = true
    guard let temporary else { return }
    guard rename(temporary, path) == 0 else {
      let error = errno
      unlink(temporary)
      throw OutputFailure(path: path, error: error)
    }
    Self.syncFolder(Self.folder(of: path))
  }

  /// Nothing appears at the path.
  package func abandon() {
    guard !isDone else { return }
    isDone = true
    if descriptor != STDOUT_FILENO, !isSealed { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String, mode: UInt32 = 0o777) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw OutputFailure(path: path, error: ENOTDIR) }
      return
    }
    let above = folder(of: path)
    if above != path { try makeFolder(above, mode: mode) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw OutputFailure(path: path, error: errno) }
  }

  private static func syncFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
