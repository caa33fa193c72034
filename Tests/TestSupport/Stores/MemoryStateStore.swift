package import Core

/// Checkpoints, tokens and leases in memory.
package final class MemoryStateStore: StateStore {
  private struct Token {
    var version: Int64
    /// Nil: removed.
    var value: [UInt8]?
  }

  private struct Holding {
    var fence: Int64
    /// Nil: released.
    var owner: String?
    /// When it was last acquired or renewed.
    var starts: WallTime
    var expires: WallTime
  }

  private struct Content {
    var checkpoints: [Name: [UInt8]] = [:]
    var tokens: [Name: Token] = [:]
    var leases: [Name: Holding] = [:]

    func token(_ name: Name) -> StoredToken? {
      guard let token = tokens[name], let value = token.value else { return nil }
      return StoredToken(value, version: TokenVersion(token.version))
    }

    func isHeld(_ lease: Lease) -> Bool {
      guard let holding = leases[lease.name] else { return false }
      return holding.fence == lease.fence && holding.owner != nil
    }

    func checkHeld(_ lease: Lease) throws(OperationFailure) {
      if !isHeld(lease) { throw OperationFailure.leaseLost(lease) }
    }
  }

  private let content = Locked(Content())
  let now: @Sendable () -> WallTime

  package init(now: @escaping @Sendable () -> WallTime) { self.now = now }

  package func checkpoint(_ name: Name) throws(OperationFailure) -> [UInt8]? { content.withLock { $0.checkpoints[name] } }

  package func save(_ checkpoints: [Checkpoint], under lease: Lease?) throws(OperationFailure) {
    try content.withLock { content throws(OperationFailure) in
      if let lease { try content.checkHeld(lease) }
      for checkpoint in checkpoints { content.checkpoints[checkpoint.name] = checkpoint.value }
    }
  }

  package func token(_ name: Name) throws(OperationFailure) -> StoredToken? { content.withLock { $0.token(name) } }

  package func replaceToken(
    _ name: Name, with value: [UInt8]?, readAt version: TokenVersion?
  ) throws(OperationFailure) -> TokenReplacement {
    content.withLock { content in
      let current = content.token(name)
      guard current?.version == version else { return .stale(current) }
      let next = (content.tokens[name]?.version ?? 0) + 1
      content.tokens[name] = Token(version: next, value: value)
      return .replaced(TokenVersion(next))
    }
  }

  package func acquire(_ name: Name, owner: String, for span: Duration) throws(OperationFailure) -> LeaseClaim {
    content.withLock { content in
      let time = now()
      if let holding = content.leases[name], let holder = holding.owner, holding.starts <= time, time < holding.expires {
        return .held(owner: Name(holder), expires: holding.expires)
      }
      let fence = (content.leases[name]?.fence ?? 0) + 1
      let lease = Lease(name: name, owner: owner, expires: time + span, fence: fence)
      content.leases[name] = Holding(fence: fence, owner: owner, starts: time, expires: lease.expires)
      return .acquired(lease)
    }
  }

  package func renew(_ lease: Lease, for span: Duration) throws(OperationFailure) -> Lease? {
    content.withLock { content in
      guard content.isHeld(lease) else { return nil }
      let time = now()
      var renewed = lease
      renewed.expires = time + span
      content.leases[lease.name]?.starts = time
      content.leases[lease.name]?.expires = renewed.expires
      return renewed
    }
  }

  /// Nobody takes the lease over while `body` runs.
  ///
  /// - Throws: `OperationFailure.leaseLost`, or what `body` throws.
  func whileHeld<Value>(_ lease: Lease, _ body: () throws -> Value) throws -> Value {
    try content.withLock { content in
      try content.checkHeld(lease)
      return try body()
    }
  }

  package func release(_ lease: Lease) throws(OperationFailure) {
    content.withLock { content in
      if content.leases[lease.name]?.fence == lease.fence { content.leases[lease.name]?.owner = nil }
    }
  }
}
