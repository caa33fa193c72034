/// Receives what happens in a run while it happens: for the terminal, the log, metrics.
///
///     final class Metrics: RunObserver {
///       func receive(_ event: RunEvent) {
///         if case .pausedForRateLimit = event { pauses.increment() }
///       }
///     }
///
/// A caller may send events from any task, several at the same time, and thousands per second. The events of one stage come in
/// order: it begins, advances with numbers that only increase, and ends.
///
/// An implementer must return quickly, since the work waits for it, and must not fail. It branches on the cases, never on
/// texts; `RunEventText` in `Report` has the words. It ignores events that it does not know.
package protocol RunObserver: Sendable {
  func receive(_ event: RunEvent)
}

extension RunObserver {
  /// - Parameter expected: exactly this many; nil: unknown.
  package func stageBegan(_ stage: Stage, of what: String, expected: Int?) {
    receive(.stageBegan(stage, of: what, expected: expected.map { .exactly($0) }))
  }

  package func stageBegan(_ stage: Stage, of what: String, size: StageSize?) {
    receive(.stageBegan(stage, of: what, expected: size))
  }

  package func stageAdvanced(_ stage: Stage, of what: String, done: Int) {
    receive(.stageAdvanced(stage, of: what, done: done))
  }

  package func stageEnded(_ stage: Stage, of what: String) { receive(.stageEnded(stage, of: what)) }
}

/// Ignores everything.
package struct SilentObserver: RunObserver {
  package init() {}
  package func receive(_ event: RunEvent) {}
}
