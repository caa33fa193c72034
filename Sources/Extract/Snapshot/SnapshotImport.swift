import Control
import Core
import Files
package import FoundationEssentials
package import Records

/// Copies record files into a snapshot, so that a run on them can be repeated and inspected like any other.
///
/// The copies have the bytes of the files (of compressed ones, their content): record errors keep their lines. With a limit,
/// a copy ends after the last line of its records, where lines can be counted: not in a JSON document, whose records may share
/// one, nor in an encoding other than UTF-8. The manifest's count applies in any case.
///
/// Without a limit, each file is opened once, and the manifest describes the copy. So the file may be a pipe, and may be
/// replaced in the meantime.
package struct SnapshotImport: Sendable {
  package struct File: Sendable, Hashable {
    package var entity: String
    package var path: String
    package var format: SourceFormat
    /// Read in the same way as the mappings do, so that the count matches. The manifest records how the file itself is read.
    package var reading: RecordReading

    package init(entity: String, path: String, format: SourceFormat, reading: RecordReading = .init()) {
      self.entity = entity
      self.path = path
      self.format = format
      self.reading = reading
    }
  }

  /// The placeholder for the location's ID: files belong to no location.
  package static let location = "files"

  /// `.waybill/snapshots`.
  private let root: String
  /// At most this many records of each file; nil: all.
  private let limit: Int?
  private let now: @Sendable () -> Date

  package init(root: String, limit: Int? = nil, now: @escaping @Sendable () -> Date = { Date() }) {
    self.root = root
    self.limit = limit
    self.now = now
  }

  /// Copies `files`. The number of records is the number that a source of the format gives.
  ///
  /// - Throws: `OperationFailure`, and `CancellationError` between pieces.
  package func run(_ files: [File]) throws -> Snapshot {
    let started = now()
    var id = ""
    // Creating the folder decides who owns the ID.
    repeat { id = SortableName.make(at: started) } while try !DurableFile.makeFolder("\(root)/\(id)")
    let folder = "\(root)/\(id)/\(Self.location)"
    _ = try DurableFile.makeFolder(folder)
    var manifest = SnapshotManifest(id: id, location: Self.location, started: started.ISO8601Format())
    manifest.sequence = SnapshotReader(root: root).nextSequence
    manifest.limit = limit
    manifest.narrowing = Narrowing(limit: limit)
    // Listed before they exist, so that leftovers of a crash can be distinguished from other files.
    for file in files {
      manifest.entities[file.entity] = SnapshotManifest.Entity(
        file: Self.name(of: file), reading: file.reading.file, count: 0, expected: 0, claimed: nil, refused: 0, gone: 0, bytes: 0,
        sha256: "")
    }
    try save(manifest, in: folder)
    for file in files {
      manifest.entities[file.entity] = try copy(file, to: folder)
    }
    manifest.files[Snapshot.problemsName] = try DurableFile.replace("\(folder)/\(Snapshot.problemsName)", with: [])
    manifest.finished = now().ISO8601Format()
    manifest.isComplete = true
    try DurableFile.syncFolder(folder)
    try save(manifest, in: folder)
    return Snapshot(folder: folder, manifest: manifest, formats: SourceFormats(files.map(\.format)))
  }

  private func save(_ manifest: SnapshotManifest, in folder: String) throws {
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
  }

  private func copy(_ file: File, to folder: String) throws -> SnapshotManifest.Entity {
    let name = Self.name(of: file)
    var file = file
    var members: [String]?
    var end: Int?
    if let limit, try Self.canBeCut(file) {
      // The lines that are left out may reveal another dialect, or have other members.
      file.reading.dialect = try Self.dialect(of: file, in: file.path)
      members = Self.members(of: file, in: file.path)
      end = try Self.lines(of: file, upTo: limit)
    }
    var cut = LineCut(lines: end ?? .max, endsAtReturn: file.format.traits.contains(.endsLinesAtReturn))
    var input = try RecordInput.content(of: file.path)
    var output = try DurableFile(path: "\(folder)/\(name)")
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
    defer { chunk.deallocate() }
    while !cut.isDone, let base = chunk.baseAddress {
      try Task.checkCancellation()
      var count = try input.read(into: base, count: chunk.count)
      guard count > 0 else { break }
      count = cut.take(UnsafeBufferPointer(start: base, count: count))
      try output.append(piece: UnsafeBufferPointer(start: base, count: count))
    }
    let digest = try output.finish()
    if end == nil {
      file.reading.dialect = try Self.dialect(of: file, in: output.path)
      members = Self.members(of: file, in: output.path)
    }
    let count = min(try Self.count(of: output.path, as: file), limit ?? .max)
    return SnapshotManifest.Entity(
      file: name, reading: file.reading.file, dialect: file.reading.dialect, members: members, count: count, expected: count,
      claimed: nil, refused: 0, gone: 0, bytes: output.bytes, sha256: digest)
  }

  /// The name of the copy. A table keeps its extension, which may name the delimiter.
  private static func name(of file: File) -> String {
    let name = file.path.lowercased()
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    let extensions = file.format.extensions
    let kept = file.format.traits.contains(.isTable) ? extensions.first { plain.hasSuffix(".\($0)") } : nil
    return "\(SortableName.safe(file.entity)).\(kept ?? extensions.first ?? file.format.name)"
  }

  /// The dialect of a table whose bytes are at `path`: it is recorded, because mappings that read other columns might lead to a
  /// different one.
  private static func dialect(of file: File, in path: String) throws -> CSVDialect? {
    guard file.format.traits.contains(.isTable) else { return nil }
    var text = try TextContent.text(RecordInput.content(of: path), file.path, encoding: file.reading.file.encoding)
    return try CSVOpening(&text, path: file.path, file.reading).dialect
  }

  /// The maximum number of names in a manifest: an object that serves as a map has one per entry.
  static let mostMembers = 10_000

  /// The names of the members that the compiler has seen; nil if there are none or too many: they are then read from the copy.
  private static func members(of file: File, in path: String) -> [String]? {
    guard file.format.header == nil else { return nil }
    var reading = RecordReading()
    reading.file = file.reading.file
    let source = try? RecordInput.open(path, format: file.format, reading: reading)
    return source.flatMap { InferredCatalog.members(of: $0) }.flatMap { $0.count <= mostMembers ? $0 : nil }
  }

  /// What can be read only once cannot be examined first.
  private static func canBeCut(_ file: File) throws -> Bool {
    try RecordInput.isRegular(file.path) && !file.format.traits.contains(.isOneText)
      && TextContent.isPlain(RecordInput.content(of: file.path), encoding: file.reading.file.encoding)
  }

  /// How many lines the first `count` records take, including the header and everything in between; `Int.max` if there are
  /// no more records.
  private static func lines(of file: File, upTo count: Int) throws -> Int {
    var source = try records(of: RecordInput.content(of: file.path), file)
    let batch = RecordBatch()
    var left = count
    while try source.fill(batch) {
      try Task.checkCancellation()
      if left < batch.items.count { return batch.items[left].line - 1 }
      left -= batch.items.count
    }
    return .max
  }

  /// Failures name the original file, not the copy.
  private static func records(of content: any ByteInput, _ file: File) throws -> any RecordSource {
    let text = try TextContent.text(content, file.path, encoding: file.reading.file.encoding)
    return file.format.open(text, file.path, file.reading)
  }

  private static func count(of path: String, as file: File) throws -> Int {
    var source = try records(of: FileInput(path: path), file)
    let batch = RecordBatch()
    var count = 0
    while try source.fill(batch) { count += batch.items.count }
    return count
  }
}
