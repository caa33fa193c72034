/// Exceptions grouped by what repairs them.
package struct ExceptionsSection: PageSection {
  package static let title = "Exceptions"
  package static let explanation =
    "Problems grouped by how to fix them. For each group, write down what to do, who does it, and by when."
  package static let sources = ["the run's ledger (state.sqlite, ledger.ndjson)"]

  package struct Group: Encodable, Sendable, Equatable {
    package var run: String
    /// The slug of the repair action.
    package var repair: String
    package var title: String
    /// What to do.
    package var instruction: String
    /// Who usually does it; nil: not known.
    package var usualOwner: String?
    /// Lines of the ledger: errors, warnings and notes.
    package var errors: Int
    package var warnings: Int
    package var notes: Int
    /// Errors whose records have been resolved by a later run.
    package var resolved: Int?
    /// The most frequent first.
    package var problems = PageList<Problem>()
  }

  package struct Problem: Encodable, Sendable, Equatable {
    package var mapping: String
    package var code: String
    package var severity: String
    package var field: String?
    /// Lines of the ledger.
    package var count: Int
    /// Keys of the first records.
    package var examples: [String]
    /// The message of the first line, masked as the ledger masks it.
    package var message: String?
  }

  /// To fill in by hand, for each group.
  package var fillIn = ["Disposition", "Owner", "Date"]
  /// Errors first, then the largest groups.
  package var groups: [Group] = []
  /// Lines of the ledgers.
  package var lines = 0
  package var missing: [NotRecorded] = []
}
