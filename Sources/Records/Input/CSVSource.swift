package import Core
import Values

/// Rows of a CSV file as records: each becomes a JSON object whose members are the header's names and whose values are
/// the cells as text, so that rows take the one path that all records take. An empty cell is null, `""` an empty text;
/// nothing is guessed: `02139` and `1e5` stay text.
package struct CSVSource: RecordSource {
  /// A header that cannot be used; the whole file is refused.
  package struct HeaderFailure: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let reason: String

    package init(path: String, line: Int, reason: String) {
      self.path = path
      self.line = line
      self.reason = reason
    }

    package var description: String { "\(path):\(line): \(reason)" }
  }

  private let state: State

  private final class State {
    var input: any ByteInput
    let path: String
    let batchSize: Int
    var reader: CSVReader
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    var keys: [[UInt8]] = []
    var arena = ByteArena()
    var hasEnded = false
    var nextRow = 0

    init(_ input: any ByteInput, path: String, batchSize: Int, maximumRecord: Int) {
      self.input = input
      self.path = path
      self.batchSize = batchSize
      reader = CSVReader(options: .init(maximumRowBytes: maximumRecord))
    }

    deinit { buffer.deallocate() }
  }

  package init(_ input: any ByteInput, path: String, batchSize: Int = 256 * 1024, maximumRecord: Int = 16 << 20) {
    state = State(input, path: path, batchSize: batchSize, maximumRecord: maximumRecord)
  }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: state.batchSize * 2)
    while batch.count < state.batchSize, batch.items.count < 65_536 {
      if state.nextRow < state.reader.rowCount {
        append(state.reader.row(at: state.nextRow), to: batch)
        state.nextRow += 1
      } else if state.hasEnded {
        break
      } else {
        try feed()
      }
    }
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
      throw HeaderFailure(path: state.path, line: failure.line, reason: failure.description)
    }
    if state.keys.isEmpty, let header = state.reader.header {
      state.keys = header.names.map { Array(",\(JSONValue.string($0).text):".utf8) }
    }
  }

  private func append(_ row: CSVRow, to batch: RecordBatch) {
    let start = batch.count
    if let problem = row.problem {
      batch.append(
        RecordBatch.Item(start: start, end: start, line: row.line, offset: 0, fault: problem.code), note: row.problemText)
      return
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
    batch.items.append(RecordBatch.Item(start: start, end: batch.count - 1, line: row.line, offset: 0))
  }
}
