import Core
import Files
import Glibc
import State

extension StateFolder {
  /// Changes the journal while no run is loading: such a run would have based its decisions on the old contents.
  ///
  /// - Parameter command: for messages of other processes.
  /// - Throws: with the code `stateHeld` if another process uses the state, and what `body` throws.
  func changingJournal<Result>(
    by command: String, _ body: (any Journal, any StateStore, Lease) throws -> Result
  ) throws -> Result {
    let lock = try StateLock(folder: path)
    defer { withExtendedLifetime(lock) {} }
    let states = try openStateStore()
    let owner = "\(command), process \(getpid())"
    guard case .acquired(let lease) = try states.acquire("journal import", owner: owner, for: .seconds(60)) else {
      throw OperationFailure(.stateHeld, "another process is changing the journal in \(path); wait for it to end")
    }
    defer { try? states.release(lease) }
    return try body(try openJournal(), states, lease)
  }
}
