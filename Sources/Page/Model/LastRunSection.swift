/// Differences from the last comparable run.
package struct LastRunSection: PageSection {
  package static let title = "Differences from the last run"
  package static let explanation =
    "The figures of this run next to those of the last complete run of the same pipeline and location."
  package static let sources = ["state.sqlite: runs"]

  package struct Comparison: Encodable, Sendable, Equatable {
    package var run: String
    /// Nil: there is no comparable run.
    package var previous: String?
    package var previousStarted: String?
    /// What makes the two hard to compare, as sentences: another mapping digest, for example.
    package var remarks: [String]
    /// Only what differs; the largest change first.
    package var changes = PageList<Change>()
  }

  package struct Change: Encodable, Sendable, Equatable {
    /// `read`, `rejected`, `code email-invalid`, ...
    package var figure: String
    package var mapping: String?
    package var destination: String?
    package var field: String?
    /// Nil: not recorded.
    package var before: Double?
    package var now: Double?
    /// `now` minus `before`.
    package var change: Double?
    package var changePercent: Double?
    package var unit: String
  }

  package var comparisons: [Comparison] = []
  package var missing: [NotRecorded] = []
}
