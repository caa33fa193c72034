/// One run as the state keeps it. Times are RFC 3339, UTC.
package struct RunRecord: Sendable, Hashable {
  package var id: String
  package var pipeline: String
  package var status: RunStatus
  package var exitCode: Int32?
  package var started: String
  package var finished: String?
  package var snapshot: String?
  /// The location whose records it read, or `files`; nil if it ended before that was known.
  package var location: String?
  /// How it was narrowed, as the JSON of `summary.json`; nil if it was not.
  package var narrowed: String?
  /// Whether it published everything the source has. Nil for runs of versions that did not record it.
  package var isWhole: Bool?
  /// The text of `summary.json`.
  package var summary: String?
  /// The run whose open records it replays; nil if it is not a replay.
  package var replayOf: String?

  package init(
    id: String, pipeline: String, status: RunStatus = .running, exitCode: Int32? = nil, started: String,
    finished: String? = nil, snapshot: String? = nil, location: String? = nil, narrowed: String? = nil, isWhole: Bool? = nil,
    summary: String? = nil, replayOf: String? = nil
  ) {
    self.id = id
    self.pipeline = pipeline
    self.status = status
    self.exitCode = exitCode
    self.started = started
    self.finished = finished
    self.snapshot = snapshot
    self.location = location
    self.narrowed = narrowed
    self.isWhole = isWhole
    self.summary = summary
    self.replayOf = replayOf
  }
}
