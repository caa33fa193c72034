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
///
/// Until it appears, only its owner may read it, and it is locked: a process that was killed leaves a file that nobody
/// holds, which `removeLeftovers` takes away.
package final class OutputFile {
  package let path: String
  private var descriptor: Int32
  private let temporary: String?
  private var isDone = false
  private var isSealed = false
  /// As the process's mask leaves it.
  private var finalMode: mode_t = 0o600
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
      descriptor = try StreamPath.descriptor(of: path).map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? Self.openStream(path)
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
    guard temporary != nil else { return }
    if fstat(descriptor, &status) == 0 { finalMode = status.st_mode & 0o777 }
    fchmod(descriptor, 0o600)
    // Where a file system has no locks, nobody's leftovers are taken away there.
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// A pipe without a reader is waited for, as long as the task is wanted.
  private static func openStream(_ path: String) throws -> Int32 {
    guard StreamPath.isNamedPipe(path) else { return open(path, O_WRONLY | O_CLOEXEC) }
    while true {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
      guard descriptor < 0, errno == ENXIO else { return descriptor }
      try Task.checkCancellation()
      usleep(50_000)
    }
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

  /// Cuts off what was written behind the first `count` bytes, and half of a write that failed. Pipes have it already.
  package func truncate(to count: Int) {
    guard temporary != nil, !isDone, !isSealed, count <= byteCount, ftruncate(descriptor, off_t(count)) == 0 else { return }
    lseek(descriptor, off_t(count), SEEK_SET)
    byteCount = count
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
    // It stays open, for the lock.
    guard fsync(descriptor) == 0 else {
      let error = errno
      isDone = true
      unlink(temporary)
      close(descriptor)
      throw OutputFailure(path: path, error: error)
    }
  }

  /// The file is whole: it appears at its path.
  package func commit() throws {
    guard !isDone else { return }
    try seal()
    isDone = true
    guard let temporary else { return }
    defer { close(descriptor) }
    // Some file systems have no permissions to set.
    fchmod(descriptor, finalMode)
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
    if let temporary { unlink(temporary) }
    if descriptor != STDOUT_FILENO, !isSealed || temporary != nil { close(descriptor) }
  }

  /// So old is a file at least that belongs to a process of the same number: in containers these come again.
  private static let leftoverSeconds = 5

  /// Takes away what killed processes left beside `path`: they hold the beginnings of files with personal data.
  ///
  /// Gives the names. A file that anybody holds stays; one that cannot be looked at or taken away, too.
  @discardableResult
  package static func removeLeftovers(beside path: String) -> [String] {
    guard path != "-" else { return [] }
    let folder = folder(of: path)
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var removed: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      guard let process = process(ofTemporary: name) else { continue }
      let descriptor = open("\(folder)/\(name)", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      let isGone = kill(process, 0) != 0 && errno == ESRCH
      guard isGone || time(nil) - status.st_mtim.tv_sec > leftoverSeconds, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        continue
      }
      if unlink("\(folder)/\(name)") == 0 { removed.append(name) }
    }
    return removed
  }

  /// Whether a file that has not appeared yet is called so.
  package static func isUnfinished(_ name: String) -> Bool { process(ofTemporary: name) != nil }

  /// The process in `.NAME.PROCESS-SUFFIX.part`; nil for other names.
  package static func process(ofTemporary name: String) -> Int32? {
    guard name.hasPrefix("."), name.hasSuffix(".part") else { return nil }
    let parts = name.dropLast(".part".count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let last = parts.last else { return nil }
    let marks = last.split(separator: "-", omittingEmptySubsequences: false)
    guard marks.count == 2, let process = Int32(marks[0]), process > 0, !marks[1].isEmpty,
      marks[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
    else { return nil }
    return process
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
