/// How many records have a value in each field, source next to target.
package struct CompletenessSection: PageSection {
  package static let title = "Completeness"
  package static let explanation =
    "How many records have a value in each field, before and after the mapping. A field that loses values between the two needs an explanation."
  package static let sources = ["profiles/MAPPING.json", "MAPPING.fields.json"]

  package struct Side: Encodable, Sendable, Equatable {
    package var field: String
    /// Records with a value that is neither null nor blank.
    package var filled: Int
    package var null: Int
    package var blank: Int
    package var absent: Int
    package var records: Int
    /// Nil: there are no records.
    package var percent: Double?
    /// An estimate; nil: not recorded.
    package var distinct: Int?
  }

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    /// The target's field.
    package var field: String
    package var target: Side
    /// The source fields that it is made of; empty: it has none, or they are not recorded.
    package var sources: [Side]
    /// `target` minus the only or the most complete source, in percentage points.
    package var points: Double?
    /// The target's share in the last comparable run.
    package var percentBefore: Double?
    /// The mapping rejects records without it.
    package var isRequired: Bool
    package var hasDefault: Bool
  }

  /// In the order of the mapping.
  package var rows = PageList<Row>()
  package var missing: [NotRecorded] = []
}
