import Core
import Glibc

/// Locks a state folder for one process, so that two runs never work on it at once.
///
/// The operating system holds the lock (`flock`), so it is released when the process ends, however that happens: it is never
/// stale. The file has the holder's process ID, for messages. Released with the last reference to it.
package final class StateLock: Sendable {
  package let path: String
  private let descriptor: Int32

  /// - Throws: `OperationFailure`: `stateHeld` if another process has it, `cannotWrite` if the lock's file cannot be made.
  package init(folder: String) throws {
    try PrivateFolder.make(folder)
    path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Self.failure(path, errno)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes it: every stored property is set.
      let error = errno
      guard error == EWOULDBLOCK else {
        throw Self.failure(path, error)
      }
      throw Self.held(path, by: Self.holder(descriptor))
    }
    var text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, &text, text.count, 0) == text.count else {
      throw Self.failure(path, errno)
    }
  }

  deinit { close(descriptor) }

  private static func failure(_ path: String, _ error: Int32) -> OperationFailure {
    OperationFailure(
      .cannotWrite, "state \(path): \(SystemReason(error, .writing).text): choose another \(CommandOption.state) folder")
  }

  /// - Parameter process: Nil if the holder has not written it yet.
  private static func held(_ path: String, by process: Int?) -> OperationFailure {
    let who = process.map { "process \($0)" } ?? "another process"
    return OperationFailure(
      .stateHeld, "\(who) is using this state (\(path)); wait for it to end, or choose another \(CommandOption.state) folder")
  }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
