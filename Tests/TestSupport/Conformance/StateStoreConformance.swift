package import Core
import Testing

/// The contract of `StateStore`.
package enum StateStoreConformance {
  package typealias Case = ConformanceCase<Subject>

  /// A store whose time the test sets.
  package struct Subject: Sendable {
    let clock: WallClock
    let open: StoreOpener<any StateStore>

    /// - Parameter open: opens the same data each time, with this clock.
    package init(_ open: @escaping @Sendable (_ now: @escaping @Sendable () -> WallTime) throws -> any StateStore) {
      let clock = WallClock()
      self.clock = clock
      self.open = { try open { clock.now } }
    }
  }

  package static let cases: [Case] = checkpoints + tokens + LeaseConformance.cases

  // MARK: Checkpoints

  private static let checkpoints: [Case] = [
    Case("checkpoints are nil until they are saved, and outlive their process") { subject in
      #expect(try subject.open().checkpoint("a") == nil)
      try subject.open().save([Checkpoint("a", [1]), Checkpoint("b", [])])
      #expect(try subject.open().checkpoint("a") == [1])
      #expect(try subject.open().checkpoint("b") == [])
      #expect(try subject.open().checkpoint("c") == nil)
    },
    Case("checkpoints are replaced and removed, and the last one of a name counts") { subject in
      let store = try subject.open()
      try store.save([])
      try store.save([Checkpoint("a", [1]), Checkpoint("b", [2])])
      try store.save([Checkpoint("a", [3]), Checkpoint("b", nil), Checkpoint("none", nil)])
      #expect(try store.checkpoint("a") == [3] && store.checkpoint("b") == nil)
      try store.save([Checkpoint("a", nil), Checkpoint("a", [4])])
      #expect(try store.checkpoint("a") == [4])
    },
    Case("names of checkpoints are compared by their bytes") { subject in
      let store = try subject.open()
      for (number, name) in oddNames.enumerated() { try store.save([Checkpoint(Name(name), [UInt8(number)])]) }
      for (number, name) in oddNames.enumerated() { #expect(try store.checkpoint(Name(name)) == [UInt8(number)]) }
    },
    Case("huge values are kept byte for byte") { subject in
      try subject.open().save([Checkpoint("a", hugeValue)])
      #expect(try subject.open().checkpoint("a") == hugeValue)
    },
    Case("checkpoints that are saved together are seen together") { subject in
      let store = try subject.open()
      try store.save([Checkpoint("a", [0]), Checkpoint("b", [0])])
      _ = try concurrently(4) { writer in
        let store = try subject.open()
        for _ in 0..<20 { try store.save([Checkpoint("a", [UInt8(writer)]), Checkpoint("b", [UInt8(writer)])]) }
      }
      #expect(try store.checkpoint("a") == store.checkpoint("b"))
    },
  ]

  // MARK: Tokens

  private static let tokens: [Case] = [
    Case("a token is added once, and outlives its process") { subject in
      #expect(try subject.open().token("t") == nil)
      guard case .replaced(let version) = try subject.open().replaceToken("t", with: [1], readAt: nil) else {
        Issue.record("it was not added")
        return
      }
      #expect(try subject.open().token("t") == StoredToken([1], version: version))
      #expect(try subject.open().replaceToken("t", with: [2], readAt: nil) == .stale(StoredToken([1], version: version)))
      #expect(try subject.open().token("t")?.value == [1])
    },
    Case("a token that has changed since it was read is not replaced") { subject in
      let (store, other) = (try subject.open(), try subject.open())
      _ = try store.replaceToken("t", with: [1], readAt: nil)
      let read = try #require(try store.token("t"))
      #expect(try other.token("t") == read)
      guard case .replaced(let newer) = try other.replaceToken("t", with: [2], readAt: read.version) else {
        Issue.record("it was not replaced")
        return
      }
      #expect(newer > read.version)
      let current = StoredToken([2], version: newer)
      #expect(try store.replaceToken("t", with: [3], readAt: read.version) == .stale(current))
      #expect(try store.replaceToken("t", with: nil, readAt: read.version) == .stale(current))
      #expect(try store.replaceToken("t", with: [3], readAt: TokenVersion(newer.number + 1)) == .stale(current))
      #expect(try store.token("t") == current)
    },
    Case("versions of a removed token are not used again") { subject in
      let store = try subject.open()
      _ = try store.replaceToken("t", with: [1], readAt: nil)
      let old = try #require(try store.token("t"))
      guard case .replaced = try store.replaceToken("t", with: nil, readAt: old.version) else {
        Issue.record("it was not removed")
        return
      }
      #expect(try store.token("t") == nil)
      #expect(try store.replaceToken("t", with: [2], readAt: old.version) == .stale(nil))
      guard case .replaced(let version) = try store.replaceToken("t", with: [], readAt: nil) else {
        Issue.record("it was not added")
        return
      }
      #expect(version > old.version)
      #expect(try subject.open().token("t") == StoredToken([], version: version))
    },
    Case("if several processes replace a token, each change is based on the one before it") { subject in
      _ = try subject.open().replaceToken("t", with: Array("0".utf8), readAt: nil)
      let replaced = try concurrently(4) { _ in
        let store = try subject.open()
        var count = 0
        while count < 10 {
          let read = try store.token("t")
          let number = read.flatMap { Int(String(decoding: $0.value, as: UTF8.self)) } ?? 0
          if case .replaced = try store.replaceToken("t", with: Array("\(number + 1)".utf8), readAt: read?.version) { count += 1 }
        }
        return count
      }
      #expect(replaced.reduce(0, +) == 40)
      #expect(try subject.open().token("t")?.value == Array("40".utf8))
    },
    Case("names of tokens are compared by their bytes, and huge values are kept") { subject in
      let store = try subject.open()
      for (number, name) in oddNames.enumerated() {
        _ = try store.replaceToken(Name(name), with: [UInt8(number)], readAt: nil)
      }
      for (number, name) in oddNames.enumerated() { #expect(try store.token(Name(name))?.value == [UInt8(number)]) }
      _ = try store.replaceToken("huge", with: hugeValue, readAt: nil)
      #expect(try subject.open().token("huge")?.value == hugeValue)
    },
  ]
}
