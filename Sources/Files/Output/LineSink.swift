package import Core
import Glibc

/// Where the lines of a ledger go: a file that appears when it is whole, or standard error.
package enum LineSink {
  case file(OutputFile)
  case standardError

  /// Whole lines with their line breaks.
  ///
  /// - Throws: `OperationFailure`.
  package func write(_ lines: Text) throws {
    switch self {
    case .file(let file): try file.write(lines)
    case .standardError:
      guard TerminalText.isTerminal(STDERR_FILENO) else { return Self.writeError(lines) }
      var shown = TerminalText.lines(lines)
      shown.withUTF8 { bytes in
        if let base = bytes.baseAddress { Self.writeError(Text(start: base, count: bytes.count)) }
      }
    }
  }

  private static func writeError(_ lines: Text) {
    var written = 0
    while written < lines.count {
      let count = Glibc.write(STDERR_FILENO, lines.start + written, lines.count - written)
      // The reader has gone: the ledger is lost, but the records are not.
      if count < 0, errno != EINTR { return }
      written += max(0, count)
    }
  }

  /// The number of its bytes in the file; 0 for standard error.
  package var byteCount: Int { if case .file(let file) = self { file.byteCount } else { 0 } }

  /// Makes the file appear with its first `count` bytes: what was reported before the work failed. Best effort, because
  /// the failure itself is what matters.
  ///
  /// - Parameter path: where it appears; nil: at its own path.
  /// - Returns: whether it exists there.
  @discardableResult
  package func keep(_ count: Int, at path: String? = nil) -> Bool {
    guard case .file(let file) = self else { return false }
    file.truncate(to: count)
    do {
      if let path { try file.move(to: path) }
      try file.commit()
      return true
    } catch {
      return false
    }
  }

  package func seal() throws { if case .file(let file) = self { try file.seal() } }

  package func commit() throws { if case .file(let file) = self { try file.commit() } }
}
