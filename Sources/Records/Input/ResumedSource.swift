package import Core
import Files

/// The records of a source from a cursor on. The cursor may come from any source over the same input, whatever its batches.
///
/// It reads what comes before and drops it. A source that can begin at a byte, as `NDJSONSource` can, gives the same records
/// faster.
package struct ResumedSource: RecordSource {
  private var source: any RecordSource
  private let start: RecordCursor
  private let name: String
  private var isAtStart: Bool

  /// `source`: must not have been read from; `name`: what failures call the input.
  package init(_ source: any RecordSource, at cursor: RecordCursor, of name: String) {
    self.source = source
    start = cursor
    self.name = name
    isAtStart = cursor.records == 0
  }

  package var cursor: RecordCursor { isAtStart ? source.cursor : start }
  package var notes: [InputNote] { source.notes }

  /// - Throws: `OperationFailure` if the input has fewer records than were read before: it was changed.
  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    if isAtStart { return try source.fill(batch) }
    var dropped = source.cursor.records
    while try source.fill(batch) {
      let surplus = start.records - dropped
      dropped += batch.items.count
      guard dropped >= start.records else { continue }
      isAtStart = true
      guard dropped > start.records else { return try source.fill(batch) }
      batch.items.removeFirst(surplus)
      return true
    }
    guard dropped >= start.records else {
      throw OperationFailure.reading(name, "it has \(dropped) records, but \(start.records) were read from it before")
    }
    isAtStart = true
    return false
  }
}
