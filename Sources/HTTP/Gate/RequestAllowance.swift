import Core

/// The requests that a run may still make, through any of its gates. Safe to use from many tasks.
package final class RequestAllowance: Sendable {
  private let left: Locked<Int>

  package init(_ requests: Int) { left = Locked(requests) }

  /// Takes one request; false: none is left.
  func take() -> Bool {
    left.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }

  /// A request was not made after all.
  func giveBack() { left.withLock { $0 += 1 } }
}
