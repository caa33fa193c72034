package import Core

/// How a row of a table lies in its item of a batch (`RecordBatch.rows`): a mark of eight bytes for each slot, then the texts
/// of the slots.
///
///     row      a1,,"5""6"         columns of the slots: [2, 0, 1, -1]
///     marks    (start 0, count 3) (start 3, count 2) null missing
///     texts    5"6a1
///
/// Starts count from the first text, so that an item can be copied as it is.
package enum RowCells {
  private struct Mark: BitwiseCopyable {
    var start: UInt32
    var count: UInt32

    /// No text is there: a row has at most 4 GiB (`RecordReading.recordBytes`).
    static var null: Mark { Mark(start: .max, count: .max) }
    /// The table has no such column.
    static var missing: Mark { Mark(start: .max, count: .max - 1) }
    var isAbsent: Bool { start == .max && count >= .max - 1 }
  }

  private static var markSize: Int { MemoryLayout<Mark>.size }

  /// Fills `slots` from the row at `item`. The cells point into it.
  package static func load(_ shape: RowShape, _ item: UnsafePointer<UInt8>, into slots: UnsafeMutableBufferPointer<Cell>) {
    let count = shape.columns.count
    precondition(slots.count >= count)
    let marks = UnsafeRawPointer(item)
    let texts = item + count * markSize
    for slot in 0..<count {
      let mark = marks.loadUnaligned(fromByteOffset: slot * markSize, as: Mark.self)
      if mark.isAbsent {
        slots[slot] = mark.count == .max ? .null : .missing
      } else {
        slots[slot] = Cell(kind: .string, pointer: texts + Int(mark.start), count: Int(mark.count))
      }
    }
  }

  /// The row at `item` as a JSON object, without a line break. Columns that have no slot are null.
  package static func appendJSON(_ shape: RowShape, _ item: UnsafePointer<UInt8>, into arena: inout ByteArena) {
    withUnsafeTemporaryAllocation(of: Cell.self, capacity: shape.columns.count) { slots in
      load(shape, item, into: slots)
      RowJSON(shape.names).append(into: &arena) { column in
        guard let slot = shape.columns.firstIndex(of: column), slots[slot].kind == .string else { return nil }
        return slots[slot].text
      }
    }
  }

  /// The bytes that a row takes in a batch, at most.
  static func room(for row: CSVRow, _ columns: UnsafeBufferPointer<Int>) -> Int {
    var size = columns.count * markSize
    for slot in columns.indices where columns[slot] >= 0 { size += row[columns[slot]].count }
    return size
  }

  /// Puts a row there, and returns how many bytes it took.
  static func write(_ row: CSVRow, _ columns: UnsafeBufferPointer<Int>, to item: UnsafeMutablePointer<UInt8>) -> Int {
    let marks = UnsafeMutableRawPointer(item)
    let texts = item + columns.count * markSize
    var end = 0
    for slot in columns.indices {
      let column = columns[slot]
      var mark = Mark.missing
      if column >= 0 {
        mark = .null
        if !row.isNull(column) {
          let text = row[column]
          (texts + end).update(from: text.start, count: text.count)
          mark = Mark(start: UInt32(end), count: UInt32(text.count))
          end += text.count
        }
      }
      marks.storeBytes(of: mark, toByteOffset: slot * markSize, as: Mark.self)
    }
    return columns.count * markSize + end
  }
}
