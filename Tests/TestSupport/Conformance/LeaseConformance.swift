import Core
import Testing

/// The contract of `StateStore` for leases.
enum LeaseConformance {
  typealias Case = StateStoreConformance.Case

  static func acquire(
    _ name: Name = "l", owner: String = "a", seconds: Int = 60, in store: any StateStore
  ) throws -> Lease {
    guard case .acquired(let lease) = try store.acquire(name, owner: owner, for: .seconds(seconds)) else {
      throw OperationFailure(.stateHeld, "the lease '\(name)' is held")
    }
    return lease
  }

  static let cases: [Case] = [
    Case("one process has a lease until it releases it") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      let lease = try acquire(in: store)
      #expect(lease.name == "l" && lease.owner == "a" && lease.expires == subject.clock.now + .seconds(60))
      #expect(try other.acquire("l", owner: "b", for: .seconds(60)) == .held(owner: "a", expires: lease.expires))
      // Not even the same owner: it may be another task.
      #expect(try store.acquire("l", owner: "a", for: .seconds(60)) == .held(owner: "a", expires: lease.expires))
      try store.release(lease)
      let next = try acquire(owner: "b", in: other)
      #expect(next.owner == "b" && next.fence > lease.fence)
    },
    Case("the lease of a dead process is taken over once it has expired, and not before") { subject in
      var store: (any StateStore)? = try subject.open()
      let lease = try acquire(in: try #require(store))
      store = nil
      let other = try subject.open()
      subject.clock.advance(by: .milliseconds(59_999))
      #expect(try other.acquire("l", owner: "b", for: .seconds(1)) == .held(owner: "a", expires: lease.expires))
      subject.clock.advance(by: .milliseconds(1))
      #expect(try acquire(owner: "b", in: other).fence > lease.fence)
    },
    Case("a renewed lease lasts from its renewal") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      var lease = try acquire(seconds: 10, in: store)
      for _ in 0..<5 {
        subject.clock.advance(by: .seconds(9))
        lease = try #require(try store.renew(lease, for: .seconds(10)))
        #expect(lease.expires == subject.clock.now + .seconds(10))
        #expect(try other.acquire("l", owner: "b", for: .seconds(1)) == .held(owner: "a", expires: lease.expires))
      }
    },
    Case("a lease that nobody has taken over is renewed, however late") { subject in
      let store = try subject.open()
      let lease = try acquire(seconds: 1, in: store)
      subject.clock.advance(by: .seconds(1000))
      try store.save([Checkpoint("c", [1])], under: lease)
      #expect(try store.renew(lease, for: .seconds(1)) != nil)
    },
    Case("a process that was stopped for too long can do nothing under its lease") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      let lost = try acquire(seconds: 1, in: store)
      subject.clock.advance(by: .seconds(2))
      let lease = try acquire(owner: "b", in: other)
      try other.save([Checkpoint("c", [2])], under: lease)
      #expect(try store.renew(lost, for: .seconds(60)) == nil)
      let failure = #expect(throws: OperationFailure.self) {
        try store.save([Checkpoint("c", [1]), Checkpoint("d", [1])], under: lost)
      }
      #expect(failure?.code == .stateHeld && failure?.isTransient == true)
      #expect(try store.checkpoint("c") == [2] && store.checkpoint("d") == nil)
      // It releases what it no longer owns.
      try store.release(lost)
      #expect(try store.acquire("l", owner: "a", for: .seconds(1)) == .held(owner: "b", expires: lease.expires))
      #expect(try other.renew(lease, for: .seconds(1)) != nil)
    },
    Case("a released lease is lost, even if the same owner acquires it again") { subject in
      let store = try subject.open()
      let first = try acquire(in: store)
      try store.release(first)
      try store.release(first)
      #expect(try store.renew(first, for: .seconds(1)) == nil)
      #expect(throws: OperationFailure.self) { try store.save([Checkpoint("c", [1])], under: first) }
      let second = try acquire(in: store)
      #expect(second.fence > first.fence)
      #expect(try store.renew(first, for: .seconds(1)) == nil)
      #expect(try store.checkpoint("c") == nil)
    },
    Case("a lease that was acquired while the clock was ahead has expired once the clock is set back") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      let ahead = try acquire(in: store)
      subject.clock.advance(by: .seconds(-3600))
      let lease = try acquire(owner: "b", in: other)
      #expect(lease.fence > ahead.fence && lease.expires == subject.clock.now + .seconds(60))
      #expect(try store.renew(ahead, for: .seconds(60)) == nil)
      #expect(throws: OperationFailure.self) { try store.save([Checkpoint("c", [1])], under: ahead) }
      #expect(try store.acquire("l", owner: "a", for: .seconds(1)) == .held(owner: "b", expires: lease.expires))
    },
    Case("a lease that was renewed while the clock was ahead has expired once the clock is set back") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      let lease = try acquire(in: store)
      subject.clock.advance(by: .seconds(3600))
      _ = try #require(try store.renew(lease, for: .seconds(60)))
      subject.clock.advance(by: .seconds(-3590))
      #expect(try acquire(owner: "b", in: other).fence > lease.fence)
    },
    Case("a holder that renews its lease after the clock was set back keeps it") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      let lease = try acquire(in: store)
      subject.clock.advance(by: .seconds(-3600))
      let renewed = try #require(try store.renew(lease, for: .seconds(60)))
      #expect(renewed.expires == subject.clock.now + .seconds(60))
      #expect(try other.acquire("l", owner: "b", for: .seconds(1)) == .held(owner: "a", expires: renewed.expires))
    },
    Case("a lease may last forever") { subject in
      let store = try subject.open()
      let lease = try acquire(seconds: Int.max, in: store)
      #expect(lease.expires == WallTime(millisecondsSince1970: .max))
      #expect(try subject.open().acquire("l", owner: "b", for: .seconds(1)) == .held(owner: "a", expires: lease.expires))
    },
    Case("names and owners of leases are kept by their bytes") { subject in
      let store = try subject.open()
      for name in oddNames { _ = try acquire(Name(name), owner: name, in: store) }
      for name in oddNames {
        guard case .held(let owner, _) = try store.acquire(Name(name), owner: "b", for: .seconds(1)) else {
          Issue.record("\(name.debugDescription) is not held")
          continue
        }
        #expect(owner == Name(name))
      }
    },
    Case("if several processes want a lease, only one has it at a time") { subject in
      let holders = Shared((now: 0, most: 0))
      let fences = try concurrently(4) { writer in
        let store = try subject.open()
        var fences: [Int64] = []
        while fences.count < 10 {
          guard case .acquired(let lease) = try store.acquire("l", owner: "\(writer)", for: .seconds(60)) else { continue }
          holders.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
          holders.change { $0.now -= 1 }
          fences.append(lease.fence)
          try store.release(lease)
        }
        return fences
      }
      #expect(Set(fences.joined()).count == 40)
      #expect(holders.value.most == 1)
    },
  ]
}
