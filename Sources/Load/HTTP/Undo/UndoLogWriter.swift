import Core
import Files

/// Writes an undo log. Safe to use from many tasks.
final class UndoLogWriter: Sendable {
  private let lines: SharedLines

  /// Creates the file, or continues it. Blocks while it does.
  ///
  /// - Throws: `OperationFailure`.
  init(path: String, _ head: UndoLog.Head) throws {
    let file: AppendedLines
    if FilePath.exists(path), try FileRegions(path: path).size() > 0 {
      file = try AppendedLines(continuing: path)
      // A process that died at once has left no whole line.
      if try FileRegions(path: path).size() == 0 { try file.append(head.line) }
    } else {
      try PrivateFolder.make(FilePath.openableFolder(of: path), isInside: true)
      FileRemoval.file(path)
      file = try AppendedLines(path: path)
      try file.append(head.line)
    }
    lines = SharedLines(file)
  }

  /// Continues a file that exists.
  ///
  /// - Throws: `OperationFailure`.
  init(continuing path: String) throws { lines = SharedLines(try AppendedLines(continuing: path)) }

  /// Durable when it returns.
  func append(_ line: [UInt8]) async throws { try await lines.append(line) }
}
