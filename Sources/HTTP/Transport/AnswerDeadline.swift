import Core

/// The deadline for a response, relative to its request; time during which we stopped reading does not count.
package final class AnswerDeadline: Sendable {
  private struct State {
    var end: ContinuousClock.Instant
    var pausedSince: ContinuousClock.Instant?
  }

  private let state: Locked<State>

  package init(after timeout: Duration) { state = Locked(State(end: .now + timeout)) }

  /// Returns when the deadline has passed.
  ///
  /// - Throws: `CancellationError`.
  package func passed() async throws {
    while let left = left() { try await Task.sleep(for: left) }
  }

  /// Stops the clock while `body` runs.
  package func whilePaused(_ body: () async throws -> Void) async rethrows {
    state.withLock { $0.pausedSince = .now }
    defer {
      state.withLock { state in
        if let since = state.pausedSince { state.end += .now - since }
        state.pausedSince = nil
      }
    }
    try await body()
  }

  private func left() -> Duration? {
    state.withLock { state in
      let now = ContinuousClock.now
      if let since = state.pausedSince { return max(state.end - since, .milliseconds(50)) }
      return state.end > now ? state.end - now : nil
    }
  }
}
