import Foundation

/// Which events of a run tests use as the moments at which its process dies: 1, 4, 7, … `WAYBILL_KILL_STEP=1` takes all of them
/// (`scripts/soak points`).
package enum KillPoints {
  package static let step = ProcessInfo.processInfo.environment["WAYBILL_KILL_STEP"].flatMap { Int($0) }.map { max(1, $0) } ?? 3

  /// - Parameters:
  ///   - event: from 1.
  ///   - first: from 1; where a test has several cases, they need not use the same events.
  package static func contains(_ event: Int, from first: Int = 1) -> Bool {
    event >= min(first, step) && (event - min(first, step)).isMultiple(of: step)
  }
}
