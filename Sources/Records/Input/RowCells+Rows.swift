import Core

extension RowCells {
  /// Puts a reader's rows into a batch, from `first` on, until the batch has `limit` bytes or a row comes that is more than
  /// its cells: that has a problem or a warning. Returns the index of the row after them.
  ///
  /// Members of a class are checked for exclusive access; those of the batch are used once, not for each row.
  static func append(
    _ reader: borrowing CSVReader, from first: Int, _ shape: RowShape, to batch: RecordBatch, limit: Int
  ) -> Int {
    var items: [RecordBatch.Item] = []
    swap(&items, &batch.items)
    defer { swap(&items, &batch.items) }
    var (base, capacity, end) = (batch.base, batch.capacity, batch.count)
    defer { batch.count = end }
    let count = reader.rowCount
    var index = first
    shape.columns.withUnsafeBufferPointer { columns in
      while index < count, end < limit, items.count < CSVSource.mostItems {
        let row = reader.row(at: index)
        guard row.problem == nil, row.warnings.isEmpty else { return }
        let room = room(for: row, columns)
        if capacity - end < room {
          batch.count = end
          batch.reserve(end + room)
          (base, capacity) = (batch.base, batch.capacity)
        }
        let start = end
        end += write(row, columns, to: base + start)
        items.append(RecordBatch.Item(start: start, end: end, line: row.line, offset: 0))
        index += 1
      }
    }
    return index
  }
}
