package import Core

/// How records are read: according to a mapping's `source`, and to what is known of the file.
package struct RecordReading: Sendable, Hashable {
  /// What happens to CSV rows on lines that a bad quoted cell would have swallowed.
  package enum BadQuote: String, Sendable, Hashable, CaseIterable {
    /// They are rejected as `csv-resynchronized`: they may be text that only looks like a row.
    case reject
    /// They are let through with that as a warning.
    case recover
  }

  /// A column that a CSV file must have, and the place in the mapping that reads it.
  package struct Column: Sendable, Hashable {
    package var name: String
    package var place: SourcePlace

    package init(name: String, place: SourcePlace) {
      self.name = name
      self.place = place
    }
  }

  package static let standardRecordBytes = 16 << 20
  /// The valid range of `max_record_bytes`.
  package static let recordBytes = 1...(1 << 32)

  /// A larger record is skipped without being buffered.
  package var maximumRecordBytes = standardRecordBytes
  package var onBadQuote = BadQuote.reject
  /// How the file at hand is read; a mapping knows nothing of it.
  package var file = FileReading()
  /// Where a user can state how the file is read, for messages.
  package var place = ReadingPlace.file
  /// Checked before the first row is returned.
  package var columns: [Column] = []
  /// More columns that are read. They help to detect the delimiter, but nothing checks that the file has them.
  package var expectedColumns: [String] = []
  /// The dialect of a CSV file, if it has been detected: its first lines are not examined again. Nil: they are examined.
  package var dialect: CSVDialect?

  package init() {}

  /// The columns that are known to be read.
  var columnNames: [String] { columns.map(\.name) + expectedColumns }
}
