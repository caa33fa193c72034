/// Something that happened in a run. The values are what a receiver decides by or shows; the sentences are in `RunEventText`.
package enum RunEvent: Sendable, Hashable {
  // MARK: Stages

  /// `of` is an entity, a mapping, a destination with a mapping, or a schema. Sent again during the stage when more is known
  /// about what to expect.
  case stageBegan(Stage, of: String, expected: StageSize?)
  /// - Parameter done: since the beginning of the stage.
  case stageAdvanced(Stage, of: String, done: Int)
  case stageEnded(Stage, of: String)
  /// What has become of the items of the stage so far.
  case outcomesCounted(Stage, of: String, OutcomeCounts)

  // MARK: Requests

  /// The requests to the source so far, and how many it still allows today, if it reported that.
  case requestsCounted(made: Int, remaining: Int?)
  /// All requests wait for the source's rate limit.
  case pausedForRateLimit(seconds: Int)
  /// All requests to a destination wait: for its rate limit, or because it has failed.
  case pausedForDestination(name: String, seconds: Int)
  /// The source has refused the token; the fallback is used from now on.
  case fallbackTokenUsed
  /// The same for a destination.
  case fallbackTokenUsedForDestination(name: String)
  /// The fallback token could not be read; the run has only the token.
  case fallbackTokenMissing(OperationFailure)
  /// The same for a destination.
  case fallbackTokenMissingForDestination(name: String, OperationFailure)

  // MARK: Extraction

  /// Some lists of contacts ended early, so the whole location is searched.
  case listsEndedEarly(count: Int)
  /// Records could not be fetched; the extraction continues without them.
  case partRefused(reason: String)
  /// Tasks are read one contact at a time, since they cannot be listed.
  case tasksReadPerContact(reason: String)
  /// A snapshot that cannot be read was skipped in the search for the latest one.
  case snapshotSkipped(OperationFailure)
  /// The input or the output is a pipe that nothing else has opened yet.
  case waitingForPipe(path: String)

  // MARK: State

  /// A run whose process died has been marked as interrupted.
  case runAbandoned(id: String)
  /// A run that was stopped continues.
  case runResumed(id: String)
  case leftoversRemoved(Leftovers, names: [String])
  /// The clock was ahead when a run or a snapshot began, or is behind now.
  case startTimeInFuture(what: String, time: String)

  // MARK: Results

  /// A gate did not pass.
  ///
  /// - Parameter finding: the gate and what it found, as in the summary.
  case gateTripped(GateConsequence, finding: String)
  /// A published file is not entirely as it should be: its owner could not be restored.
  case outputWarning(String)
  case stagingNotCompressed(folder: String, OperationFailure)
  /// - Parameter messages: why it is not `done`.
  case runEnded(RunStatus, ExitCode, messages: [String])

  /// Files that dead processes left.
  package enum Leftovers: Sendable, Hashable {
    case runFiles(folder: String)
    case snapshots
    case besideOutput(path: String)
  }

  /// What follows from a gate that did not pass.
  package enum GateConsequence: Sendable, Hashable {
    case failed, accepted, warning
  }
}
