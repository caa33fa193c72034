import Core
import Files
import Records

/// Adds up the records of a part as a file has them.
final class FileTotals: TotalsSession {
  private let rows: FileRows
  private let encoder: RowEncoder
  private let values: FileValues
  private var totals: RecordTotals
  private var out = ByteArena(capacity: 64 * 1024)
  /// The lines of the file so far.
  private var lines: Int

  init(_ part: LoadPart, format: FileFormat, _ options: TotalsOptions) {
    // A list of JSON has the same records as lines of JSON, after a line with a bracket; a CSV file has a header.
    var lineFormat = format
    if case .json = format { lineFormat = .ndjson }
    lines = format == .ndjson ? 0 : 1
    rows = FileRows(part: part, format: lineFormat)
    encoder = RowEncoder(lineFormat, columns: part.columns)
    values = FileValues(encoder, columns: part.columns.count)
    totals = RecordTotals(part.columns, hasKey: !part.key.isEmpty, readsTexts: rows.readsTexts, options: options)
  }

  func add(_ batch: StagedBatch) throws {
    for index in 0..<batch.count {
      let cells = batch.record(index)
      guard let values = values.values(of: cells) else {
        try readBack(cells)
        continue
      }
      lines += 1
      let row = FileRows.Row(values: values, line: lines)
      try totals.add(rows.key(of: row), values)
    }
  }

  /// Writes a record and reads it.
  private func readBack(_ cells: UnsafeBufferPointer<Cell>) throws {
    out.reset()
    out.begin()
    encoder.appendHeader(into: &out)
    let header = out.pendingCount
    encoder.append(cells, isFirst: true, into: &out) { _ in }
    let bytes = out.withPending { Array($0.buffer) }
    try rows.read(MemoryInput(bytes), path: "records") { page in
      for row in page { try totals.add(rows.key(of: row, line: lines + 1), row.values) }
    }
    lines += bytes[header...].count { $0 == UInt8(ascii: "\n") }
  }

  func finish() -> LoadedTotals { totals.finish() }
}
