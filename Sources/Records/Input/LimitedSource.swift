package import Core

/// The first records of another source.
package struct LimitedSource: RecordSource {
  private var source: any RecordSource
  private var left: Int
  package private(set) var cursor: RecordCursor

  package init(_ source: any RecordSource, limit: Int) {
    self.source = source
    left = limit
    cursor = source.cursor
  }

  package var notes: [InputNote] { source.notes }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    guard left > 0, try source.fill(batch) else {
      batch.removeAll()
      return false
    }
    let start = cursor.records
    if batch.items.count > left {
      let next = batch.items[left]
      batch.items.removeLast(batch.items.count - left)
      cursor = RecordCursor(
        records: start + left, line: next.line, offset: source.cursor.offset.map { _ in next.offset - max(0, next.column) })
    } else {
      cursor = source.cursor
    }
    left -= batch.items.count
    return true
  }
}
