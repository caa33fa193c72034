/// Source fields that no mapping reads.
package struct UnmappedSection: PageSection {
  package static let title = "Fields that are not mapped"
  package static let explanation = "Source fields with values that the mapping does not read. Those values are not migrated."
  package static let sources = ["profiles/MAPPING.json", "MAPPING.fields.json"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var field: String
    package var filled: Int
    package var records: Int
    package var percent: Double?
  }

  /// The fullest first.
  package var rows = PageList<Row>()
  package var missing: [NotRecorded] = []
}
