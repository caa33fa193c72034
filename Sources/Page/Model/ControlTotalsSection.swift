/// Control and hash totals of source, target and destination.
package struct ControlTotalsSection: PageSection {
  package static let title = "Control totals"
  package static let explanation =
    "Sums, dates and a hash over all records. Target and destination must match in every row; source and target differ by what the mapping left out or changed."
  package static let sources = ["totals.json", "reconcile.json: parts"]

  package enum Measure: String, Encodable, Sendable {
    case records, distinctKeys = "distinct-keys", withValue = "with-value", sum, earliest, latest, hash
  }

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    /// Nil: of the mapping, before any destination.
    package var destination: String?
    package var measure: Measure
    /// The target's field.
    package var field: String?
    /// The source's field.
    package var sourceField: String?
    /// Exact texts; nil: not recorded, or hidden by `pii`.
    package var source: String?
    package var target: String?
    /// What the destination has.
    package var stored: String?
    /// Of `target` and `stored`; nil if one is unknown.
    package var isEqual: Bool?
  }

  package var rows = PageList<Row>()
  /// Rows of the whole list in which target and destination differ.
  package var unequal = 0
  package var missing: [NotRecorded] = []
}
