import Core
import Glibc
import Records

/// Where the lines of a ledger go: a file that appears when it is whole, or standard error.
enum LineSink {
  case file(OutputFile)
  case standardError

  /// - Throws: `OutputFailure`.
  func write(_ line: String) throws {
    switch self {
    case .file(let file): try file.write(line + "\n")
    case .standardError:
      var bytes = Array((line + "\n").utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // Nobody reads it: the ledger is lost, the records are not.
        if count < 0, errno != EINTR { return }
        if count > 0 { bytes = bytes.dropFirst(count) }
      }
    }
  }

  func seal() throws { if case .file(let file) = self { try file.seal() } }

  func commit() throws { if case .file(let file) = self { try file.commit() } }
}
