/// Hears how a run goes on: for progress on a terminal and for logs. Calls come from any task, many per second.
package protocol RunObserver: Sendable {
  /// Called again while the stage is under way where more is known of what is expected.
  func stageBegan(_ stage: Stage, of what: String, expected: Int?)
  func stageAdvanced(_ stage: Stage, of what: String, done: Int)
  func stageEnded(_ stage: Stage, of what: String)
  /// One line for people: a retry, a pause for the quota, a resumed run.
  func note(_ message: String)
  /// One line that is shown even to those who want to see as little as possible.
  func warn(_ message: String)
}

extension RunObserver {
  package func warn(_ message: String) { note(message) }
}

/// The stages of a run, as ledger lines name them.
package enum Stage: String, Sendable, CaseIterable, Hashable {
  case extract, transform, validate, load
}

/// Hears nothing.
package struct SilentObserver: RunObserver {
  package init() {}
  package func stageBegan(_ stage: Stage, of what: String, expected: Int?) {}
  package func stageAdvanced(_ stage: Stage, of what: String, done: Int) {}
  package func stageEnded(_ stage: Stage, of what: String) {}
  package func note(_ message: String) {}
}
