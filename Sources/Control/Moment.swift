/// A point on a monotonic time line with an arbitrary start: state machines compare and add, and never read a clock.
package struct Moment: Sendable, Hashable, Comparable {
  /// Since the start of the line.
  package var sinceStart: Duration

  package init(_ sinceStart: Duration = .zero) { self.sinceStart = sinceStart }

  package static func < (left: Moment, right: Moment) -> Bool { left.sinceStart < right.sinceStart }
  package static func + (moment: Moment, span: Duration) -> Moment { Moment(moment.sinceStart + span) }
  package static func - (later: Moment, earlier: Moment) -> Duration { later.sinceStart - earlier.sinceStart }
}

/// Where moments come from: the machine's clock in the product, a simulated one in tests.
package protocol Timekeeper: Sendable {
  func now() -> Moment
  /// Returns once `moment` has been reached. Throws `CancellationError` if the task is cancelled first.
  func sleep(until moment: Moment) async throws
}

/// The machine's monotonic clock.
package struct SystemTimekeeper: Timekeeper {
  private let start = ContinuousClock.now

  package init() {}

  package func now() -> Moment { Moment(ContinuousClock.now - start) }

  package func sleep(until moment: Moment) async throws {
    try await Task.sleep(until: start + moment.sinceStart, clock: .continuous)
  }
}

extension Duration {
  /// In seconds, with a fraction.
  package var seconds: Double {
    let parts = components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }

  /// Whole seconds, rounded up, that a person or a scheduler has to wait. From 0 to 10 years.
  package var wholeSeconds: Int {
    let longest: Duration = .seconds(315_360_000)
    let parts = Swift.min(Swift.max(self, .zero), longest).components
    // The rounding error of a fractional product must not add a second.
    return Int(parts.seconds) + (parts.attoseconds > 1_000_000_000_000_000 ? 1 : 0)
  }
}
