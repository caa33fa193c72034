import Control
import Core
package import FoundationEssentials
import Records

/// Copies record files into a snapshot, so that a run of them can be repeated and looked into like any other.
///
/// The copies have the bytes of the files (of a `.gz`, its content): record errors keep their lines.
package struct SnapshotImport: Sendable {
  package struct File: Sendable, Hashable {
    package var entity: String
    package var path: String
    /// The copy's extension: `ndjson` or `csv`.
    package var fileExtension: String

    package init(entity: String, path: String, fileExtension: String) {
      self.entity = entity
      self.path = path
      self.fileExtension = fileExtension
    }
  }

  /// What stands for the location's id: files belong to none.
  package static let location = "files"

  /// `.waybill/snapshots`.
  private let root: String
  /// At most that many records of each file; nil: all.
  private let limit: Int?
  private let now: @Sendable () -> Date

  package init(root: String, limit: Int? = nil, now: @escaping @Sendable () -> Date = { Date() }) {
    self.root = root
    self.limit = limit
    self.now = now
  }

  /// Copies `files`. The number of records is that of lines that are not blank, or of CSV rows.
  ///
  /// - Throws: `InputFailure`, `SnapshotFailure`, `CSVSource.HeaderFailure`, and `CancellationError` between pieces.
  package func run(_ files: [File]) throws -> Snapshot {
    let started = now()
    var id = ""
    // The folder decides: whoever makes it owns the id.
    repeat { id = SnapshotName.make(at: started) } while try !DurableFile.makeFolder("\(root)/\(id)")
    let folder = "\(root)/\(id)/\(Self.location)"
    _ = try DurableFile.makeFolder(folder)
    var manifest = SnapshotManifest(id: id, location: Self.location, started: started.ISO8601Format())
    manifest.sequence = SnapshotReader(root: root).nextSequence
    manifest.limit = limit
    manifest.narrowing = Narrowing(limit: limit)
    try save(manifest, in: folder)
    for file in files { manifest.entities[file.entity] = try copy(file, to: folder) }
    manifest.files[Snapshot.problemsName] = try DurableFile.replace("\(folder)/\(Snapshot.problemsName)", with: [])
    manifest.finished = now().ISO8601Format()
    manifest.isComplete = true
    try DurableFile.syncFolder(folder)
    try save(manifest, in: folder)
    return Snapshot(folder: folder, manifest: manifest)
  }

  private func save(_ manifest: SnapshotManifest, in folder: String) throws {
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
  }

  private func copy(_ file: File, to folder: String) throws -> SnapshotManifest.Entity {
    let name = "\(SnapshotName.safe(file.entity)).\(file.fileExtension)"
    var lines = try limit.map { try Self.lines(of: file, upTo: $0) } ?? .max
    var input = try Self.open(file.path)
    var output = try DurableFile(path: "\(folder)/\(name)")
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
    defer { chunk.deallocate() }
    while lines > 0, let base = chunk.baseAddress {
      try Task.checkCancellation()
      var count = try input.read(into: base, count: chunk.count)
      guard count > 0 else { break }
      if lines < .max { count = Self.cut(UnsafeBufferPointer(start: base, count: count), &lines) }
      try output.append(piece: UnsafeBufferPointer(start: base, count: count))
    }
    let digest = try output.finish()
    let count = try Self.count(of: output.path, isCSV: file.fileExtension == "csv")
    return SnapshotManifest.Entity(
      file: name, count: count, expected: count, claimed: nil, refused: 0, gone: 0, bytes: output.bytes, sha256: digest)
  }

  /// A file's bytes, decompressed where its name ends in `.gz`.
  private static func open(_ path: String) throws -> any ByteInput {
    let file = try FileInput(path: path)
    return path.lowercased().hasSuffix(".gz") ? try GzipInput(file, path: path) : file
  }

  /// How many lines the first `count` records take, with the header and what lies between them; `Int.max` where there are
  /// no more records.
  private static func lines(of file: File, upTo count: Int) throws -> Int {
    var source = records(of: try open(file.path), file.path, isCSV: file.fileExtension == "csv")
    let batch = RecordBatch()
    var left = count
    while try source.fill(batch) {
      try Task.checkCancellation()
      if left < batch.items.count { return batch.items[left].line - 1 }
      left -= batch.items.count
    }
    return .max
  }

  /// The number of bytes of `chunk` up to where `lines` lines have ended; takes them off `lines`.
  private static func cut(_ chunk: UnsafeBufferPointer<UInt8>, _ lines: inout Int) -> Int {
    for (index, byte) in chunk.enumerated() where byte == UInt8(ascii: "\n") {
      lines -= 1
      if lines == 0 { return index + 1 }
    }
    return chunk.count
  }

  private static func records(of input: any ByteInput, _ path: String, isCSV: Bool) -> any RecordSource {
    isCSV ? CSVSource(input, path: path) : NDJSONSource(input)
  }

  private static func count(of path: String, isCSV: Bool) throws -> Int {
    var source = records(of: try FileInput(path: path), path, isCSV: isCSV)
    let batch = RecordBatch()
    var count = 0
    while try source.fill(batch) { count += batch.items.count }
    return count
  }
}
