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
  /// The record has no key, or this run had another key, so whether it has read a newer version of the record cannot be known.
  case keyless(since: String)
  /// This run had loaded a newer version of the record, and was undone.
  case undone(String)
  /// This run had loaded corrected values of the record, and was undone. Those of the source are not sent instead of them.
  case undoneCorrection(String)
  /// This run has the record, too, but read an older snapshot.
  case olderSnapshot(in: String)

  /// How a later run ended with the record at the same destination.
  package struct Later: Sendable, Hashable {
    package var run: String
    package var outcome: Outcome
    /// The run replayed the same version of the record.
    package var isReplayOfSame: Bool
    /// What the run wrote, or a part of it, has been undone.
    package var isUndone: Bool
    package var hasOlderSnapshot: Bool
    /// It replayed a corrected table, and this replay sends the values of the source.
    package var wasCorrected: Bool
    /// A run that was undone after this one had begun.
    package var undoneSince: String?

    package init(
      run: String, outcome: Outcome, isReplayOfSame: Bool = false, isUndone: Bool = false, hasOlderSnapshot: Bool = false,
      wasCorrected: Bool = false, undoneSince: String? = nil
    ) {
      self.run = run
      self.outcome = outcome
      self.isReplayOfSame = isReplayOfSame
      self.isUndone = isUndone
      self.hasOlderSnapshot = hasOlderSnapshot
      self.wasCorrected = wasCorrected
      self.undoneSince = undoneSince
    }
  }

  /// What one later run says; nil: nothing, so the run before it decides.
  package init?(_ later: Later) {
    if later.hasOlderSnapshot, !later.isReplayOfSame {
      self = .olderSnapshot(in: later.run)
      return
    }
    if later.isUndone, [.written, .created, .updated, .removed].contains(later.outcome) {
      // The same version may be sent again; a newer one is sent by the next run.
      if later.isReplayOfSame, !later.wasCorrected { return nil }
      self = later.isReplayOfSame ? .undoneCorrection(later.run) : .undone(later.run)
      return
    }
    // What it found unchanged may have been what was undone.
    if later.outcome == .unchanged, let undone = later.undoneSince {
      if later.isReplayOfSame, !later.wasCorrected { return nil }
      self = later.isReplayOfSame ? .undoneCorrection(undone) : .undone(undone)
      return
    }
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
