import Core
import Files
import Records
import Transform

/// Goes through the records of an input beside the item log of its mapping: for each item, the cells of its record.
///
/// A log is in the order of the input, so the input is read once, a batch at a time. With `merge`, records that were merged are next to
/// each other in it; the records are then copied into a file without a name, and found by their lines: 16 bytes of memory for each.
///
///     let rows = try SourceRows(columns, names)
///     while let (entry, key) = try items.next() { try rows.advance(to: entry); write(key, rows.cells) }
final class SourceRows {
  private let columns: SourceColumns
  private var source: any RecordSource
  private let batch = RecordBatch()
  private var walker = RecordWalker()
  private var position = 0
  /// The walkers have indexed the whole batch; otherwise something in it is not JSON, and they index record by record.
  private var isIndexed = false
  /// Reads what the mapping reads, where `each` makes items of a list's elements.
  private var lists = RecordWalker()
  private let listCells: UnsafeMutableBufferPointer<Cell>
  /// Items of the current record that are still to come, and its line.
  private var left = 0
  private var line = 0
  private var unread = ByteArena()
  /// With `merge`.
  private var copies: RecordCopies?
  /// With `merge`: the bytes of the record that `cells` point into.
  private var copy = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

  /// One per name, then the text of a record that could not be taken apart.
  let cells: UnsafeMutableBufferPointer<Cell>

  /// - Parameters:
  ///   - names: of the columns; nil: one column with whole records.
  ///   - folder: for temporary data.
  /// - Throws: `OperationFailure`.
  init(_ columns: SourceColumns, _ names: [String]?, folder: String) throws {
    self.columns = columns
    source = try columns.open()
    if let names {
      for (slot, name) in names.enumerated() { walker.addPath([.member(name)], slot: slot) }
    } else {
      walker.addPath([], slot: 0)
    }
    columns.program.addRecordPaths(to: &lists)
    cells = .allocate(capacity: (names?.count ?? 1) + 1)
    listCells = .allocate(capacity: columns.program.recordPaths.count + 1)
    cells.initialize(repeating: .missing)
    listCells.initialize(repeating: .missing)
    if columns.isReordered { copies = try RecordCopies(of: &source, folder: folder) }
  }

  deinit {
    copy.deallocate()
    cells.deallocate()
    listCells.deallocate()
  }

  /// Fills `cells` with the record of the next item.
  ///
  /// - Throws: `OperationFailure` if the input is not the one that the log is about.
  func advance(to entry: ItemLog.Entry) throws {
    if let copies {
      guard let place = copies.place(ofLine: entry.line) else { throw mismatch() }
      makeRoom(for: place.count + RecordWalker.padding)
      let record = UnsafeMutableBufferPointer(rebasing: copy[..<place.count])
      try copies.read(place, into: UnsafeMutableRawBufferPointer(record))
      for index in place.count..<place.count + RecordWalker.padding { copy[index] = 0 }
      return takeApart(UnsafeBufferPointer(record))
    }
    if columns.isSelected {
      // `cells` are those of the record, whichever of its elements it is.
      while line < entry.line { try readRecord() }
    } else {
      while left == 0 { try readRecord() }
      left -= 1
    }
    guard line == entry.line else { throw mismatch() }
  }

  private func makeRoom(for count: Int) {
    guard count > copy.count else { return }
    copy.deallocate()
    copy = .allocate(capacity: max(count, 2 * copy.count))
    copy.initialize(repeating: 0)
  }

  private func readRecord() throws {
    if position == batch.items.count {
      position = 0
      guard try source.fill(batch) else { throw mismatch() }
      isIndexed = walker.index(batch.bytes)
      if columns.program.listSlot != nil { isIndexed = lists.index(batch.bytes) && isIndexed }
    }
    let item = batch.items[position]
    position += 1
    line = item.line
    left = 1
    let bytes = UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])
    guard item.fault == nil else { return keepWhole(bytes) }
    let range = isIndexed ? item.start..<item.end : 0..<bytes.count
    takeApart(bytes, indexedAt: isIndexed ? range : nil)
    if let slot = columns.program.listSlot { left = items(of: bytes, range, slot) }
  }

  private func takeApart(_ bytes: UnsafeBufferPointer<UInt8>, indexedAt range: Range<Int>? = nil) {
    cells.update(repeating: .missing)
    guard range != nil || walker.indexRecord(bytes) == nil, walker.walk(range ?? 0..<bytes.count, into: cells) == nil else {
      return keepWhole(bytes)
    }
  }

  private func items(of record: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ slot: Int) -> Int {
    guard isIndexed || lists.indexRecord(record) == nil, lists.walk(range, into: listCells) == nil else { return 1 }
    return columns.program.itemCount(of: listCells[slot])
  }

  private func keepWhole(_ bytes: UnsafeBufferPointer<UInt8>) {
    cells.update(repeating: .missing)
    guard !bytes.isEmpty else { return }
    unread.reset()
    unread.begin()
    // The file stays UTF-8.
    for byte in String(decoding: bytes, as: UTF8.self).utf8 { unread.append(byte) }
    cells[cells.count - 1] = Cell(kind: .string, text: unread.finish())
  }

  private func mismatch() -> OperationFailure {
    OperationFailure(
      .fault, "the records of \(columns.records.name) do not match the items of '\(columns.program.model.name)': run again")
  }
}

/// The records of an input in a file without a name, found by their lines.
private struct RecordCopies {
  private let file: SpillFile
  /// In ascending order.
  private var lines: [Int] = []
  private var ends: [Int] = []

  /// - Throws: `OperationFailure`.
  init(of source: inout any RecordSource, folder: String) throws {
    file = try SpillFile(folder: folder)
    let batch = RecordBatch()
    while try source.fill(batch) {
      for item in batch.items {
        try file.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])))
        lines.append(item.line)
        ends.append(file.count)
      }
    }
  }

  /// The byte range of the record that begins on this line; nil if none does.
  func place(ofLine line: Int) -> Range<Int>? {
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle] < line { low = middle + 1 } else { high = middle }
    }
    guard low < lines.count, lines[low] == line else { return nil }
    return (low == 0 ? 0 : ends[low - 1])..<ends[low]
  }

  /// - Throws: `OperationFailure`.
  func read(_ place: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws {
    try file.read(buffer, at: place.lowerBound)
  }
}
