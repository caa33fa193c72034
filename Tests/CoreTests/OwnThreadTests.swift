import Core
import Files
import Glibc
import TestSupport
import Testing

@Suite("Work on a thread of its own")
struct OwnThreadTests {
  @Test("gives its result, or throws its error")
  func result() async throws {
    #expect(try await OwnThread.result { 6 * 7 } == 42)
    await #expect(throws: SmallFile.Failure.tooLarge) { try await OwnThread.result { throw SmallFile.Failure.tooLarge } }
  }

  @Test("A cancelled caller does not wait for the work to finish", .ends(withinMinutes: 5))
  func cancelled() async throws {
    let (gate, reached) = (Gate(), Gate())
    let task = Task {
      try await OwnThread.result {
        reached.open()
        gate.wait()
      }
    }
    await Task.detached { reached.wait() }.value
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // Only now may the work end; its result is nobody's.
    gate.open()
  }

  @Test("No work starts if the caller is already cancelled", .ends(withinMinutes: 5))
  func cancelledBefore() async throws {
    let isRun = Locked(false)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await OwnThread.result { isRun.withLock { $0 = true } }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(isRun.withLock { $0 } == false)
  }

  @Test("has room for deep recursion")
  func deep() {
    var depth = 0
    let isRun = OwnThread.run { depth = Self.descend(60_000) }
    #expect(isRun)
    #expect(depth == 60_000)
  }

  @inline(never) private static func descend(_ rest: Int) -> Int { rest == 0 ? 0 : 1 + descend(rest - 1) }

  /// Closed until it is opened.
  private final class Gate: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
      sem_destroy(semaphore)
      semaphore.deallocate()
    }

    func open() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 {} }
  }
}
