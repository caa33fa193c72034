package import Core

/// A wall clock that a test sets.
package final class WallClock: Sendable {
  private let time = Shared(WallTime(millisecondsSince1970: 1_800_000_000_000))

  package init() {}

  package var now: WallTime { time.value }

  /// Negative: sets it back.
  package func advance(by span: Duration) { time.change { $0 = $0 + span } }
}
