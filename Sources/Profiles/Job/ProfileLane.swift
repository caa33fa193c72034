import Core
import Records

/// One worker of a profile: what it has seen of the records.
final class ProfileLane: @unchecked Sendable {
  let batch = RecordBatch()
  let profiler: SideProfiler
  private(set) var notProfiled = 0
  private var walker = RecordWalker()
  /// The numbers of the columns, once a table has been seen.
  private var columns: [Int] = []
  private var names: [String] = []
  private var cells: UnsafeMutableBufferPointer<Cell> = .allocate(capacity: 0)

  init(_ profiler: SideProfiler, customFieldList: String?) {
    self.profiler = profiler
    walker.learnFields(limit: ProfileDocument.mostFields)
    if let customFieldList {
      walker.learnCustomFields(in: customFieldList)
      profiler.expectCustomFields(in: customFieldList)
    }
    // All columns, each in a slot of its own.
    batch.rowRequest = RowRequest { Array($0.indices) }
  }

  deinit { cells.deallocate() }

  /// - Parameter position: of the first item of the batch.
  func process(from position: Int) {
    if let rows = batch.rows { add(rows, from: position) } else { add(from: position) }
  }

  func finish() { profiler.finish(walker) }

  private func add(_ rows: RowShape, from position: Int) {
    // Sources that are read one after another may have different columns.
    if !names.isExactly(rows.names) || cells.count != rows.names.count {
      names = rows.names
      columns = rows.names.map { profiler.declare([.member(Name($0))]) }
      cells.deallocate()
      cells = .allocate(capacity: rows.names.count)
      cells.initialize(repeating: .missing)
    }
    for (index, item) in batch.items.enumerated() {
      guard item.fault == nil else {
        notProfiled += 1
        continue
      }
      RowCells.load(rows, UnsafePointer(batch.base + item.start), into: cells)
      profiler.add(UnsafeBufferPointer(cells), fields: columns, position: position + index)
    }
  }

  private func add(from position: Int) {
    let isIndexed = walker.index(batch.bytes)
    for (index, item) in batch.items.enumerated() {
      var range = item.start..<item.end
      var isWhole = item.fault == nil
      if isWhole, !isIndexed {
        let bytes = UnsafeBufferPointer(start: batch.base + item.start, count: item.end - item.start)
        isWhole = walker.indexRecord(bytes) == nil
        range = 0..<bytes.count
      }
      guard isWhole, walker.walk(range, into: UnsafeMutableBufferPointer(start: nil, count: 0)) == nil else {
        notProfiled += 1
        continue
      }
      profiler.add(&walker, position: position + index)
    }
  }
}
