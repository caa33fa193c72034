import Core
import TestSupport
import Testing

@testable import HTTP

/// Memory for answers that arrive at the same time.
@Suite struct ByteBudgetTests {
  static let mebibyte = 1 << 20

  @Test(.ends(withinMinutes: 5), arguments: [1, 4, 64])
  func `16 responses of 50 MB all arrive, and are never held together`(_ limit: Int) async throws {
    let budget = ByteBudget(limit: limit * Self.mebibyte)
    let most = Shared(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask {
          let lease = budget.lease()
          for size in stride(from: Self.mebibyte, through: 50 * Self.mebibyte, by: Self.mebibyte) {
            try await lease.grow(to: size)
            let used = budget.used
            most.change { $0 = max($0, used) }
            await Task.yield()
          }
          withExtendedLifetime(lease) {}
        }
      }
      try await group.waitForAll()
    }
    // The budget, and one that overdraws it.
    #expect(most.value <= (limit + 50) * Self.mebibyte)
    #expect(most.value >= 49 * Self.mebibyte)
    #expect(budget.used == 0 && budget.waiting == 0)
  }

  @Test func `small responses are not counted, and the same size is taken once`() async throws {
    let budget = ByteBudget(limit: 0)
    let leases = (0..<10).map { _ in budget.lease() }
    for lease in leases {
      try await lease.grow(to: ByteBudget.free)
    }
    #expect(budget.used == 0)
    try await leases[0].grow(to: ByteBudget.free + 10)
    try await leases[0].grow(to: ByteBudget.free + 10)
    #expect(budget.used == 10)
  }

  /// A timed-out test is cancelled; it must not keep polling.
  private static func wait(for count: Int, in budget: ByteBudget) async throws {
    while budget.waiting < count {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  @Test(.ends(withinMinutes: 5)) func `an answer that is cancelled while it waits reserves nothing`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    var holder: ByteBudget.Lease? = budget.lease()
    try await holder?.grow(to: 10 * Self.mebibyte)
    let held = budget.used
    let waiting = Task { try await budget.lease().grow(to: 2 * Self.mebibyte) }
    try await Self.wait(for: 1, in: budget)
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(budget.used == held && budget.waiting == 0)
    // One that is cancelled before it waits.
    let late = Task {
      while !Task.isCancelled { await Task.yield() }
      try await budget.lease().grow(to: 2 * Self.mebibyte)
    }
    late.cancel()
    await #expect(throws: CancellationError.self) { try await late.value }
    holder = nil
    #expect(budget.used == 0)
  }

  @Test(.ends(withinMinutes: 5)) func `waiters proceed in order`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    var holder: ByteBudget.Lease? = budget.lease()
    try await holder?.grow(to: 3 * Self.mebibyte)
    let order = Shared<[Int]>([])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask {
          let lease = budget.lease()
          try await lease.grow(to: 2 * Self.mebibyte)
          order.change { $0.append(number) }
        }
        try await Self.wait(for: number + 1, in: budget)
      }
      holder = nil
      try await group.waitForAll()
    }
    #expect(order.value == [0, 1, 2, 3])
    #expect(holder == nil)
  }

  @Test func `a response with a hold does not wait, and is postponed unless it is the first`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    let first = AnswerHold { true }
    let later = AnswerHold { false }
    let kept = budget.lease(first)
    try await kept.grow(to: 3 * Self.mebibyte)
    #expect(!first.isPostponed && budget.used == 3 * Self.mebibyte - ByteBudget.free)
    var refused: ByteBudget.Lease? = budget.lease(later)
    await #expect(throws: CancellationError.self) { try await refused?.grow(to: 2 * Self.mebibyte) }
    #expect(later.isPostponed && refused != nil && budget.waiting == 0)
    refused = nil
    #expect(budget.used == 3 * Self.mebibyte - ByteBudget.free)
    withExtendedLifetime(kept) {}
  }

  @Test func `a hold keeps the shares of its responses`() async throws {
    let budget = ByteBudget(limit: 4 * Self.mebibyte)
    var hold: AnswerHold? = AnswerHold { false }
    for _ in 0..<2 {
      let lease = budget.lease(hold)
      try await lease.grow(to: Self.mebibyte)
      hold?.keep(lease)
    }
    #expect(budget.used == 2 * (Self.mebibyte - ByteBudget.free))
    hold = nil
    #expect(budget.used == 0)
  }
}
