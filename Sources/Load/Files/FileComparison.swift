import Core
import Files
import Records

/// Compares a file with the records that were written to it: they are encoded once more, and both files are read in the same way and
/// matched by the target key; records with the same key are matched in their order. Values are compared as they stand in the file.
final class FileComparison: ComparisonSession {
  private let part: LoadPart
  private let path: String
  private let options: ComparisonOptions
  private let records: ComparedRecords
  /// What the file should be.
  private let expected: OutputFile
  private let encoder: RowEncoder
  private let rows: FileRows
  private var out = ByteArena(capacity: 512 * 1024)
  private var count = 0
  /// Where the records begin and end to be compared: `[0, 5]`, all but the first five.
  private var turns: [Int] = [0]

  private static let flushBytes = 256 * 1024

  /// - Throws: `OperationFailure`.
  init(_ part: LoadPart, path: String, format: FileFormat, destination: String, _ options: ComparisonOptions) throws {
    guard path != "-", !StreamPath.isStream(path) else {
      throw OperationFailure(
        .configuration, "'\(destination)' writes '\(part.mapping)' to a stream, which cannot be read back")
    }
    guard FileKind.of(path) == .regular else {
      throw OperationFailure(
        .inputMissing, "\(path), which has the records of '\(part.mapping)', no longer exists: run the pipeline again")
    }
    guard !part.key.isEmpty || options.isWhole else {
      throw OperationFailure(
        .usage,
        "'\(part.mapping)' has no target key, so single records of '\(destination)' cannot be compared: compare all of them")
    }
    self.part = part
    self.path = path
    self.options = options
    let name = "\(destination)-\(part.mapping)"
    records = try ComparedRecords(part.columns, RecordComparison(), in: options.scratch, name: name, sharesKeys: true)
    expected = try OutputFile(path: "\(options.scratch)/\(SortableName.safe(name)).expected", mode: 0o600)
    encoder = RowEncoder(format, columns: part.columns)
    rows = FileRows(part: part, format: format)
    out.begin()
    encoder.appendHeader(into: &out)
  }

  func expect(_ batch: StagedBatch, as role: ComparisonRole) async throws {
    try Task.checkCancellation()
    // A file has no records with an unknown result.
    if role == .uncertain { return }
    if (role == .loaded) == turns.count.isMultiple(of: 2) { turns.append(count) }
    for index in 0..<batch.count {
      encoder.append(batch.record(index), isFirst: count == 0, into: &out) { _ in }
      count += 1
      if out.pendingCount > Self.flushBytes { try flush() }
    }
  }

  private func flush() throws {
    try expected.write(out.withPending { $0 })
    out.reset()
    out.begin()
  }

  func close() async {
    records.close()
    expected.abandon()
  }

  func compare(reporting sink: (StoredDifference) throws -> Void) async throws -> StoredCounts {
    encoder.appendFooter(into: &out)
    try flush()
    try expected.seal()
    var counts = StoredCounts(readBy: "file")
    counts.judgesExtras = options.isWhole
    guard !part.key.isEmpty else { return try compareBytes(counts, sink) }
    var (index, turn) = (0, 0)
    try rows.read(FileInput(path: expected.unfinishedPath), path: expected.unfinishedPath) { page in
      try records.expect(
        page.map { row in
          while turn < turns.count, turns[turn] <= index { turn += 1 }
          index += 1
          return .init(key: rows.key(of: row), values: row.values, skipped: turn.isMultiple(of: 2) ? .notSelected : .none)
        })
    }
    var done = 0
    try rows.read(FileInput(path: path), path: path) { page in
      done += page.count
      options.advanced(done)
      try records.take(page.map { .init(key: rows.key(of: $0), values: $0.values) })
    }
    if !options.isWhole { try records.forgetOthers() }
    try records.report(&counts, readsTexts: rows.readsTexts, digestKey: options.digestKey, to: sink)
    return counts
  }

  /// Without a target key, records cannot be matched: the file is as it was written, or not.
  private func compareBytes(_ counts: StoredCounts, _ sink: (StoredDifference) throws -> Void) throws -> StoredCounts {
    var counts = counts
    counts.loaded = count
    counts.stored = count
    counts.judgesExtras = false
    guard try !FileContent.isSame(expected.unfinishedPath, path) else { return counts }
    counts.different = 1
    try sink(StoredDifference(.different, key: nil))
    return counts
  }
}

/// The bytes of two files.
enum FileContent {
  /// - Throws: `OperationFailure` if one of them cannot be read.
  static func isSame(_ one: String, _ other: String) throws -> Bool {
    guard FileKind.size(of: one) == FileKind.size(of: other) else { return false }
    let (left, right) = (try FileInput(path: one), try FileInput(path: other))
    while true {
      let (first, second) = (try piece(of: left), try piece(of: right))
      if first != second { return false }
      if first.isEmpty { return true }
    }
  }

  private static func piece(of input: FileInput) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 256 * 1024)
    var count = 0
    while count < bytes.count {
      let received = try bytes.withUnsafeMutableBufferPointer { buffer in
        try buffer.baseAddress.map { try input.read(into: $0 + count, count: buffer.count - count) } ?? 0
      }
      if received == 0 { break }
      count += received
    }
    return Array(bytes[..<count])
  }
}
