package import Core
import Records

/// Reads the staged records of one mapping once, for any number of destinations: batches of cells, in the order of the file.
///
///     let staged = try StagedReader(path, mapping: "people", columns: part.columns, count: part.count)
///     while let batch = try staged.next() {
///       for index in sessions.indices { try await sessions[index].submit(batch) }
///     }
///
/// Each line is `{"key":…,"line":…,"record":{…},"digest":…}`, and is parsed once. Memory is constant, however long the file
/// is: it holds one piece of the file, and the cells of one batch. A file that has been compressed since is read all the same.
package final class StagedReader {
  private let path: String
  private let mapping: String
  private let expected: Int
  private let columnCount: Int
  private var source: NDJSONSource
  private var walker: RecordWalker
  private let lines = RecordBatch()
  /// The next line of `lines`.
  private var position = 0
  private var readCount: UInt64 = 0
  /// Room for one batch: record by record its columns, its key, its line.
  private let cells: UnsafeMutableBufferPointer<Cell>
  private let stride: Int
  /// What would not outlive the walk of the next record: texts that were decoded, and lists.
  private var texts = ByteArena()
  private var lists = CellArena()

  /// A staged line is longer than its source because of keys, digest and escapes.
  private static let maximumLine = 512 << 20
  /// A record lies below `record`.
  private static let maximumDepth = RecordWalker.maximumDepth + 8

  /// - Parameters:
  ///   - count: the number of records that were staged.
  ///   - batchCells: the maximum number of cells in a batch, unless one record has more.
  /// - Throws: `OperationFailure` if the file cannot be opened.
  package init(_ path: String, mapping: String, columns: [LoadColumn], count: Int, batchCells: Int = 32 * 1024) throws {
    self.path = path
    self.mapping = mapping
    expected = count
    columnCount = columns.count
    source = NDJSONSource(try KeptFile.input(path), maximumRecord: Self.maximumLine)
    var walker = RecordWalker(maximumDepth: Self.maximumDepth)
    for (slot, column) in columns.enumerated() {
      walker.addPath([.member("record")] + column.path.map { .member($0) }, slot: slot)
    }
    walker.addPath([.member("key")], slot: columns.count)
    walker.addPath([.member("line")], slot: columns.count + 1)
    self.walker = walker
    stride = columns.count + StagedBatch.extraCells
    cells = .allocate(capacity: max(1, batchCells / stride) * stride)
    cells.initialize(repeating: .missing)
  }

  deinit { cells.deallocate() }

  /// The next records; nil at the end. The batch is valid until the next call.
  ///
  /// - Throws: `OperationFailure` if the file is damaged, or does not have as many records as were staged;
  ///   `CancellationError`.
  package func next() throws -> StagedBatch? {
    try Task.checkCancellation()
    texts.reset()
    lists.reset()
    if position == lines.items.count {
      position = 0
      guard try source.fill(lines) else {
        guard readCount == expected else { throw damaged("\(readCount) of \(expected) records") }
        return nil
      }
      guard walker.index(lines.bytes) else { throw damaged() }
    }
    let count = min(lines.items.count - position, cells.count / stride)
    for index in 0..<count {
      let row = UnsafeMutableBufferPointer(rebasing: cells[index * stride..<(index + 1) * stride])
      try read(lines.items[position + index], into: row)
    }
    position += count
    let first = readCount
    readCount += UInt64(count)
    return StagedBatch(first: first, columns: columnCount, cells: UnsafeBufferPointer(rebasing: cells[..<(count * stride)]))
  }

  private func read(_ item: RecordBatch.Item, into cells: UnsafeMutableBufferPointer<Cell>) throws {
    guard item.fault == nil, walker.walk(item.start..<item.end, into: cells) == nil, cells[columnCount].kind == .string,
      cells[columnCount + 1].kind == .integer
    else { throw damaged() }
    for index in 0...columnCount { cells[index] = kept(cells[index]) }
  }

  /// The same value in memory that stays until the batch is replaced.
  private func kept(_ cell: Cell) -> Cell {
    if cell.kind == .list {
      let copy = lists.take(cell.count)
      for (index, element) in cell.elements.enumerated() { copy[index] = kept(element) }
      return Cell(list: copy, count: cell.count)
    }
    let text = cell.text
    let end = UnsafePointer(lines.base + lines.count)
    guard text.count > 0, text.start < UnsafePointer(lines.base) || text.start >= end else { return cell }
    texts.begin()
    texts.append(text)
    return Cell(kind: cell.kind, text: texts.finish(), number: cell.number)
  }

  private func damaged(_ what: String? = nil) -> OperationFailure {
    OperationFailure(
      .fault, "the staged records of '\(mapping)' in \(path) cannot be read back\(what.map { " (\($0))" } ?? ""): run again")
  }
}
