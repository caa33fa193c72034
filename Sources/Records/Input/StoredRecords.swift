package import Core
import Files

/// Records that can be read as often as wanted, wherever they are kept: what a snapshot hands out for an entity.
///
///     guard let contacts = snapshot.records(of: "contact") else { … }     // the entity was not fetched
///     var source = try contacts.open(model.fileReading)
///
/// Readers see sources only. Whether the records are in one file, or in a base and the changes since, is an implementation
/// detail.
package struct StoredRecords: Sendable {
  /// What messages and ledgers call them. Do not open it: `open` does.
  package let name: String
  /// The files that they are read from: no output may overwrite one.
  package let files: [String]
  package let format: SourceFormat
  /// The member names in the first records, including those that a limit left out; nil if not recorded.
  package let members: [String]?
  private let path: String
  /// How the file is read.
  private let reading: FileReading
  /// The dialect of a CSV file, if recorded.
  private let dialect: CSVDialect?
  /// The file may have more records than these.
  private let limit: Int?
  /// The file with records that replace some of these (`RecordCorrections`).
  private var corrections: String?

  /// The records of one file, at most the first `limit`. `name`: what messages call it, if not `path`.
  package init(
    file path: String, format: SourceFormat, reading: FileReading = .init(), dialect: CSVDialect? = nil,
    members: [String]? = nil, limit: Int? = nil, name: String? = nil
  ) {
    self.path = path
    self.format = format
    self.reading = reading
    self.dialect = dialect
    self.members = members
    self.limit = limit
    self.name = name ?? path
    files = [path]
  }

  /// Several records may begin on one line.
  package var sharesLines: Bool { format.traits.contains(.isOneText) }

  /// The records from `cursor` on, which comes from a source over the same records, in this process or in an earlier one.
  /// How the file itself is read is known here: `reading.file` is replaced, and `reading.dialect` if it is recorded.
  ///
  /// - Throws: `OperationFailure`, including if there are fewer records than were read before.
  package func open(_ reading: RecordReading = .init(), at cursor: RecordCursor = .start) throws -> any RecordSource {
    let reading = fitting(reading)
    let source = try all(reading, at: cursor)
    return limit.map { LimitedSource(source, limit: max(0, $0 - cursor.records)) } ?? source
  }

  /// The same records, some of them replaced.
  ///
  /// - Parameter corrections: the path of a file of `RecordCorrections`.
  package func overlaid(with corrections: String) -> StoredRecords {
    var records = self
    records.corrections = corrections
    return records
  }

  private func all(_ reading: RecordReading, at cursor: RecordCursor) throws -> any RecordSource {
    let source = try unchanged(reading, at: cursor)
    return try corrections.map { try OverlaidSource(source, corrections: $0) } ?? source
  }

  private func unchanged(_ reading: RecordReading, at cursor: RecordCursor) throws -> any RecordSource {
    guard cursor.records > 0 else { return try RecordInput.open(path, format: format, reading: reading, as: name) }
    if let resume = format.resume, let offset = cursor.offset,
      try RecordInput.isPlain(path, encoding: reading.file.encoding)
    {
      return resume(try FileInput(path: path, from: offset), cursor, reading)
    }
    return ResumedSource(try RecordInput.open(path, format: format, reading: reading, as: name), at: cursor, of: name)
  }

  /// What the records declare, for a reader of them; nil if they declare no columns.
  ///
  /// - Throws: `OperationFailure`.
  package func header(_ reading: RecordReading = .init()) throws -> TableHeader? { try format.header?(path, fitting(reading)) }

  private func fitting(_ reading: RecordReading) -> RecordReading {
    var reading = reading
    reading.file = self.reading
    if let dialect { reading.dialect = dialect }
    return reading
  }
}
