package import Core

/// How records are read, as a mapping's `source` says.
package struct RecordReading: Sendable, Hashable {
  /// What becomes of CSV rows on lines that a bad quoted cell would have swallowed.
  package enum BadQuote: String, Sendable, Hashable, CaseIterable {
    /// They are rejected as `csv-resynchronized`: they may be text that only looks like a row.
    case reject
    /// They are let through with that warning.
    case recover
  }

  /// A column that a CSV file must have, and the place that reads it.
  package struct Column: Sendable, Hashable {
    package var name: String
    package var place: SourcePlace

    package init(name: String, place: SourcePlace) {
      self.name = name
      self.place = place
    }
  }

  package static let standardRecordBytes = 16 << 20
  /// What `max_record_bytes` may be.
  package static let recordBytes = 1...(1 << 32)

  /// A record over this is skipped without being held.
  package var maximumRecordBytes = standardRecordBytes
  package var onBadQuote = BadQuote.reject
  /// Checked before the first row is given out.
  package var columns: [Column] = []

  package init() {}
}
