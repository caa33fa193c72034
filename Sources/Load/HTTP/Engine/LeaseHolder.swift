import Core

/// Holds the lease of what a part loads into, and renews it in time, until `release`.
final class LeaseHolder: Sendable {
  private let states: any StateStore
  private let lease: Locked<Lease>
  private let renewal: Locked<Task<Void, Never>?>

  /// Short, because a process that was killed holds its leases until they expire, and the next one waits for that.
  private static let span: Duration = .seconds(10)

  /// Waits until the lease of a dead process has expired.
  ///
  /// - Parameters:
  ///   - owner: for people: who loads.
  ///   - target: for people: what two processes must not load at once.
  /// - Throws: `OperationFailure` with the code `stateHeld` if another process holds the lease, `CancellationError`.
  init(_ name: Name, owner: String, target: String, states: any StateStore) async throws {
    self.states = states
    lease = Locked(try await Self.acquire(name, owner: owner, target: target, states))
    renewal = Locked(nil)
    let task = Task { [weak self] in
      while !Task.isCancelled {
        do { try await Task.sleep(for: Self.span / 4) } catch { return }
        guard let self, await self.renew() else { return }
      }
    }
    renewal.withLock { $0 = task }
  }

  private static func acquire(_ name: Name, owner: String, target: String, _ states: any StateStore) async throws -> Lease {
    let end = ContinuousClock.now + span * 1.5
    while true {
      switch try await BlockingWork.perform({ try states.acquire(name, owner: owner, for: span) }) {
      case .acquired(let lease): return lease
      case .held(let holder, _):
        guard ContinuousClock.now < end else {
          throw OperationFailure(
            .stateHeld, "\(target) is being loaded by \(holder.text): run again when it has ended", retryAfterSeconds: 60)
        }
        try await Task.sleep(for: .milliseconds(250))
      }
    }
  }

  var current: Lease { lease.withLock { $0 } }

  /// False: the lease is lost, so the journal refuses the next intent.
  private func renew() async -> Bool {
    let (states, held) = (states, current)
    let renewed: Lease?
    // A state that is busy at the moment is tried again.
    do { renewed = try await BlockingWork.perform { try states.renew(held, for: Self.span) } } catch { return true }
    guard let renewed else { return false }
    lease.withLock { $0 = renewed }
    return true
  }

  func release() async {
    renewal.withLock { task in
      task?.cancel()
      task = nil
    }
    let (states, held) = (states, current)
    // If this fails, it expires.
    _ = try? await BlockingWork.perform { try states.release(held) }
  }
}
