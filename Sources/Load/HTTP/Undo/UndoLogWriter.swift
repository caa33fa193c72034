import Core
import Dispatch
import Files

/// Writes an undo log for many calls at once: everything that is waiting when the disk has been synced goes into the next write.
/// Safe to use from many tasks.
final class UndoLogWriter: Sendable {
  private struct State {
    var waiting: [(line: [UInt8], continuation: CheckedContinuation<Void, any Error>)] = []
    var isWriting = false
  }

  private let file: AppendedLines
  private let state = Locked(State())
  /// Syncing blocks this thread, which is not in the task pool.
  private let thread = DispatchQueue(label: "waybill.undo-log")

  /// Creates the file, or continues it. Blocks while it does.
  ///
  /// - Throws: `OperationFailure`.
  init(path: String, _ head: UndoLog.Head) throws {
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
  }

  /// Continues a file that exists.
  ///
  /// - Throws: `OperationFailure`.
  init(continuing path: String) throws { file = try AppendedLines(continuing: path) }

  /// Durable when it returns.
  func append(_ line: [UInt8]) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let begins = state.withLock { state in
        state.waiting.append((line, continuation))
        defer { state.isWriting = true }
        return !state.isWriting
      }
      if begins { thread.async { self.write() } }
    }
  }

  /// Writes until nothing is waiting.
  private func write() {
    while true {
      let batch = state.withLock { state in
        defer { state.waiting = [] }
        state.isWriting = !state.waiting.isEmpty
        return state.waiting
      }
      if batch.isEmpty { return }
      let result = Result { try file.append(batch.map(\.line)) }
      for entry in batch { entry.continuation.resume(with: result.mapError { $0 as any Error }) }
    }
  }
}
