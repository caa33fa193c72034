/// How a run ended, as in `summary.json` and `waybill runs`.
package enum RunStatus: String, Sendable, Hashable, CaseIterable, Codable {
  /// In progress, or its process died before it could record how it ended.
  case running
  case done
  /// Published, but records were rejected or could not be fetched.
  case partial
  case gateFailed = "gate-failed"
  case interrupted, failed
  /// Something else held the state or its database, so it never began.
  case notStarted = "not-started"
}
