import Core
import Dispatch
import Glibc

/// Waits until one of a few files is saved, with inotify: no polling, and nothing runs in between.
///
/// It watches folders and names in them, so that it notices editors that rename a new file over the old one, editors that
/// write in place, and files that do not exist yet. One task at a time uses a watcher.
package final class FileWatcher: @unchecked Sendable {
  package enum Signal: Sendable, Hashable {
    /// One of the files was written, created or removed. A burst of events is one signal.
    case changed
    /// One of the given descriptors is readable.
    case readable(Int32)
  }

  /// How long to wait after an event for the rest of the burst: an editor writes, renames and sets the mode.
  private static let settleMilliseconds: Int32 = 5
  private static let maximumBursts = 6
  private static let mask = UInt32(0x8 | 0x40 | 0x80 | 0x100 | 0x200)  // CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE

  /// The inotify descriptor; -1: no files are watched.
  let descriptor: Int32
  /// Names per watched folder.
  private var names: [Int32: Set<String>] = [:]

  /// - Parameter watchesFiles: if false, it only waits for descriptors and uses none of the system's watches.
  /// - Throws: `OperationFailure` if the system has no watch available.
  package init(watchesFiles: Bool = true) throws {
    guard watchesFiles else {
      descriptor = -1
      return
    }
    descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    guard descriptor >= 0 else { throw Self.failure("files cannot be watched") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Watches these files instead of the previous ones.
  ///
  /// - Throws: `OperationFailure` if the system's limit of watches is reached.
  package func watch(_ paths: [String]) throws {
    var wanted: [Int32: Set<String>] = [:]
    for path in paths.flatMap({ [$0, Self.resolved($0)].compactMap(\.self) }) {
      var folder = FilePath.folder(of: path)
      var name = FilePath.name(of: path)
      while true {
        let place = folder.isEmpty ? "." : folder
        let watch = inotify_add_watch(descriptor, place, Self.mask)
        if watch >= 0 {
          wanted[watch, default: []].insert(name)
          break
        }
        if errno == ENOSPC { throw Self.failure("no more files can be watched") }
        // A missing folder: wait in its parent until it is created.
        guard place != ".", place != "/" else { break }
        name = FilePath.name(of: folder)
        folder = FilePath.folder(of: folder)
      }
    }
    for watch in names.keys where wanted[watch] == nil { inotify_rm_watch(descriptor, watch) }
    names = wanted
  }

  private let queue = DispatchQueue(label: "waybill.files")

  /// Like `wait`, on its own thread, so that no task is blocked.
  package func next(for descriptors: [Int32] = []) async -> Signal {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.wait(for: descriptors)) }
    }
  }

  /// Blocks until something happens. The first of `descriptors` that is readable, or was closed, takes precedence.
  package func wait(for descriptors: [Int32] = []) -> Signal {
    while true {
      var polled = (descriptors + [descriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
      if let ready = polled.dropLast().first(where: { $0.revents != 0 }) { return .readable(ready.fd) }
      guard drain() else { continue }
      for _ in 0..<Self.maximumBursts {
        var more = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&more, 1, Self.settleMilliseconds) > 0 else { break }
        _ = drain()
      }
      return .changed
    }
  }

  /// Reads what has been reported; whether any of it is about a file that is watched.
  private func drain() -> Bool {
    var isRelevant = false
    let size = 16 * 1024
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { buffer in
      while true {
        let count = read(descriptor, buffer.baseAddress, size)
        guard count > 0 else { return }
        var offset = 0
        // wd, mask, cookie, length of the name, the name padded with zeros.
        while offset + 16 <= count {
          let watch = buffer.load(fromByteOffset: offset, as: Int32.self)
          let mask = buffer.load(fromByteOffset: offset + 4, as: UInt32.self)
          let length = Int(buffer.load(fromByteOffset: offset + 12, as: UInt32.self))
          let bytes = buffer[(offset + 16)..<min(count, offset + 16 + length)].prefix { $0 != 0 }
          let isOverflow = mask & 0x4000 != 0
          if isOverflow || names[watch]?.contains(String(decoding: bytes, as: UTF8.self)) == true { isRelevant = true }
          offset += 16 + length
        }
      }
    }
    return isRelevant
  }

  /// The target of a link: that is the file that is saved.
  private static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    let text = String(cString: found)
    return text == path ? nil : text
  }

  /// The limits of inotify borrow the error numbers of a full disk and of too many open files.
  private static func failure(_ what: String) -> OperationFailure {
    let reason =
      switch errno {
      case ENOSPC: "the limit on watched folders is reached: raise `fs.inotify.max_user_watches`, or end other programs"
      case EMFILE: "the limit on watching programs is reached: raise `fs.inotify.max_user_instances`, or end other programs"
      default: "\(SystemReason(errno, .reading).text): run without \(CommandOption.watch)"
      }
    return OperationFailure(.fault, "\(what): \(reason)")
  }
}
