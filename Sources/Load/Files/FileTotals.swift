import Core
import Files
import Records

/// Adds up the records of a part as a file has them: they are encoded once more, piece by piece, and read back.
final class FileTotals: TotalsSession {
  private let rows: FileRows
  private let encoder: RowEncoder
  private var totals: RecordTotals
  private var out = ByteArena(capacity: 64 * 1024)
  /// The lines of the file before the current piece.
  private var lines = 0

  /// At most this many records are in memory at a time.
  private static let piece = 500

  init(_ part: LoadPart, format: FileFormat, _ options: TotalsOptions) {
    // A list of JSON has the same records as lines of JSON; in the file, a line with a bracket is before them.
    var lineFormat = format
    if case .json = format {
      lineFormat = .ndjson
      lines = 1
    }
    rows = FileRows(part: part, format: lineFormat)
    encoder = RowEncoder(lineFormat, columns: part.columns)
    totals = RecordTotals(part.columns, hasKey: !part.key.isEmpty, readsTexts: rows.readsTexts, options: options)
  }

  func add(_ batch: StagedBatch) throws {
    for start in stride(from: 0, to: batch.count, by: Self.piece) {
      try addPiece(batch[start..<min(start + Self.piece, batch.count)])
    }
  }

  private func addPiece(_ batch: StagedBatch) throws {
    out.reset()
    out.begin()
    encoder.appendHeader(into: &out)
    for index in 0..<batch.count { encoder.append(batch.record(index), isFirst: index == 0, into: &out) { _ in } }
    let bytes = out.withPending { Array($0.buffer) }
    let before = lines
    try rows.read(MemoryInput(bytes), path: "records") { page in
      for row in page { try totals.add(rows.key(of: row, line: before + row.line), row.values) }
    }
    // The header of each piece counts once.
    lines += bytes.count { $0 == UInt8(ascii: "\n") } - (rows.readsTexts ? 1 : 0)
  }

  func finish() -> LoadedTotals { totals.finish() }
}
