/// How a run ended, as `summary.json` and `waybill runs` say it.
package enum RunStatus: String, Sendable, Hashable, CaseIterable {
  /// Under way, or its process died before it could say how it ended.
  case running
  case done
  /// Published, but records were rejected or could not be fetched.
  case partial
  case gateFailed = "gate-failed"
  case interrupted, failed
}
