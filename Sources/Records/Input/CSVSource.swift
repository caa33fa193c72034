package import Core
package import Files
import Values

/// Rows of a CSV file as records: each becomes a JSON object whose members are the header's names and whose values are
/// the cells as text, so that rows take the same path as all records. An empty cell is null, `""` an empty text; nothing is
/// guessed: `02139` and `1e5` stay text.
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
    var keys: [[UInt8]] = []
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
      reader = CSVReader(
        options: .init(
          delimiter: reading.file.delimiter ?? UInt8(ascii: ","), maximumRowBytes: reading.maximumRecordBytes))
    }

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

  package var cursor: RecordCursor { state.cursor }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: state.batchSize * 2)
    while batch.count < state.batchSize, batch.items.count < 65_536, state.failure == nil {
      if state.nextRow < state.reader.rowCount {
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
    let received = try state.input.read(into: base, count: state.buffer.count)
    state.nextRow = 0
    if received == 0 {
      state.hasEnded = true
      state.reader.finish()
    } else {
      state.reader.feed(Text(start: UnsafePointer(base), count: received).span)
    }
    if let failure = state.reader.headerFailure {
      throw OperationFailure.csv(state.path, line: failure.line, failure.description)
    }
    if state.keys.isEmpty, let header = state.reader.header {
      if let failure = OperationFailure.csv(state.path, header, lacking: state.reading.columns) { throw failure }
      state.keys = header.names.map { Array(",\(JSONValue.string($0).text):".utf8) }
    }
  }

  private func append(_ row: CSVRow, to batch: RecordBatch) {
    let start = batch.count
    if let problem = row.problem {
      return batch.append(
        RecordBatch.Item(start: start, end: start, line: row.line, offset: 0, fault: problem.code), note: row.problemText)
    }
    let doubt = row.resynchronizedText
    if doubt != nil, state.reading.onBadQuote == .reject {
      return batch.append(
        RecordBatch.Item(start: start, end: start, line: row.line, offset: 0, fault: .csvResynchronized), note: doubt)
    }
    state.arena.reset()
    state.arena.begin()
    state.arena.append(UInt8(ascii: "{"))
    for index in 0..<min(row.count, state.keys.count) {
      for byte in state.keys[index].dropFirst(index == 0 ? 1 : 0) { state.arena.append(byte) }
      if row.isNull(index) {
        state.arena.append("null")
      } else {
        state.arena.append(UInt8(ascii: "\""))
        JSONText.appendEscaped(row[index].span, into: &state.arena)
        state.arena.append(UInt8(ascii: "\""))
      }
    }
    state.arena.append("}\n")
    let text = state.arena.finish()
    batch.reserve(start + text.count)
    (batch.base + start).update(from: text.start, count: text.count)
    batch.count += text.count
    batch.append(
      RecordBatch.Item(
        start: start, end: batch.count - 1, line: row.line, offset: 0, warning: doubt == nil ? nil : .csvResynchronized),
      note: doubt)
  }
}

extension SourceFormat {
  package static let csv = SourceFormat(
    "csv", extensions: ["csv"], inPipelines: "One CSV file per entity, with a header: {contact: PATH}.",
    traits: [.hasTextsOnly, .isTable, .endsLinesAtReturn], columns: { try CSVFileHeader.read($0, $1) },
    open: { input, name, reading in CSVSource(input, path: name, reading: reading) })
}
