/// What rejects drag along: children whose parent did not arrive.
package struct RejectReachSection: PageSection {
  package static let title = "Reach of rejects"
  package static let explanation =
    "Records that did not arrive only because the record they belong to did not. Fix the parents to load them."
  package static let sources = ["the run's ledger", "outcomes.ndjson"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    /// Of the children.
    package var mapping: String
    /// `orphan` or `parent-not-loaded`.
    package var code: String
    package var severity: String
    package var field: String?
    /// The mapping of the parents; nil: not recorded.
    package var parent: String?
    /// Lines of the ledger, one for each child.
    package var children: Int
    /// Of all items of the mapping.
    package var of: Int?
    package var examples: [String]
  }

  /// Rejected and failed records of the mapping, by destination.
  package struct Parent: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    package var lost: Int
  }

  package var rows: [Row] = []
  package var parents: [Parent] = []
  package var missing: [NotRecorded] = []
}
