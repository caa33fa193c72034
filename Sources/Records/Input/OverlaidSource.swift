package import Core

/// The records of another source, some of them replaced (`RecordCorrections`). A record that could not be read can be replaced as
/// well. Rows of a table come as JSON.
package struct OverlaidSource: RecordSource {
  private var source: any RecordSource
  private var corrections: RecordCorrections.Reader
  private var next: RecordCorrections.Correction?
  private let merged = RecordBatch()
  private let path: String

  /// - Parameters:
  ///   - source: from its cursor on.
  ///   - path: of the corrections. Those before the cursor are skipped.
  /// - Throws: `OperationFailure` if the corrections cannot be read.
  package init(_ source: any RecordSource, corrections path: String) throws {
    self.source = source
    self.path = path
    corrections = try RecordCorrections.Reader(path)
    let start = source.cursor.records
    repeat { next = try corrections.next() } while next.map { $0.ordinal < start } ?? false
  }

  package var cursor: RecordCursor { source.cursor }
  package var notes: [InputNote] { source.notes }

  /// - Throws: `OperationFailure`, also if the input ends before a record that is to be replaced.
  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    let first = source.cursor.records
    let request = batch.rowRequest
    batch.rowRequest = nil
    defer { batch.rowRequest = request }
    guard try source.fill(batch) else {
      guard let next else { return false }
      throw OperationFailure(
        .damaged, "\(path) replaces record \(next.ordinal + 1) of an input that has \(source.cursor.records): start over")
    }
    if let next, next.ordinal < first + batch.items.count { try replace(in: batch, from: first) }
    return true
  }

  /// Records must lie in a batch in their order, so it is written anew.
  private mutating func replace(in batch: RecordBatch, from first: Int) throws {
    merged.removeAll()
    for (index, item) in batch.items.enumerated() {
      var copy = item
      if let correction = next, correction.ordinal == first + index {
        copy.fault = nil
        copy.warnings = []
        correction.record.withUnsafeBufferPointer { Self.append($0, as: copy, [], to: merged) }
        next = try corrections.next()
      } else {
        let bytes = UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])
        Self.append(bytes, as: copy, batch.notes(of: item), to: merged)
      }
    }
    batch.copy(merged)
  }

  /// Followed by a line break, which does not belong to the item.
  private static func append(
    _ bytes: UnsafeBufferPointer<UInt8>, as item: RecordBatch.Item, _ notes: [RecordBatch.Note], to batch: RecordBatch
  ) {
    var item = item
    item.start = batch.count
    item.end = batch.count + bytes.count
    batch.reserve(item.end + 1)
    if let base = bytes.baseAddress { (batch.base + item.start).update(from: base, count: bytes.count) }
    batch.base[item.end] = 0x0A
    batch.count = item.end + 1
    batch.append(item, notes: notes)
  }
}
