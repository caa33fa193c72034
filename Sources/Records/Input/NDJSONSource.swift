package import Core
package import Files
import Glibc

/// Lines of NDJSON, some hundred kilobytes of whole lines at a time. Blank lines are skipped; a line over the limit becomes an
/// item with a fault and is skipped without being held. Constant memory at any input size.
///
/// If the input fails, the complete lines before that are returned first, so that they are counted.
package struct NDJSONSource: RecordSource {
  private var input: any ByteInput
  private let batchSize: Int
  private let maximumRecord: Int
  /// The beginning of a line whose end has not been read yet.
  private var carry: [UInt8] = []
  private var line: Int
  private var offset: Int
  private var records: Int
  private var isFirst: Bool
  private var hasEnded = false
  /// Byte order marks in front of lines after the first one, as in files that were joined.
  private var innerMarks = 0
  /// Why the input could not be read any further.
  private var failure: (any Error)?

  /// `batchSize`: about how many bytes to put in a batch; `maximumRecord`: the longest line that is read; `cursor`: where the
  /// bytes of `input` begin in the file, if not at its beginning.
  package init(
    _ input: any ByteInput, at cursor: RecordCursor = .start, batchSize: Int = 256 * 1024, maximumRecord: Int = 16 << 20
  ) {
    line = cursor.line ?? 1
    offset = cursor.offset ?? 0
    records = cursor.records
    isFirst = offset == 0
    self.input = input
    self.batchSize = batchSize
    self.maximumRecord = maximumRecord
  }

  package var cursor: RecordCursor { RecordCursor(records: records, line: line, offset: offset) }

  package var notes: [InputNote] { [InputNote.byteOrderMarks(innerMarks)].compactMap(\.self) }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    if let failure { throw failure }
    batch.shrink(to: max(batchSize, carry.count) * 2)
    while batch.items.isEmpty {
      guard try read(into: batch) else { return false }
    }
    records += batch.items.count
    return true
  }

  /// False at the end of the input. May leave the batch without items: blank lines only.
  private mutating func read(into batch: RecordBatch) throws -> Bool {
    batch.count = 0
    batch.reserve(max(batchSize, carry.count * 2))
    batch.base.update(from: carry, count: carry.count)
    batch.count = carry.count
    carry.removeAll(keepingCapacity: true)
    // How far the search for a line end has come: each byte is checked once, however small the pieces.
    var searched = 0
    while true {
      while !hasEnded, batch.count < batch.capacity {
        let received = receive(into: batch.base + batch.count, count: batch.capacity - batch.count)
        if received == 0 { hasEnded = true }
        batch.count += received
        // Half a batch is enough to process: a pipe returns little at a time.
        if batch.count >= batchSize / 2 { break }
      }
      skipByteOrderMark(batch)
      if let failure {
        // Half a line is not a record.
        let end = lastLineEnd(batch, from: 0) ?? 0
        guard end > 0 else { throw failure }
        batch.count = end
        addLines(to: batch, until: end)
        return true
      }
      if hasEnded {
        guard batch.count > 0 else { return false }
        addLines(to: batch, until: batch.count)
        return true
      }
      if let end = lastLineEnd(batch, from: searched) {
        carry.append(contentsOf: UnsafeBufferPointer(start: batch.base + end, count: batch.count - end))
        batch.count = end
        addLines(to: batch, until: end)
        return true
      }
      if batch.count > maximumRecord {
        try skipLine(batch)
        return true
      }
      searched = batch.count
      batch.reserve(batch.count * 2)
    }
  }

  /// 0 at the end, and if the input fails.
  private mutating func receive(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
    do { return try input.read(into: buffer, count: count) } catch {
      failure = error
      return 0
    }
  }

  private mutating func skipByteOrderMark(_ batch: RecordBatch) {
    guard isFirst, batch.count >= 3 || hasEnded else { return }
    isFirst = false
    guard batch.count >= 3, batch.base[0] == 0xEF, batch.base[1] == 0xBB, batch.base[2] == 0xBF else { return }
    for index in 0..<3 { batch.base[index] = 0x20 }
  }

  private func lastLineEnd(_ batch: RecordBatch, from searched: Int) -> Int? {
    var end = batch.count
    while end > searched, batch.base[end - 1] != 0x0A { end -= 1 }
    return end > searched ? end : nil
  }

  private mutating func addLines(to batch: RecordBatch, until end: Int) {
    var start = 0
    while start < end {
      let found = memchr(batch.base + start, 0x0A, end - start)
      let lineEnd = found.map { $0.assumingMemoryBound(to: UInt8.self) - batch.base } ?? end
      addLine(start, lineEnd, to: batch)
      line += 1
      start = lineEnd + 1
    }
    offset += end
  }

  private mutating func addLine(_ start: Int, _ lineEnd: Int, to batch: RecordBatch) {
    var (first, end) = (start, lineEnd)
    while first < end, Self.isSpace(batch.base[first]) { first += 1 }
    while end - first >= 3, batch.base[first] == 0xEF, batch.base[first + 1] == 0xBB, batch.base[first + 2] == 0xBF {
      innerMarks += 1
      first += 3
      while first < end, Self.isSpace(batch.base[first]) { first += 1 }
    }
    while end > first, Self.isSpace(batch.base[end - 1]) { end -= 1 }
    guard first < end else { return }
    let isTooLong = lineEnd - start > maximumRecord
    batch.items.append(
      RecordBatch.Item(
        start: first, end: isTooLong ? first : end, line: line, offset: offset + first, column: first - start,
        fault: isTooLong ? .recordTooLarge : nil))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x09 }

  /// The batch is full of the beginning of one line that is too long: drops all of it.
  private mutating func skipLine(_ batch: RecordBatch) throws {
    batch.items.append(RecordBatch.Item(start: 0, end: 0, line: line, offset: offset, fault: .recordTooLarge))
    var dropped = batch.count
    while true {
      let received = receive(into: batch.base, count: batch.capacity)
      guard received > 0 else {
        hasEnded = true
        break
      }
      if let found = memchr(batch.base, 0x0A, received) {
        let end = found.assumingMemoryBound(to: UInt8.self) - batch.base + 1
        dropped += end
        carry.append(contentsOf: UnsafeBufferPointer(start: batch.base + end, count: received - end))
        break
      }
      dropped += received
    }
    batch.count = 0
    line += 1
    offset += dropped
  }
}

extension SourceFormat {
  package static let ndjson = SourceFormat(
    "ndjson", extensions: ["ndjson", "jsonl"], inPipelines: "One file per entity, one JSON object per line: {contact: PATH}.",
    resume: { input, cursor, reading in NDJSONSource(input, at: cursor, maximumRecord: reading.maximumRecordBytes) },
    open: { input, _, reading in NDJSONSource(input, maximumRecord: reading.maximumRecordBytes) })
}
