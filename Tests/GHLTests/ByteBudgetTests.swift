import Core
import TestSupport
import Testing

@testable import GHL

/// A value shared between tasks.
final class Shared<Value: Sendable>: Sendable {
  private let mutex: Locked<Value>

  init(_ value: Value) { mutex = Locked(value) }

  var value: Value { mutex.withLock { $0 } }
  func change(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

/// Memory for answers that arrive at the same time.
@Suite struct ByteBudgetTests {
  static let mebibyte = 1 << 20

  @Test(.ends(withinMinutes: 5), arguments: [1, 4, 64])
  func `16 answers of 50 MB all arrive, and are never held at the same time`(_ limit: Int) async throws {
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
    // The budget, and one answer that overdraws it.
    #expect(most.value <= (limit + 50) * Self.mebibyte)
    #expect(most.value >= 49 * Self.mebibyte)
    #expect(budget.used == 0 && budget.waiting == 0)
  }

  @Test func `small answers are not counted, and the same size is reserved once`() async throws {
    let budget = ByteBudget(limit: 0)
    let leases = (0..<10).map { _ in budget.lease() }
    for lease in leases {
      try await lease.grow(to: ByteBudget.free)
      #expect(lease.growsAtOnce(to: ByteBudget.free) && !lease.growsAtOnce(to: ByteBudget.free + 1))
    }
    #expect(budget.used == 0)
    for lease in leases.dropFirst() { lease.keep() }
    try await leases[0].grow(to: ByteBudget.free + 10)
    try await leases[0].grow(to: ByteBudget.free + 10)
    #expect(budget.used == 10)
  }

  @Test(.ends(withinMinutes: 1)) func `an answer that is cancelled while it waits reserves nothing`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    var holder: ByteBudget.Lease? = budget.lease()
    try await holder?.grow(to: 10 * Self.mebibyte)
    let held = budget.used
    let waiting = Task { try await budget.lease().grow(to: 2 * Self.mebibyte) }
    while budget.waiting == 0 { await Task.yield() }
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

  @Test(.ends(withinMinutes: 1)) func `waiting answers continue in order`() async throws {
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
        while budget.waiting <= number { await Task.yield() }
      }
      holder = nil
      try await group.waitForAll()
    }
    #expect(order.value == [0, 1, 2, 3])
    #expect(holder == nil)
  }

  @Test(.ends(withinMinutes: 1)) func `the answer with the lowest turn arrives first, whatever is kept`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    let kept = budget.lease(turn: 3)
    try await kept.grow(to: 3 * Self.mebibyte)
    kept.keep()
    let order = Shared<[Int]>([])
    let leases = [7, 5, 2].map { (turn: $0, lease: budget.lease(turn: $0)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (turn, lease) in leases {
        group.addTask {
          try await lease.grow(to: 2 * Self.mebibyte)
          order.change { $0.append(turn) }
          lease.keep()
        }
      }
      try await group.waitForAll()
    }
    #expect(order.value == [2, 5, 7])
    #expect(budget.used == 9 * Self.mebibyte - 4 * ByteBudget.free)
    withExtendedLifetime((kept, leases)) {}
  }

  @Test(.ends(withinMinutes: 1)) func `no answer overdraws while another one is being received`() async throws {
    let budget = ByteBudget(limit: Self.mebibyte)
    var slow: ByteBudget.Lease? = budget.lease(turn: 1)
    let fast = Task { try await budget.lease(turn: 2).grow(to: 2 * Self.mebibyte) }
    while budget.waiting == 0 { await Task.yield() }
    #expect(slow != nil && budget.used == 0)
    // It broke off.
    slow = nil
    try await fast.value
    #expect(budget.used == 0)
  }
}
