import Core
import Files

/// Buffers lines on their way to a file.
final class LineArena {
  var arena = ByteArena(capacity: 128 * 1024)
  private let file: OutputFile

  init(_ file: OutputFile) {
    self.file = file
    arena.begin()
  }

  func append(_ text: String) { for byte in text.utf8 { arena.append(byte) } }

  func flushIfFull() throws { if arena.pendingCount > 64 * 1024 { try flush() } }

  /// Secrets are redacted here, as in the ledger; personal data is not.
  func flush() throws {
    if let clean = arena.withPending({ Redactor.process.redacted($0.buffer) }) {
      try file.write(String(decoding: clean, as: UTF8.self))
    } else {
      try file.write(arena.withPending { $0 })
    }
    arena.reset()
    arena.begin()
  }
}
