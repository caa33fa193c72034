package import Core

/// The first records of another source.
package struct LimitedSource: RecordSource {
  private var source: any RecordSource
  private var left: Int

  package init(_ source: any RecordSource, limit: Int) {
    self.source = source
    left = limit
  }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    guard left > 0, try source.fill(batch) else {
      batch.removeAll()
      return false
    }
    if batch.items.count > left { batch.items.removeLast(batch.items.count - left) }
    left -= batch.items.count
    return true
  }
}
