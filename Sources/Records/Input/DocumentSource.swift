package import Core
package import Files

/// A whole input as one record: one JSON text of any kind. An input over the limit is a record with a fault.
package struct DocumentSource: RecordSource {
  private var input: any ByteInput
  private let maximumRecord: Int
  private var hasEnded = false
  package private(set) var cursor = RecordCursor.start

  package init(_ input: any ByteInput, maximumRecord: Int = 256 << 20) {
    self.input = input
    self.maximumRecord = maximumRecord
  }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    guard !hasEnded else { return false }
    hasEnded = true
    while batch.count <= maximumRecord {
      batch.reserve(max(batch.count + 64 * 1024, batch.count + batch.count / 2))
      let received = try input.read(into: batch.base + batch.count, count: batch.capacity - batch.count)
      guard received > 0 else { break }
      batch.count += received
    }
    cursor = RecordCursor(records: 1, offset: batch.count)
    let isTooLong = batch.count > maximumRecord
    // A byte order mark is not part of the text.
    let hasMark = batch.count >= 3 && batch.base[0] == 0xEF && batch.base[1] == 0xBB && batch.base[2] == 0xBF
    let start = hasMark ? 3 : 0
    batch.items.append(
      RecordBatch.Item(
        start: start, end: isTooLong ? start : batch.count, line: 1, offset: start, column: start,
        fault: isTooLong ? .recordTooLarge : nil))
    return true
  }
}
