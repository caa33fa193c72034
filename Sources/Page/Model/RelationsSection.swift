/// The referential integrity of contacts, tasks, notes and appointments.
package struct RelationsSection: PageSection {
  package static let title = "Contacts and their related records"
  package static let explanation = "Whether each task, note and appointment still belongs to a record that arrived."
  package static let sources = ["the run's ledger", "outcomes.ndjson", "summary.json: entities"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    /// The mappings of the records that they belong to; empty: not recorded.
    package var parents: [String]
    package var read: Int
    /// Items that the destination has: written, created, updated and unchanged.
    package var arrived: Int
    /// Without a parent in the snapshot, or in the other mapping.
    package var orphans: Int
    /// Whose parent did not arrive at the destination.
    package var parentNotLoaded: Int
    /// Left out on purpose: filtered and merged.
    package var filtered: Int
    /// Not in the destination for another reason.
    package var other: Int
  }

  package var rows: [Row] = []
  package var missing: [NotRecorded] = []
}
