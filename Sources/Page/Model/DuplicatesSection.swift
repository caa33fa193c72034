/// Duplicates and merges, with the records that survive.
package struct DuplicatesSection: PageSection {
  package static let title = "Duplicates and merges"
  package static let explanation =
    "Records that share a key or a value that must be unique, and records that were merged into another one."
  package static let sources = ["the run's ledger"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var code: String
    package var severity: String
    package var field: String?
    package var count: Int
    package var examples: [Example]
  }

  package struct Example: Encodable, Sendable, Equatable {
    package var record: String?
    /// The record that stays; nil: the ledger does not name it.
    package var survivor: String?
    package var message: String
  }

  /// Items merged into another one, per mapping.
  package struct Merged: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var merged: Int
    package var of: Int
  }

  package var rows: [Row] = []
  package var merged: [Merged] = []
  package var missing: [NotRecorded] = []
}
