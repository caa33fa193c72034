import Core
import Dispatch
package import Files

/// Appends lines for many tasks at once: everything that is waiting when the disk has been synced goes into the next write. Safe to
/// use from many tasks.
package final class SharedLines: Sendable {
  private struct State {
    var waiting: [(line: [UInt8], continuation: CheckedContinuation<Void, any Error>)] = []
    var isWriting = false
  }

  private let file: AppendedLines
  private let state = Locked(State())
  /// Syncing blocks this thread, which is not in the task pool.
  private let thread = DispatchQueue(label: "waybill.shared-lines")

  package init(_ file: AppendedLines) { self.file = file }

  /// Durable when it returns, even if the task is cancelled meanwhile.
  ///
  /// - Throws: `OperationFailure`; the file then ends with a line before.
  package func append(_ line: [UInt8]) async throws {
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
