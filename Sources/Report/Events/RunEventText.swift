package import Core

/// The words for events, the same in the terminal and in the log.
package enum RunEventText {
  package struct Line: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable {
      case info
      /// Shown even with `--quiet`.
      case warning
    }

    package var level: Level
    package var text: String

    init(_ level: Level, _ text: String) {
      self.level = level
      self.text = text
    }
  }

  /// Nil for stages, for counts, and for the end of the run, which each receiver shows in its own way.
  package static func line(for event: RunEvent) -> Line? {
    switch event {
    case .stageBegan, .stageAdvanced, .stageEnded, .outcomesCounted, .requestsCounted, .runEnded: nil
    case .snapshotSkipped(let failure): Line(.warning, "skipped: \(failure)")
    case .startTimeInFuture(let what, let time): Line(.warning, startTimeInFuture(what, time))
    case .pausedForDestination(let name, let seconds): Line(.info, "waiting \(seconds) s for the destination '\(name)'")
    case .pausedForRateLimit(let seconds): Line(.info, "waiting \(seconds) s for the rate limit")
    case .fallbackTokenUsed: Line(.info, "GHL refused the token; continuing with the fallback")
    case .fallbackTokenUsedForDestination(let name):
      Line(.info, "'\(name)' refused the token; continuing with the fallback")
    case .fallbackTokenMissing(let failure): Line(.info, "there is no fallback token: \(failure)")
    case .fallbackTokenMissingForDestination(let name, let failure):
      Line(.info, "there is no fallback token for '\(name)': \(failure)")
    case .listsEndedEarly(let count):
      Line(.info, "\(count) contact lists ended early: searching the whole location for the rest")
    case .partRefused(let reason): Line(.info, reason)
    case .tasksReadPerContact(let reason): Line(.info, "\(reason); reading the tasks of each contact instead, one call each")
    case .waitingForPipe(let path): Line(.info, "\(path) is a pipe: waiting until its other end is opened")
    case .runAbandoned(let id): Line(.info, "run \(id) was interrupted")
    case .runResumed(let id): Line(.info, "resuming run \(id)")
    case .leftoversRemoved(let kind, let names): Line(.info, "\(removed(kind)): \(names.joined(separator: ", "))")
    case .gateTripped(let consequence, let finding): Line(.info, "gate \(text(of: consequence)): \(finding)")
    case .outputWarning(let warning): Line(.info, "warning: \(warning)")
    case .stagingNotCompressed(let folder, let failure):
      Line(.info, "the staged records in \(folder) were not compressed: \(failure)")
    }
  }

  package static func startTimeInFuture(_ what: String, _ time: String) -> String {
    "\(what) has a start time in the future, \(time): check the clock. "
      + "Runs and snapshots are ordered by number, not by time"
  }

  private static func removed(_ leftovers: RunEvent.Leftovers) -> String {
    switch leftovers {
    case .runFiles(let folder): "removed files of interrupted runs in \(folder)"
    case .snapshots: "removed snapshots that can no longer be finished"
    case .besideOutput(let path): "removed what an interrupted run left beside \(path)"
    }
  }

  private static func text(of consequence: RunEvent.GateConsequence) -> String {
    switch consequence {
    case .failed: "failed"
    case .accepted: "failed, accepted"
    case .warning: "warning"
    }
  }
}
