import Glibc

/// A private file to which lines are appended, one write each, so that lines of several tasks do not mix. What cannot be
/// written is lost in silence: for logs that help people, not for accounts.
package final class AppendFile: Sendable {
  private let descriptor: Int32

  package init(path: String) { descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func append(line: String) {
    guard descriptor >= 0 else { return }
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }
}
