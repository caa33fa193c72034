package import Core
package import Files
import Values

/// Rows of a CSV file as records: objects whose members are the header's names and whose values are the cells as text. An
/// empty cell is null, `""` an empty text; nothing is guessed: `02139` and `1e5` stay text.
///
/// If the user of a batch permits it (`RecordBatch.rowRequest`), cells are put into the batch as they are (`RowCells`), and
/// only those of columns that are read. Otherwise each row becomes a JSON object, so that it takes the same path as all
/// records. Rows are checked in the same way: all cells must be valid UTF-8, and the row must fit the header.
///
/// `fill` throws an `OperationFailure` if the whole file is refused, but only after the rows before the fault, so that they are
/// counted.
package struct CSVSource: RecordSource {
  private let state: State

  private final class State {
    var input: any ByteInput
    let path: String
    let batchSize: Int
    let reading: RecordReading
    var reader: CSVReader
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    /// What ended the reading of the first lines: it is thrown after their rows.
    var inputFailure: (any Error)?
    /// Of rows as JSON; nil until the header has been read.
    var json: RowJSON?
    /// Of rows as cells, and the request that it answers.
    var shape: (request: RowRequest, rows: RowShape?)?
    var arena = ByteArena()
    var hasEnded = false
    var nextRow = 0
    /// Why the input could not be read any further.
    var failure: (any Error)?
    /// No offset: the parser counts lines only.
    var cursor = RecordCursor(records: 0, line: 1)

    init(_ input: any ByteInput, path: String, batchSize: Int, reading: RecordReading) {
      self.input = input
      self.path = path
      self.batchSize = batchSize
      self.reading = reading
      reader = CSVReader()
    }

    /// How the file is written; nil before the first rows are read.
    var dialect: CSVDialect?

    deinit { buffer.deallocate() }
  }

  /// `path`: the input's name in messages; `batchSize`: the approximate number of bytes in a batch.
  package init(_ input: any ByteInput, path: String, batchSize: Int = 256 * 1024, reading: RecordReading = .init()) {
    state = State(input, path: path, batchSize: batchSize, reading: reading)
  }

  package init(_ input: any ByteInput, path: String, batchSize: Int = 256 * 1024, maximumRecord: Int) {
    var reading = RecordReading()
    reading.maximumRecordBytes = maximumRecord
    self.init(input, path: path, batchSize: batchSize, reading: reading)
  }

  /// In a batch.
  static let mostItems = 65_536

  package var cursor: RecordCursor { state.cursor }

  package var notes: [InputNote] { (state.dialect?.notes ?? []) + state.reader.tally.notes }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: state.batchSize * 2)
    while batch.count < state.batchSize, batch.items.count < Self.mostItems, state.failure == nil {
      if state.nextRow < state.reader.rowCount {
        if batch.items.isEmpty { batch.rows = shape(for: batch.rowRequest) }
        if let rows = batch.rows {
          let next = RowCells.append(state.reader, from: state.nextRow, rows, to: batch, limit: state.batchSize)
          guard next == state.nextRow else {
            state.nextRow = next
            continue
          }
        }
        append(state.reader.row(at: state.nextRow), to: batch)
        state.nextRow += 1
      } else if state.hasEnded || state.reader.failure != nil {
        break
      } else {
        do { try feed() } catch { state.failure = error }
      }
    }
    // The rows before the fault are returned first, so that they are counted.
    if batch.items.isEmpty, let failure = state.failure { throw failure }
    if batch.items.isEmpty, let failure = state.reader.failure {
      throw OperationFailure.csv(state.path, line: failure.line, failure.description)
    }
    state.cursor.records += batch.items.count
    // Every line belongs to one row.
    if let last = batch.items.last { state.cursor.line = last.line + 1 }
    return !batch.items.isEmpty
  }

  private func feed() throws {
    guard let base = state.buffer.baseAddress else { return }
    state.nextRow = 0
    if state.dialect == nil { return try open() }
    if let failure = state.inputFailure { throw failure }
    let received = try state.input.read(into: base, count: state.buffer.count)
    if received == 0 {
      state.hasEnded = true
      state.reader.finish()
    } else {
      state.reader.feed(Text(start: UnsafePointer(base), count: received).span)
    }
    try checkHeader()
  }

  /// Reads the first lines, and begins to read the rows as they say.
  private func open() throws {
    let opening = try CSVOpening(&state.input, path: state.path, state.reading)
    state.dialect = opening.dialect
    state.inputFailure = opening.failure
    state.reader = CSVReader(options: opening.dialect.options(state.reading))
    state.reader.feed(opening.head.span)
    try checkHeader()
  }

  private func checkHeader() throws {
    if let failure = state.reader.headerFailure {
      throw OperationFailure.csv(state.path, line: failure.line, failure.description)
    }
    if state.json == nil, let header = state.reader.header {
      if let failure = OperationFailure.csv(state.path, header, lacking: state.reading.columns) { throw failure }
      state.json = RowJSON(header.names)
    }
  }

  /// Asked once per request: all workers of a transform share one. The header has been read.
  private func shape(for request: RowRequest?) -> RowShape? {
    guard let request, let header = state.reader.header else { return nil }
    if let known = state.shape, known.request === request { return known.rows }
    let rows = request.shape(of: header.names)
    state.shape = (request, rows)
    return rows
  }

  private func append(_ row: CSVRow, to batch: RecordBatch) {
    let start = batch.count
    if let problem = row.problem {
      return batch.append(
        RecordBatch.Item(start: start, end: start, line: row.line, offset: 0, fault: problem.code),
        notes: row.problemText.map { [.init(problem.code, $0)] } ?? [])
    }
    let warnings = row.warnings
    let notes = warnings.isEmpty ? [] : row.notes(state.reader.header)
    if warnings.contains(.csvResynchronized), state.reading.onBadQuote == .reject {
      return batch.append(
        RecordBatch.Item(start: start, end: start, line: row.line, offset: 0, fault: .csvResynchronized), notes: notes)
    }
    if let shape = batch.rows {
      shape.columns.withUnsafeBufferPointer { columns in
        batch.reserve(start + RowCells.room(for: row, columns))
        batch.count += RowCells.write(row, columns, to: batch.base + start)
      }
    } else {
      appendJSON(row, to: batch)
    }
    batch.append(
      RecordBatch.Item(
        start: start, end: batch.count - (batch.rows == nil ? 1 : 0), line: row.line, offset: 0, warnings: warnings),
      notes: notes)
  }

  /// Followed by a line break, which does not belong to the item.
  private func appendJSON(_ row: CSVRow, to batch: RecordBatch) {
    guard let json = state.json else { return }
    state.arena.reset()
    state.arena.begin()
    json.append(into: &state.arena) { column in column >= row.count || row.isNull(column) ? nil : row[column] }
    state.arena.append(0x0A)
    let text = state.arena.finish()
    batch.reserve(batch.count + text.count)
    (batch.base + batch.count).update(from: text.start, count: text.count)
    batch.count += text.count
  }
}

extension SourceFormat {
  package static let csv = SourceFormat(
    "csv", extensions: ["csv", "tsv", "tab"], inPipelines: "One CSV file per entity, with a header: {contact: PATH}.",
    traits: [.hasTextsOnly, .isTable, .endsLinesAtReturn], header: { try CSVFileHeader.read($0, $1) },
    open: { input, name, reading in CSVSource(input, path: name, reading: reading) })
}
