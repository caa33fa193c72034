/// Fills batches with the raw records of an input, one after another. Batches cross this seam; single fields never do.
///
///     var source: any RecordSource = NDJSONSource(try FileInput(path: path))
///     let batch = RecordBatch()
///     while try source.fill(batch) {
///       for item in batch.items { use(batch.bytes[item.start..<item.end]) }
///     }
///
/// **What a caller may rely on.**
/// - Each record of the input comes once, in the order of the input. Which records there are, and their lines, does not depend
///   on the sizes of batches or on the pieces in which the input arrives.
/// - A record that cannot be read is an item with a `fault`, and those around it are read.
/// - Items are JSON. Only if the caller has set `rowRequest` of the batch, they may be rows of a table as cells, and then `rows`
///   says so.
/// - A batch that is handed out has at least one item. Each item lies in the batch, and `RecordBatch.padding` readable bytes
///   follow the content.
/// - At the end, `fill` returns false with an empty batch, and keeps doing so.
/// - If the input fails, `fill` throws, but only after the preceding records were handed out, and throws again after that.
/// - `notes` are complete once `fill` has returned false; before, they cover what has been read so far.
/// - `cursor` counts what was handed out. A second source over the same input, resumed at that cursor (`ResumedSource`), gives
///   exactly the remaining records.
///
/// **What an implementer must do.** Empty the batch first, whatever it contains. Record the position of an item in the input
/// (`line`, `offset`) if the input has lines and bytes. Advance the cursor by the items that are handed out, and by nothing
/// else. Do not hold more than a batch, and about one record, in memory. Run `RecordSourceConformance` of `TestSupport` over
/// it.
package protocol RecordSource {
  /// Where the next record is.
  var cursor: RecordCursor { get }

  /// Puts the next records into `batch`, which is emptied first. False: the input has ended and the batch is empty.
  ///
  /// - Throws: `OperationFailure`, or `CancellationError` while it waits for a pipe.
  mutating func fill(_ batch: RecordBatch) throws -> Bool

  /// Notes about the input as a whole. A source that reads from another one passes on that one's notes.
  var notes: [InputNote] { get }
}

extension RecordSource {
  package var notes: [InputNote] { [] }
}

/// A place in an input: between the records that a source has handed out and those that follow.
///
/// It means the same to another process that reads the same input, so it can be stored.
package struct RecordCursor: Sendable, Hashable, Codable {
  /// The records before it, including those that cannot be read.
  package var records: Int
  /// From 1. The next record begins on this line or a later one, the last one before it on this line or an earlier one. Nil if
  /// the source does not know.
  package var line: Int?
  /// In bytes from the beginning of the input. The records before the cursor end before this place, the next one begins there or
  /// later. Nil if the source does not know.
  package var offset: Int?

  package init(records: Int, line: Int? = nil, offset: Int? = nil) {
    self.records = records
    self.line = line
    self.offset = offset
  }

  /// The beginning of an input.
  package static let start = RecordCursor(records: 0, line: 1, offset: 0)
}
