import Core
import Extract
package import FoundationEssentials
import Report
import State

/// Runs and snapshots with a start time in the future: the clock was ahead then, or is behind now. They are harmless,
/// because both are ordered by number, but the user should know.
package enum FutureTimes {
  /// How far the clocks of several machines may differ, in seconds.
  private static let tolerance = 60.0

  /// True for an RFC 3339 time in UTC that is later than `now`.
  package static func isAhead(_ time: String, of now: Date) -> Bool {
    time > (now + tolerance).ISO8601Format()
  }

  /// One sentence per kind.
  static func warnings(in state: StateFolder, _ runs: (any RunStore)?, now: Date) -> [String] {
    events(in: state, runs, now: now).compactMap { RunEventText.line(for: $0)?.text }
  }

  /// One event per kind.
  static func events(in state: StateFolder, _ runs: (any RunStore)?, now: Date) -> [RunEvent] {
    var found: [RunEvent] = []
    if let run = try? runs?.latestStart(), isAhead(run.started, of: now) {
      found.append(.startTimeInFuture(what: "run \(run.id)", time: run.started))
    }
    let latest = SnapshotReader(root: state.snapshots).parts.max { $0.manifest.started < $1.manifest.started }
    if let latest, isAhead(latest.manifest.started, of: now) {
      found.append(.startTimeInFuture(what: "snapshot \(latest.id)", time: latest.manifest.started))
    }
    return found
  }

  package static func sentence(_ what: String, _ time: String) -> String { RunEventText.startTimeInFuture(what, time) }
}
