import Core
import Files
import Records

/// A success or reject file of a run that is read row by row and copied byte by byte, in constant memory.
final class CopiedRows {
  struct Row: Equatable {
    /// Of the input.
    var line: Int
    var outcome: Outcome
  }

  private static let columns = ["record", "outcome", "line"]
  private static let pieceBytes = 64 << 10

  private let path: String
  private let input: FileInput
  private let copy: OutputFile
  // The names of JSON members may be anything, so the first row is read like the others.
  private var reader = CSVReader(options: .init(hasHeader: false, maximumRowBytes: RecordReading.recordBytes.upperBound))
  /// Rows that have been read; the next one is last.
  private var rows: [Row] = []
  private var hasHeader = false
  private var hasEnded = false

  /// - Throws: `OperationFailure`.
  init(_ path: String, to copy: String) throws {
    self.path = path
    input = try FileInput(path: path)
    // The values are not masked.
    self.copy = try OutputFile(path: copy, isCSV: true, isPrivate: true)
    // Without it, Excel takes UTF-8 for the system's encoding.
    try self.copy.write("\u{FEFF}")
  }

  /// Nil at the end.
  ///
  /// - Throws: `OperationFailure`.
  func next() throws -> Row? {
    while rows.isEmpty, !hasEnded { try readPiece() }
    return rows.popLast()
  }

  private func readPiece() throws {
    var bytes = [UInt8](repeating: 0, count: Self.pieceBytes)
    let count = try bytes.withUnsafeMutableBufferPointer { buffer in
      try buffer.baseAddress.map { try input.read(into: $0, count: buffer.count) } ?? 0
    }
    if count == 0 {
      hasEnded = true
      reader.finish()
    } else {
      bytes.removeLast(bytes.count - count)
      try copy.write(bytes)
      reader.feed(bytes.span)
    }
    guard reader.failure == nil else { throw damage() }
    for index in 0..<reader.rowCount {
      let row = reader.row(at: index)
      guard row.problem == nil, row.count >= Self.columns.count else { throw damage() }
      if hasHeader {
        guard let outcome = Outcome(rawValue: row[1].string), let line = Int(row[2].string) else { throw damage() }
        rows.append(Row(line: line, outcome: outcome))
      } else {
        guard (0..<Self.columns.count).map({ row[$0].string }).isExactly(Self.columns) else { throw damage() }
        hasHeader = true
      }
    }
    rows.reverse()
    guard !hasEnded || hasHeader else { throw damage() }
  }

  func damage() -> OperationFailure {
    OperationFailure(
      .damaged,
      "\(path) is not as the run wrote it: nothing was written; restore it from a backup, or run the pipeline again")
  }

  func seal() throws { try copy.seal() }
  func commit() throws { try copy.commit() }
  func abandon() { copy.abandon() }
}
