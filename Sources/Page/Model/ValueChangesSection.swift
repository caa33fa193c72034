/// Values that the mapping has changed.
package struct ValueChangesSection: PageSection {
  package static let title = "Values changed by the mapping"
  package static let explanation =
    "Values that differ between source and target: made null, replaced by a default, cut, or replaced because a lookup has no entry."
  package static let sources = ["changes-made/MAPPING.json"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var field: String
    package var nullified: Int
    package var defaulted: Int
    package var truncated: Int
    package var lookupFallback: Int
    /// The source's value as it was, after an error.
    package var kept: Int
    /// The field was left out by its condition, though the source has a value.
    package var leftOut: Int
    /// Items that the mapping let through; all counts are over these.
    package var of: Int
    /// Its source fields.
    package var sources: [String]
    /// `defaulted` in the last comparable run, and its items; nil: not recorded.
    package var defaultedBefore: Int?
    package var ofBefore: Int?
  }

  /// Fields with a change; the most changes first.
  package var rows = PageList<Row>()
  package var missing: [NotRecorded] = []
}
