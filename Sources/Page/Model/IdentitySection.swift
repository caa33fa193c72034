/// The identity: for every entity and destination, what was read is the sum of the outcomes.
package struct IdentitySection: PageSection {
  package static let title = "Where every record went"
  package static let explanation =
    "Each bar is everything that was read. Its parts are the outcomes, which must add up to the whole."
  package static let sources = ["summary.json: entities", "outcomes.ndjson"]

  package struct Row: Encodable, Sendable, Equatable {
    /// Nil: the sum of several runs.
    package var run: String?
    package var mapping: String
    package var destination: String
    package var read: Int
    /// Of every outcome, also those of zero records, in the order in which the identity states them.
    package var outcomes: [PageCount]
    /// Of the outcomes.
    package var sum: Int
    /// `read` minus `sum`: 0, or records are unaccounted for.
    package var difference: Int
    /// `read 9,120 = written 9,000 + filtered 60 + rejected 60`, without the zeros.
    package var equation: String
  }

  /// By run, mapping and destination.
  package var rows: [Row] = []
  /// By mapping and destination, if several runs have the same ones; empty for one run.
  package var totals: [Row] = []
  package var unaccounted = 0
  package var missing: [NotRecorded] = []
}
