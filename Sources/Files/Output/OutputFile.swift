package import Core
import Glibc

/// A file that appears at its path only when it is complete: written beside it, synced, renamed. If it is stopped before
/// `commit`, the file at the path is unchanged. `-` is standard output, which is written at once.
///
/// It gets the mode and owner of the file that it replaces, as far as the process is permitted to set them; a new file gets
/// the mode that the process's umask leaves. A symbolic link stays, and its target is replaced.
///
/// Until it appears, only its owner may read it, and it is locked: a process that was killed leaves an unlocked file, which
/// `removeLeftovers` removes.
package final class OutputFile {
  package let path: String
  private var descriptor: Int32
  /// Where the file is written: the path, or the target of the link there.
  private var place: String
  private let temporary: String?
  private var isDone = false
  private var isSealed = false
  private let mode: mode_t
  private let isPrivate: Bool
  /// What a terminal shows of the texts that are written to it; nil if the output is not a terminal.
  private var terminal: TerminalText?
  private(set) package var byteCount = 0
  /// What differs from the replaced file once this one has appeared: sentences for people.
  package private(set) var warnings: [String] = []

  /// Creates missing parent folders. `mode`: permissions of the file, before the process's umask. `isCSV`: how to escape
  /// the data's control characters if the path is a terminal. `isPrivate`: only its owner may read and write it, even if
  /// others could read the file that it replaces.
  package init(path: String, mode: UInt32 = 0o666, isCSV: Bool = false, isPrivate: Bool = false) throws {
    self.path = path
    self.mode = isPrivate ? 0o600 : mode
    self.isPrivate = isPrivate
    guard path != "-" else {
      descriptor = STDOUT_FILENO
      temporary = nil
      place = path
      terminal = TerminalText.isTerminal(descriptor) ? TerminalText(isCSV: isCSV) : nil
      return
    }
    place = StreamPath.isStream(path) ? path : try OutputPlace(path).path
    let folder = FilePath.openableFolder(of: place)
    try Self.makeFolder(folder)
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw OperationFailure.writing(path, EISDIR) }
    // A device or a pipe is written directly: it cannot be renamed. An open file is written at its current position.
    if StreamPath.isStream(path) {
      temporary = nil
      descriptor = try StreamPath.descriptor(of: path).map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? Self.openStream(path)
    } else {
      // Never an existing file: two outputs with one path, in this process or in another, must not mix their bytes.
      let name = Self.shortened(place.split(exactly: "/").last { !$0.isEmpty } ?? "output")
      var beside: String
      repeat {
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        beside = "\(folder)/.\(name).\(getpid())-\(suffix).part"
        descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      } while descriptor < 0 && errno == EEXIST
      temporary = beside
    }
    guard descriptor >= 0 else { throw OperationFailure.writing(path, errno) }
    guard temporary != nil else {
      terminal = TerminalText.isTerminal(descriptor) ? TerminalText(isCSV: isCSV) : nil
      return
    }
    // On a file system without locks, leftovers are not removed.
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Where the bytes are until the file appears; the path itself for a stream.
  package var unfinishedPath: String { temporary ?? path }

  /// Whether a file can have this name, checked before any work is done for it.
  ///
  /// - Throws: `OperationFailure`.
  package static func check(_ path: String) throws(OperationFailure) {
    if path != "-", !StreamPath.isStream(path) { _ = try OutputPlace(path) }
  }

  /// The path that a file is really written to: the target of a symbolic link.
  package static func place(of path: String) -> String { OutputPlace.path(of: path) }

  /// The part of a name that fits into a temporary name made from it.
  private static func shortened(_ name: String) -> String {
    var short = name
    while short.utf8.count > 200 { short.removeLast() }
    return short
  }

  /// Waits for the reader of a pipe until the task is cancelled.
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
    guard var shown = terminal?.shown(text) else { return try writeBytes(text) }
    try shown.withUTF8 { bytes in
      if let base = bytes.baseAddress { try writeBytes(Text(start: base, count: bytes.count)) }
    }
  }

  private func writeBytes(_ text: Text) throws {
    var written = 0
    while written < text.count {
      let count = Glibc.write(descriptor, text.start + written, text.count - written)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw OperationFailure.writing(path, errno)
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

  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress, !buffer.isEmpty { try write(Text(start: base, count: buffer.count)) }
    }
  }

  /// Cuts off everything after the first `count` bytes, including a partial write that failed. A pipe has already received
  /// it.
  package func truncate(to count: Int) {
    guard temporary != nil, !isDone, !isSealed, count <= byteCount, ftruncate(descriptor, off_t(count)) == 0 else { return }
    lseek(descriptor, off_t(count), SEEK_SET)
    byteCount = count
  }

  /// Makes the file appear there instead, in the same folder. No effect on pipes, or once it has appeared.
  package func move(to path: String) throws {
    if temporary != nil, !isDone { place = try OutputPlace(path).path }
  }

  /// Ends writing and syncs the file; it does not appear yet. For several files that appear together: all are sealed before
  /// the first one is committed.
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
      throw OperationFailure.writing(path, error)
    }
  }

  /// The file is complete: it appears at its path.
  package func commit() throws {
    guard !isDone else { return }
    try seal()
    isDone = true
    guard let temporary else { return }
    defer { close(descriptor) }
    takeOver()
    guard rename(temporary, place) == 0 else {
      let error = errno
      unlink(temporary)
      throw OperationFailure.writing(path, error)
    }
    Self.syncFolder(FilePath.openableFolder(of: place))
  }

  /// The same, unless something exists at its path: then that is kept, this returns false, and the file can only be abandoned.
  package func commitUnlessPresent() throws -> Bool {
    guard !isDone else { return true }
    try seal()
    guard let temporary else { return true }
    takeOver()
    guard link(temporary, place) == 0 else {
      let error = errno
      // Some file systems have no links.
      guard error != EEXIST, !FilePath.exists(place) else { return false }
      try commit()
      return true
    }
    isDone = true
    unlink(temporary)
    close(descriptor)
    Self.syncFolder(FilePath.openableFolder(of: place))
    return true
  }

  /// Sets the owner and mode of the replaced file, in this order, because changing the owner clears bits of the mode. Some
  /// file systems have neither.
  private func takeOver() {
    var (old, new) = (stat(), stat())
    guard stat(place, &old) == 0, old.st_mode & S_IFMT == S_IFREG, fstat(descriptor, &new) == 0 else {
      fchmod(descriptor, mode & ~ProcessMask.current & 0o777)
      return
    }
    if old.st_uid != new.st_uid || old.st_gid != new.st_gid, fchown(descriptor, old.st_uid, old.st_gid) != 0 {
      // A process may change only the group of its own file.
      let keepsGroup = old.st_gid == new.st_gid || fchown(descriptor, uid_t.max, old.st_gid) == 0
      if old.st_uid != new.st_uid || !keepsGroup {
        warnings.append(
          "\(path) belonged to user \(old.st_uid) and group \(old.st_gid), and now belongs to user \(new.st_uid) and group \(keepsGroup ? old.st_gid : new.st_gid): this process is not permitted to restore them"
        )
      }
    }
    fchmod(descriptor, old.st_mode & (isPrivate ? 0o600 : 0o777))
  }

  /// Nothing appears at the path.
  package func abandon() {
    guard !isDone else { return }
    isDone = true
    if let temporary { unlink(temporary) }
    if descriptor != STDOUT_FILENO, !isSealed || temporary != nil { close(descriptor) }
  }

  /// Whether this is the name of a file that has not appeared yet.
  package static func isUnfinished(_ name: String) -> Bool { process(ofTemporary: name) != nil }

  /// The process in `.NAME.PROCESS-SUFFIX.part`; nil for other names.
  package static func process(ofTemporary name: String) -> Int32? {
    guard name.hasPrefix(exactly: "."), name.hasSuffix(exactly: ".part") else { return nil }
    let parts = name.dropLast(".part".count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let last = parts.last else { return nil }
    let marks = last.split(separator: "-", omittingEmptySubsequences: false)
    guard marks.count == 2, let process = Int32(marks[0]), process > 0, !marks[1].isEmpty,
      marks[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
    else { return nil }
    return process
  }

  /// Creates a folder and its parents.
  package static func makeFolder(_ path: String, mode: UInt32 = 0o777) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw OperationFailure.writing(path, "it is a file, not a folder", remedy: "choose another path")
      }
      return
    }
    let above = FilePath.openableFolder(of: path)
    if !above.isExactly(path) { try makeFolder(above, mode: mode) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw OperationFailure.writing(path, errno) }
  }

  private static func syncFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
