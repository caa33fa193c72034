package import Control
import Core

/// Time passes only when somebody waits, and then at once.
package final class LeapingTimekeeper: Timekeeper {
  private let moment = Locked(Moment())

  package init() {}

  package func now() -> Moment { moment.withLock { $0 } }

  package func sleep(until wanted: Moment) async throws {
    try Task.checkCancellation()
    await Task.yield()
    moment.withLock { $0 = max($0, wanted) }
  }

  /// Lets time pass although nobody waits.
  package func advance(by time: Duration) { moment.withLock { $0 = $0 + time } }
}
