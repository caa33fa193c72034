/// Receives the progress of a run, for terminals and logs. Calls come from any task, many per second.
package protocol RunObserver: Sendable {
  /// Called again during the stage when more is known about what to expect.
  func stageBegan(_ stage: Stage, of what: String, expected: Int?)
  func stageAdvanced(_ stage: Stage, of what: String, done: Int)
  func stageEnded(_ stage: Stage, of what: String)
  /// One line for people: a retry, a pause for the quota, a resumed run.
  func note(_ message: String)
  /// One line that is shown even with `--quiet`.
  func warn(_ message: String)
}

extension RunObserver {
  package func warn(_ message: String) { note(message) }
}

/// The stages of a run, as named in ledger lines.
package enum Stage: String, BitwiseCopyable, Sendable, CaseIterable, Hashable, Codable {
  case extract, transform, validate, load
}

/// Ignores everything.
package struct SilentObserver: RunObserver {
  package init() {}
  package func stageBegan(_ stage: Stage, of what: String, expected: Int?) {}
  package func stageAdvanced(_ stage: Stage, of what: String, done: Int) {}
  package func stageEnded(_ stage: Stage, of what: String) {}
  package func note(_ message: String) {}
}
