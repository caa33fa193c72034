/// Target records on their way to destinations: a table of cells, with the key and the line of each record. The cells point
/// into the reader's memory, and are valid until the call that receives the batch returns.
@safe package struct StagedBatch {
  /// The number of the first record in its part, from 0.
  package let first: UInt64
  package let count: Int
  private let columns: Int
  /// Record by record: its columns, its key, its line.
  private let cells: UnsafeBufferPointer<Cell>

  /// The cells of one record besides its columns: the key and the line.
  package static let extraCells = 2

  /// - Parameter cells: for each record its columns, then its key as text, then its line as a number.
  package init(first: UInt64, columns: Int, cells: UnsafeBufferPointer<Cell>) {
    precondition(cells.count % (columns + Self.extraCells) == 0)
    self.first = first
    self.columns = columns
    unsafe self.cells = unsafe cells
    count = cells.count / (columns + Self.extraCells)
  }

  /// Some of its records, as a batch of their own.
  package subscript(range: Range<Int>) -> StagedBatch {
    let width = columns + Self.extraCells
    return unsafe StagedBatch(
      first: first + UInt64(range.lowerBound), columns: columns,
      cells: UnsafeBufferPointer(rebasing: cells[range.lowerBound * width..<range.upperBound * width]))
  }

  /// One cell per column of the part.
  package func record(_ index: Int) -> UnsafeBufferPointer<Cell> {
    let start = index * (columns + Self.extraCells)
    return unsafe UnsafeBufferPointer(rebasing: cells[start..<start + columns])
  }

  /// The key of the source record, with `#N` for an element of `each`.
  package func key(_ index: Int) -> Text { unsafe cells[index * (columns + Self.extraCells) + columns].text }

  /// The line number in the input, starting at 1.
  package func line(_ index: Int) -> Int { unsafe Int(cells[index * (columns + Self.extraCells) + columns + 1].number) }
}
