import Foundation

/// Which events of a run tests use as the moments at which its process dies: 1, 4, 7, … `WAYBILL_KILL_STEP=1` takes all of them
/// (`scripts/soak points`).
package enum KillPoints {
  package static let step = ProcessInfo.processInfo.environment["WAYBILL_KILL_STEP"].flatMap { Int($0) }.map { max(1, $0) } ?? 3

  /// Without an end: the caller stops at the first event that a run does not have.
  ///
  /// - Parameter first: from 1; where a test has several cases, they need not use the same events.
  package static func from(_ first: Int = 1) -> some Sequence<Int> { sequence(first: min(first, step)) { $0 + step } }
}
