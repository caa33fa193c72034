import Core
import Records

/// Records of an input, read once and kept: a source that can be gone through as often as one likes.
struct PreviewRecords {
  private(set) var batches: [RecordBatch] = []
  private(set) var count = 0
  /// The input has more than were kept.
  private(set) var isCut = false
  /// Notes about the input, as far as it was read.
  private(set) var notes: [InputNote] = []
  /// Where each record is.
  private(set) var places: [PreviewRows.Place: (batch: Int, item: Int)] = [:]

  /// - Throws: `OperationFailure`.
  init(_ source: inout any RecordSource, maximum: Int, lines: Set<Int>?) throws {
    var batch = RecordBatch()
    while try source.fill(batch) {
      if let lines { batch.items.removeAll { !lines.contains($0.line) } }
      if count + batch.items.count > maximum {
        batch.items.removeLast(count + batch.items.count - maximum)
        isCut = true
      }
      for (index, item) in batch.items.enumerated() {
        places[.init(RecordMark(line: item.line, offset: item.offset))] = (batches.count, index)
      }
      if !batch.items.isEmpty {
        count += batch.items.count
        batches.append(batch)
      }
      if isCut || lines.map({ count >= $0.count }) == true { break }
      batch = RecordBatch()
    }
    notes = source.notes
  }

  /// Gives the batches again, from the first.
  struct Source: RecordSource {
    let batches: [RecordBatch]
    private var next = 0
    private(set) var cursor = RecordCursor(records: 0)

    init(batches: [RecordBatch]) { self.batches = batches }

    mutating func fill(_ batch: RecordBatch) -> Bool {
      guard next < batches.count else {
        batch.removeAll()
        return false
      }
      batch.copy(batches[next])
      next += 1
      cursor.records += batch.items.count
      return true
    }
  }
}
