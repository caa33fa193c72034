import Core
import Profiles
import Records

/// What one worker of a transform has seen of the records, on both sides.
///
/// If the records of a mapping are decided in the order of the input, those that it writes are known only after the batch: then
/// their cells are kept, and counted before the next batch begins.
final class LaneProfile: @unchecked Sendable {
  /// The member with the custom fields of a record.
  static let customFieldList = "customFields"

  let source: SideProfiler
  let target: SideProfiler
  /// Records that could not be read.
  private(set) var notProfiled = 0
  /// The fields of the target's columns.
  private let columns: [Int]

  /// A row of a table, in the slots of the program and behind them.
  private var row: UnsafeMutableBufferPointer<Cell> = .allocate(capacity: 0)
  /// The slots of the table's columns, and their fields.
  private var rowSlots: [Int] = []
  private var rowFields: [Int] = []
  private var cells: UnsafeMutableBufferPointer<Cell> = .allocate(capacity: 0)

  private struct Kept {
    var item: Int
    var start: Int
    var position: Int
  }

  private var kept: [Kept] = []
  private var bytes = ByteArena(capacity: 4096)
  private var lists = CellArena()
  private var results: UnsafeMutableBufferPointer<Cell>

  init(source: SideProfiler, target: SideProfiler, columns paths: [[String]]) {
    self.source = source
    self.target = target
    source.expectCustomFields(in: Self.customFieldList)
    columns = paths.map { path in target.declare(path.map { .member(Name($0)) }) }
    results = .allocate(capacity: max(1, paths.count))
    results.initialize(repeating: .missing)
    bytes.begin()
  }

  deinit {
    row.deallocate()
    cells.deallocate()
    results.deallocate()
  }

  func learn(_ walker: inout RecordWalker) {
    walker.learnFields(limit: ProfileDocument.mostFields)
    walker.learnCustomFields(in: Self.customFieldList)
  }

  /// The columns of all slots: those of the program, then the table's other columns, because a profile has all of them.
  static func columns(_ names: [String], read: [Int]) -> [Int] {
    let used = Set(read)
    return read + names.indices.filter { !used.contains($0) }
  }

  func refused() { notProfiled += 1 }

  // MARK: Source

  /// Counts a row, and puts what the program reads into its slots.
  func take(
    _ rows: RowShape, _ item: UnsafePointer<UInt8>, into slots: UnsafeMutableBufferPointer<Cell>, position: Int
  ) {
    if row.count != rows.columns.count || rowFields.count != rows.names.count { prepare(rows) }
    RowCells.load(rows, item, into: row)
    for index in 0..<min(slots.count, row.count) { slots[index] = row[index] }
    for (index, slot) in rowSlots.enumerated() { cells[index] = row[slot] }
    source.add(UnsafeBufferPointer(cells), fields: rowFields, position: position)
  }

  private func prepare(_ rows: RowShape) {
    row.deallocate()
    row = .allocate(capacity: rows.columns.count)
    row.initialize(repeating: .missing)
    var slots = [Int](repeating: 0, count: rows.names.count)
    for (slot, column) in rows.columns.enumerated() where column >= 0 { slots[column] = slot }
    rowSlots = slots
    rowFields = rows.names.map { source.declare([.member(Name($0))]) }
    cells.deallocate()
    cells = .allocate(capacity: slots.count)
    cells.initialize(repeating: .missing)
  }

  // MARK: Target

  /// A target record's own position: with `each`, several come from one record.
  private static func position(_ record: Int, _ element: Int) -> Int { record << 24 &+ max(0, element) }

  /// Counts a record that is written.
  func write(_ results: UnsafeMutableBufferPointer<Cell>, _ element: Int, of record: Int) {
    target.add(UnsafeBufferPointer(results), fields: columns, position: Self.position(record, element))
  }

  /// Keeps the record of an item until it is known whether it is written.
  func keep(_ results: UnsafeMutableBufferPointer<Cell>, _ element: Int, of record: Int, item: Int) {
    kept.append(Kept(item: item, start: bytes.pendingCount, position: Self.position(record, element)))
    for cell in results { CellBytes.append(cell, into: &bytes) }
  }

  /// Counts what was kept of a batch whose items have been decided.
  func count(_ items: LaneItems) {
    guard !kept.isEmpty else { return }
    let count = columns.count
    for record in kept where items.items[record.item].outcome == .written {
      lists.reset()
      bytes.withPending { text in
        var place = text.start + record.start
        for column in 0..<count {
          let (cell, size) = CellBytes.read(place, &lists)
          results[column] = cell
          place += size
        }
        target.add(UnsafeBufferPointer(rebasing: results[..<count]), fields: columns, position: record.position)
      }
    }
    kept.removeAll(keepingCapacity: true)
    bytes.reset()
    bytes.begin()
  }

  // MARK: End

  func merge(_ other: LaneProfile) {
    source.merge(other.source)
    target.merge(other.target)
    notProfiled += other.notProfiled
  }
}
