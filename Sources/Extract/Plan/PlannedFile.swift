package import Core
import Files
package import Records

/// A file of records that a run would read: what `waybill plan` reports about it, before anything is copied.
package struct PlannedFile: Sendable, Hashable {
  package var entity: String
  package var path: String
  /// Size on disk; nil: a pipe or a device.
  package var bytes: Int?
  /// Nil: not counted, because the file is large or cannot be read twice.
  package var records: Int?

  /// The most content that is counted, which takes about a second.
  package static let mostCountedBytes = 64_000_000

  /// - Parameters:
  ///   - reading: How a run reads it for its mappings; the file's own settings come from `file`.
  ///   - limit: A run reads at most this many of its records.
  /// - Throws: `OperationFailure` if it is missing or cannot be read.
  package init(
    _ file: EntityFile, format: SourceFormat, reading: RecordReading = .init(), limit: Int? = nil,
    mostCountedBytes: Int = Self.mostCountedBytes
  ) throws {
    (entity, path, bytes) = (file.entity, file.path, FileKind.size(of: file.path))
    // A pipe can be read only once: by the run.
    if bytes == nil, FileKind.of(path) == .other { return }
    var reading = reading
    reading.file = file.reading
    var source = try RecordInput.open(path, format: format, reading: reading)
    let batch = RecordBatch()
    var (count, read) = (0, 0)
    while try source.fill(batch) {
      count += batch.items.count
      read += batch.bytes.count
      if let limit, count >= limit { break }
      guard read <= mostCountedBytes else { return }
    }
    records = min(count, limit ?? .max)
  }

  /// The files of a snapshot, by entity.
  package static func files(of snapshot: Snapshot, limit: Int? = nil) -> [PlannedFile] {
    snapshot.manifest.entities.sorted { $0.key < $1.key }.map { name, entity in
      PlannedFile(
        entity: name.text, path: "\(snapshot.folder)/\(entity.file)", bytes: entity.bytes,
        records: min(entity.count, limit ?? .max))
    }
  }

  private init(entity: String, path: String, bytes: Int, records: Int) {
    (self.entity, self.path, self.bytes, self.records) = (entity, path, bytes, records)
  }

  package var json: JSONValue {
    .object([
      .init("entity", .string(entity)), .init("file", .string(path)), .init("bytes", bytes.map { .number($0) } ?? .null),
      .init("records", records.map { .number($0) } ?? .null),
    ])
  }
}
