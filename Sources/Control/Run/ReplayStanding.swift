package import Core

/// What a replay does with an open item, given what later runs did with its record.
///
/// Later runs read newer versions of the record; their order is that in which they began, and times do not count. An older version
/// never replaces a newer one.
package enum ReplayStanding: Sendable, Hashable {
  /// No later run has read the record.
  case replay
  /// A later run resolved it: it loaded a newer version, or had nothing to load; or it is an earlier replay.
  case resolved(by: String, Outcome)
  /// A newer version of the record is open in this run.
  ///
  /// - Parameter isPending: nothing is known to be wrong with it; it was not sent, or its result is not known.
  case newerOpen(in: String, isPending: Bool = false)
  /// The record has no key, so whether this run has read a newer version of it cannot be known.
  case keyless(since: String)

  /// How a later run ended with the record at the same destination.
  package struct Later: Sendable, Hashable {
    package var run: String
    package var outcome: Outcome
    /// The run replayed the same version of the record.
    package var isReplayOfSame: Bool

    package init(run: String, outcome: Outcome, isReplayOfSame: Bool = false) {
      self.run = run
      self.outcome = outcome
      self.isReplayOfSame = isReplayOfSame
    }
  }

  /// What one later run says; nil: nothing, so the run before it decides.
  package init?(_ later: Later) {
    switch later.outcome {
    case .written, .created, .updated, .unchanged, .removed, .filtered, .merged:
      self = .resolved(by: later.run, later.outcome)
    case .rejected, .failed, .pending:
      // An earlier replay that did not succeed says nothing about other versions.
      if later.isReplayOfSame { return nil }
      self = .newerOpen(in: later.run, isPending: later.outcome == .pending)
    }
  }
}
