package import Control
package import Core

/// What `waybill undo` did with one record, or would do.
package struct UndoneRecord: Sendable, Hashable {
  package enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// It has been put back.
    case restored
    /// The run had created it, and it has been removed.
    case removed
    /// It was as it had been before the run.
    case unchanged
    case left
    /// The destination has refused to take it back, or has not taken all of it.
    case failed
    /// The destination could not be used, so nothing was sent.
    case pending
  }

  package var key: Name
  package var outcome: Outcome
  /// Why it was left.
  package var reason: UndoVerdict.Left?
  /// For people: why it was left, failed, or is pending; masked. Empty: `reason` says it all.
  package var detail: String
  /// The members that differ from what the run left or, of a record that failed, from what was there before.
  package var fields: [String]

  /// Whether it may still be there, so that its parents have to stay.
  var mayBeThere: Bool {
    switch outcome {
    case .restored, .removed, .unchanged: false
    case .left: reason != .goneSince
    case .failed, .pending: true
    }
  }

  package init(
    _ key: Name, _ outcome: Outcome, _ reason: UndoVerdict.Left? = nil, detail: String = "", fields: [String] = []
  ) {
    self.key = key
    self.outcome = outcome
    self.reason = reason
    self.detail = detail
    self.fields = fields
  }
}
