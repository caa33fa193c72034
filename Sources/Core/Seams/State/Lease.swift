/// The right to be the only one who does something, until it expires.
package struct Lease: Sendable, Hashable {
  package var name: Name
  /// For people: a host and a process. It does not decide who holds the lease; `fence` does.
  @ByBytes package var owner: String
  package var expires: WallTime
  /// Greater each time the lease is acquired.
  package var fence: Int64

  package init(name: Name, owner: String, expires: WallTime, fence: Int64) {
    self.name = name
    self.owner = owner
    self.expires = expires
    self.fence = fence
  }
}

/// How an attempt to acquire a lease ended.
package enum LeaseClaim: Sendable, Hashable {
  case acquired(Lease)
  /// Another process or task holds it.
  case held(owner: Name, expires: WallTime)
}

extension OperationFailure {
  /// A write under a lease that its caller no longer holds.
  package static func leaseLost(_ lease: Lease) -> OperationFailure {
    OperationFailure(.stateHeld, "another process has taken over '\(lease.name)'; this one was stopped for too long")
  }
}
