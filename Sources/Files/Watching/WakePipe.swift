import Core
import Glibc

/// Ends a wait from another thread: signals can be read at `descriptor`.
package final class WakePipe: Sendable {
  package let descriptor: Int32
  private let entry: Int32

  /// - Throws: `OperationFailure` if the process has no descriptors left.
  package init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let reason = SystemReason(errno, .writing)
      throw OperationFailure(.fault, "cannot create a pipe: \(reason.text): \(reason.remedy)")
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    entry = ends[1]
  }

  deinit {
    close(descriptor)
    close(entry)
  }

  package func signal() {
    var byte: UInt8 = 1
    _ = write(entry, &byte, 1)
  }

  /// Consumes the signals.
  package func drain() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
