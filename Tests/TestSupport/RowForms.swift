package import Core
import Records

/// Another source whose rows always come as JSON: what a request for cells is compared with.
package struct RowsAsJSON: RecordSource {
  private var source: any RecordSource

  package init(_ source: any RecordSource) { self.source = source }

  package var cursor: RecordCursor { source.cursor }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    let request = batch.rowRequest
    batch.rowRequest = nil
    defer { batch.rowRequest = request }
    return try source.fill(batch)
  }
}

/// Another source whose rows are requested as cells, and turned into JSON afterwards.
package struct RowsAsCells: RecordSource {
  private var source: any RecordSource
  private let cells = RecordBatch(capacity: 64)

  /// `columns`: see `RowRequest`; all of them, in reverse, if it is not given.
  package init(_ source: any RecordSource, columns: (@Sendable ([String]) -> [Int]?)? = nil) {
    self.source = source
    cells.rowRequest = RowRequest(columns: columns ?? { Array($0.indices.reversed()) })
  }

  package var cursor: RecordCursor { source.cursor }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    guard try source.fill(cells) else { return false }
    guard let rows = cells.rows else {
      batch.copy(cells)
      return true
    }
    var arena = ByteArena()
    for item in cells.items {
      arena.reset()
      arena.begin()
      if item.fault == nil { RowCells.appendJSON(rows, cells.base + item.start, into: &arena) }
      let text = arena.finish()
      batch.reserve(batch.count + text.count)
      (batch.base + batch.count).update(from: text.start, count: text.count)
      var copy = item
      copy.start = batch.count
      batch.count += text.count
      copy.end = batch.count
      batch.append(copy, notes: cells.notes(of: item))
    }
    return true
  }
}
