import Core
import TestSupport
import Testing

@testable import Load

@Suite struct JournalWriterTests {
  private static let scope = JournalScope(pipeline: "p", destination: "app", mapping: "m", location: "files")

  private static func request(_ number: Int) -> IntentRequest {
    IntentRequest(
      scope: scope, run: "r", target: "POST /", idempotencyKey: "\(number)", body: [1],
      records: [IntentRecord(ordinal: UInt64(number), key: Name("k\(number)"), digest: [1])])
  }

  /// Fewer tasks than the writer waits for, as many, and more: a signal that is lost or left over would stop them all.
  @Test(.ends(withinMinutes: 5), arguments: [(1, 64), (15, 64), (48, 64), (64, 64), (200, 64), (64, 1)])
  func `every change gets its answer, however many come together`(tasks: Int, calls: Int) async throws {
    let states = MemoryStateStore(now: { WallTime.now() })
    let journal = MemoryJournal(leases: states)
    let lease = try await LeaseHolder("load", owner: "test", target: "test", states: states)
    let writer = JournalWriter(journal, under: lease, calls: calls)
    let each = 30
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        group.addTask {
          for turn in 0..<each {
            let number = task * each + turn
            let id = try await writer.intend(Self.request(number))
            // Keeps the tasks from running in lockstep.
            for _ in 0..<(task * 7 + turn) % 5 { await Task.yield() }
            try await writer.resolve(id, [IntentResult(UInt64(number), .accepted(remoteID: Name("r\(number)")))])
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try journal.openIntents(Self.scope).isEmpty)
    let keys = (0..<tasks * each).map { Name("k\($0)") }
    let known = try journal.accepted(keys, in: Self.scope)
    #expect(keys.indices.allSatisfy { known[keys[$0]]?.remoteID == Name("r\($0)") })
    await lease.release()
  }

  @Test(.ends(withinMinutes: 5)) func `a change that fails does so only for its own task, and the writer goes on`() async throws {
    let states = MemoryStateStore(now: { WallTime.now() })
    let journal = MemoryJournal(leases: states)
    let lease = try await LeaseHolder("load", owner: "test", target: "test", states: states)
    let writer = JournalWriter(journal, under: lease, calls: 4)
    let id = try await writer.intend(Self.request(1))
    await #expect(throws: OperationFailure.self) {
      try await writer.resolve(IntentID(99), [IntentResult(0, .refused)])
    }
    try await writer.resolve(id, [IntentResult(1, .accepted())])
    #expect(try journal.openIntents(Self.scope).isEmpty)
    await lease.release()
  }
}
